-- Asks for a person's turn for one update.
-- KEYS: the turn, those that wait, the update's mark. ARGV: update id, token, lease and place in milliseconds.
-- Returns 'seen' when the update was handled, 'mine' with the turn, or 'wait'.
--
-- Whoever waits has a place that lasts until he asks again; the lowest update of those goes first.
if redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 'seen'
end
local holder = redis.call('GET', KEYS[1])
-- The answer to an earlier question was lost on its way.
if holder == ARGV[2] then return 'mine' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if holder then return 'wait' end
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if tonumber(id) < tonumber(ARGV[1]) then return 'wait' end
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3])
return 'mine'
