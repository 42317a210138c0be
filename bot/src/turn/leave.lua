-- Gives the turn back, if it is still its own; the update keeps its place for a while, because Telegram brings it again.
-- KEYS: the turn, those that wait. ARGV: update id, token, place in milliseconds.
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return end
redis.call('DEL', KEYS[1])
local time = redis.call('TIME')
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
