-- Takes what was used from the bucket of a limit per minute, and leases more of it. The bucket is one number: the time at which it
-- is full again, in microseconds of the server's clock (the generic cell rate algorithm).
-- KEYS: the bucket. ARGV: per minute, what was used (negative: given back), how much is wanted, among how many the rest is divided.
-- Returns the amount leased, and what is left in thousandths, negative if the bucket is overdrawn.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each = 60000000 / tonumber(ARGV[1])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
full = math.max(full + tonumber(ARGV[2]) * each, now)
local left = (now + 60000000 - full) / each
local grant = 0
if left >= 1 then
  grant = math.min(tonumber(ARGV[3]), math.max(1, math.floor(left / tonumber(ARGV[4]))))
end
full = full + grant * each
if full > now then
  redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
else
  redis.call('DEL', KEYS[1])
end
return {grant, math.floor((left - grant) * 1000)}
