-- Marks an update as handled, and gives the turn on if it is still its own.
-- KEYS: the turn, the update's mark. ARGV: token, how long the mark stays in milliseconds.
redis.call('SET', KEYS[2], '', 'PX', ARGV[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
