-- Takes one message's room from the token's pace and the chat's, both or none (GCRA over Redis' own clock).
-- KEYS: the token's, the chat's. ARGV: interval in microseconds of the token, of the chat.
-- Returns how many microseconds the token and the chat have to wait; 0 and 0 when the message may go now.
--
-- The token's key never expires: where it is absent, Redis was wiped, and what was sent in the last second is unknown.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local token = tonumber(redis.call('GET', KEYS[1]) or 0)
if token == 0 then
  token = now + 1000000
  redis.call('SET', KEYS[1], string.format('%.0f', token))
end
local chat = tonumber(redis.call('GET', KEYS[2]) or 0)
if token > now or chat > now then
  return {math.ceil(math.max(token - now, 0)), math.ceil(math.max(chat - now, 0))}
end
redis.call('SET', KEYS[1], string.format('%.0f', now + ARGV[1]))
redis.call('SET', KEYS[2], string.format('%.0f', now + ARGV[2]), 'PX', math.ceil(ARGV[2] / 1000) + 1000)
return {0, 0}
