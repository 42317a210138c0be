-- Begins the second of waiting that a wiped Redis asks for. KEYS: the token's.
local time = redis.call('TIME')
redis.call('SET', KEYS[1], string.format('%.0f', time[1] * 1000000 + time[2] + 1000000), 'NX')
