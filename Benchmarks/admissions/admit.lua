-- wrk: a clerk's form for a new identity and its stay, each with a key of its own, as a signed-in browser sends it.
local session, csrf, unit = os.getenv("BENCH_SESSION"), os.getenv("BENCH_CSRF"), os.getenv("BENCH_UNIT")
local threads, count = 0, 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init()
  math.randomseed(os.time() * 16 + number)
  prefix = string.format("%08x-%04x-4%03x-a%03x-%04x", math.random(0, 0x7fffffff), math.random(0, 0xffff),
    math.random(0, 0xfff), number, math.random(0, 0xffff))
  headers = {["Cookie"] = "session=" .. session, ["Content-Type"] = "application/x-www-form-urlencoded"}
end

local function letters(n)
  local out = ""
  for _ = 1, n do out = out .. string.char(65 + math.random(0, 25)) end
  return out
end

function request()
  count = count + 1
  local body = string.format(
    "csrf=%s&command=%s%08x&birthName=%s&birthGivenName=%s&birthDate=%02d%02d%04d&sex=%s&birthPlace=91228" ..
    "&stayClass=emergency&unit=%s&entryMode=8&attending=Dr+Essai&reason=mesure",
    csrf, prefix, count, letters(9), letters(6), math.random(1, 28), math.random(1, 12), math.random(1930, 2015),
    count % 2 == 0 and "F" or "M", unit)
  return wrk.format("POST", "/admissions/new", headers, body)
end

local wrong = 0
function response(status)
  if status ~= 303 then wrong = wrong + 1; unexpected = wrong; last = status end
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
