-- Adds to the sum of what a key has spent in a period. A sum that is lost begins with what the replica knows of it.
-- KEYS: the sum. ARGV: the amount, what is known without it, for how many seconds the sum is kept. Returns the sum.
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('SET', KEYS[1], ARGV[2])
end
redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('GET', KEYS[1])
