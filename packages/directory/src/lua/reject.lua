-- A person keeps accounts that the brake holds, until Entra changes those people again.
--
-- ARGV   1 event   2.. keys
-- RETURN how many held keys became clean
--
-- Invariant: what is rejected is one generation: no wake but an approval makes the key dirty before Entra changes it.
local rejected = 0
for index = 2, #ARGV do
  local key = ARGV[index]
  local record = record_of(key)
  if redis.call('HGET', record, 'state') == 'held' then
    leave_state(key, 'held')
    redis.call('HSET', record, 'state', 'clean', 'rejected', redis.call('HGET', record, 'generation'))
    redis.call('HDEL', record, 'urgency', 'why', 'due')
    tell(key, ARGV[1])
    -- Of a deleted person nothing will change any more: its retention begins.
    if redis.call('EXISTS', P .. 'u:' .. id_of(key)) == 0 then redis.call('ZADD', P .. 'tombstones', NOW, key) end
    rejected = rejected + 1
  end
end
return rejected
