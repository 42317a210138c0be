-- Notes that Telegram throttled a chat: it pauses, and the token with it once several chats are throttled.
-- KEYS: the token's, the chat's, the throttled chats'. ARGV: pause in microseconds, the chat, how many are several.
-- Returns 1 when the token pauses.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local free = string.format('%.0f', now + ARGV[1])
redis.call('SET', KEYS[2], free, 'PX', math.ceil(ARGV[1] / 1000) + 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - 10000000)
redis.call('ZADD', KEYS[3], now, ARGV[2])
redis.call('PEXPIRE', KEYS[3], 10000)
if redis.call('ZCARD', KEYS[3]) < tonumber(ARGV[3]) then return 0 end
if tonumber(redis.call('GET', KEYS[1]) or 0) < now + ARGV[1] then redis.call('SET', KEYS[1], free) end
return 1
