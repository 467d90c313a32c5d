-- Reads of patients in turn: BENCH_IDS, parted by blanks, with the token BENCH_TOKEN.
local ids = {}
for id in os.getenv("BENCH_IDS"):gmatch("%S+") do ids[#ids + 1] = id end
local headers = { Authorization = "Bearer " .. os.getenv("BENCH_TOKEN"), Accept = "application/fhir+json" }
local place = 0

function init()
  math.randomseed(os.time())
  place = math.random(#ids)
end

function request()
  place = place % #ids + 1
  return wrk.format("GET", "/fhir/Patient/" .. ids[place], headers)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %d %d %d %d", summary.requests, summary.duration, latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
