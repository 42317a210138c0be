-- The requests of one case, for wrk: wrk -s requests.lua URL -- CASE FACTS RUN THREADS
-- FACTS is a Lua file with `key`, the bot's key, and `people`, each with `telegram_id`, `token` and `habits` (ids).
-- RUN is a number of this run, so that new people are new in each. THREADS is what wrk was told of them.

local threads, thread_count = 0, 1

function setup(thread)
  thread:set("thread_index", threads)
  threads = threads + 1
end

local function login(key, telegram_id, n)
  local headers = { ["X-BOT-API-KEY"] = key, ["Content-Type"] = "application/json" }
  local body = string.format('{"telegram_id":%d,"username":"user%d","first_name":"Person %d","language_code":"en"}', telegram_id, n, n)
  return wrk.format("POST", "/api/v1/auth/token", headers, body)
end

local function get(path, person)
  return wrk.format("GET", path, { ["Authorization"] = "Bearer " .. person.token })
end

local function set_day(habit, person, status)
  local headers = { ["Authorization"] = "Bearer " .. person.token, ["Content-Type"] = "application/json" }
  return wrk.format("POST", "/api/v1/habits/" .. habit .. "/executions/", headers, '{"status":"' .. status .. '"}')
end

-- Goes round through a list, from a place of each thread's own.
local function round(list)
  local at = math.floor(#list * thread_index / thread_count)
  return function()
    at = at % #list + 1
    return list[at]
  end
end

local function people_with(facts, habits)
  local found = {}
  for _, person in ipairs(facts.people) do
    if #person.habits == habits then found[#found + 1] = person end
  end
  return found
end

local function all_get(path, people)
  local list = {}
  for i, person in ipairs(people) do list[i] = get(path, person) end
  return round(list)
end

-- Each thread has habits of its own: done on one round, pending on the next.
local function toggles(people)
  local done, pending = {}, {}
  for _, person in ipairs(people) do
    for i, habit in ipairs(person.habits) do
      if i % thread_count == thread_index % thread_count then
        done[#done + 1] = set_day(habit, person, "done")
        pending[#pending + 1] = set_day(habit, person, "pending")
      end
    end
  end
  local at, now = 0, done
  return function()
    at = at + 1
    if at > #done then
      at = 1
      now = now == done and pending or done
    end
    return now[at]
  end
end

local cases = {}

function cases.token_new(facts, run)
  local next_id = 1e12 + run * 1e9 + thread_index * 1e8
  return function()
    next_id = next_id + 1
    return login(facts.key, next_id, 1)
  end
end

function cases.token_known(facts)
  local list = {}
  for i, person in ipairs(facts.people) do list[i] = login(facts.key, person.telegram_id, i) end
  return round(list)
end

function cases.list_5(facts) return all_get("/api/v1/habits/", people_with(facts, 5)) end
function cases.list_50(facts) return all_get("/api/v1/habits/", people_with(facts, 50)) end
function cases.today(facts) return all_get("/api/v1/today", people_with(facts, 5)) end
function cases.toggle(facts) return toggles(facts.people) end

function cases.mix(facts)
  local list, toggle, n = cases.list_5(facts), cases.toggle(facts), 0
  return function()
    n = n + 1
    return n % 5 == 0 and toggle() or list()
  end
end

local next_request

function init(args)
  thread_count = tonumber(args[4])
  next_request = cases[args[1]](dofile(args[2]), tonumber(args[3]))
end

function request() return next_request() end

function done(summary, latency)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format('{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"wrong":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), wrong))
end
