-- Intent before effect: the last check and the last write before a call that changes Freshservice.
--
-- ARGV   1 key   2 fence   3 lease in ms   4 generation that was planned from
--        5 remote id that the step touches, or ''   6 intent as JSON without times   7 ms until the call's deadline
-- RETURN {'ok', now} | {'lost'} | {'moved'} | {'owned', owner}
--
-- Invariant: no call that changes Freshservice is sent without an intent on its key, written by the holder of
-- the lease, for the newest generation, on an account that nobody else owns.
local key, record = ARGV[1], record_of(ARGV[1])
if not holds(key, ARGV[2]) then return { 'lost' } end
if redis.call('HGET', record, 'generation') ~= ARGV[4] then return { 'moved' } end
if ARGV[5] ~= '' then
  local owner = redis.call('HGET', OWNERS, ARGV[5])
  if owner and owner ~= owner_name(key) then return { 'owned', owner } end
  if not owner then redis.call('HSET', OWNERS, ARGV[5], owner_name(key)) end
end
redis.call('HSET', record, 'intent', string.format('{"startedAt":%s,"deadlineAt":%s,%s', NOW,
  ms(now + tonumber(ARGV[7])), string.sub(ARGV[6], 2)), 'leaseTill', ms(now + tonumber(ARGV[3])))
return { 'ok', NOW }
