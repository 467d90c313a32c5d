-- Reads of patients at random: the ids are the lines of the file BENCH_IDS, the token is BENCH_TOKEN.
local ids = {}
for id in io.lines(os.getenv("BENCH_IDS")) do ids[#ids + 1] = id end
local headers = { Authorization = "Bearer " .. os.getenv("BENCH_TOKEN"), Accept = "application/fhir+json" }
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("seed", 20220821 + threads)
end

function init()
  math.randomseed(seed)
end

function request()
  return wrk.format("GET", "/fhir/Patient/" .. ids[math.random(#ids)], headers)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %d %d %d %d", summary.requests, summary.duration, latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
