-- Hands keys to BullMQ: those handed over too long ago (their job was lost), then those that wait in the store, oldest
-- first. Also turns deferred and parked keys whose time has come dirty, and
-- wakes a slice of those who waited for a settled key. Every step is bounded.
--
-- ARGV   1 lane: u | n   2 keys to hand over at most   3 ms after which a key is handed over again
--        4 slice: the most keys that one call makes dirty, per reason
-- RETURN keys
--
-- Invariant: a dirty key is, in its lane, in `ready` or in `fed`, so that no lost job can lose it.
local lane, max, refeed_ms, slice = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local ready, fed = P .. 'ready:' .. lane, P .. 'fed:' .. lane

for _, state in ipairs({ 'deferred', 'parked' }) do
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. state, '-inf', NOW, 'LIMIT', 0, slice)) do
    wake(key, redis.call('HGET', record_of(key), 'urgency') or 'normal', false)
  end
end
for _, awaited in ipairs(redis.call('SRANDMEMBER', P .. 'awaited', 1)) do
  if not wake_waiters(awaited, slice) then redis.call('SREM', P .. 'awaited', awaited) end
end

local keys = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', fed, '-inf', ms(now - refeed_ms), 'LIMIT', 0, max)) do
  redis.call('ZADD', fed, NOW, key)
  keys[#keys + 1] = key
end
if #keys < max then
  local popped = redis.call('ZPOPMIN', ready, max - #keys)
  for index = 1, #popped, 2 do
    redis.call('ZADD', fed, NOW, popped[index])
    keys[#keys + 1] = popped[index]
  end
end
return keys
