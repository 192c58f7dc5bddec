-- The circuits that are remembered, the longest cooldowns first: for each the milliseconds until its end, and the news.
-- KEYS: the ends by circuit, the news by circuit. ARGV: how many at most.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', now + 1, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
local answer = {}
for i = 1, #found, 2 do
  local news = redis.call('HGET', KEYS[2], found[i])
  if news then
    answer[#answer + 1] = string.format('%.0f', found[i + 1] - now)
    answer[#answer + 1] = news
  end
end
return answer
