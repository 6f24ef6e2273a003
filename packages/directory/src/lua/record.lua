-- Records what an answer of Freshservice showed: the snapshot, the owner of the account, the end of the intent.
--
-- ARGV   1 key   2 fence   3 lease in ms   4 observed as JSON, or '' to leave it
--        5 remote id to claim, or ''   6 key to take the account over from, or ''
--        7 the intent: keep | clear | answered (stays, but nothing is in flight any more)
--        8 event for the timeline, or ''   9 remote id that a lost create may have made, or ''
-- RETURN {'ok'} | {'lost'} | {'owned', owner}
--
-- Invariant: an observed snapshot with a remote id belongs to the owner of that remote id. A holder that lost
-- its lease changes nothing but the suspicion, and names the account that it made, so that it is not forgotten.
local key, record = ARGV[1], record_of(ARGV[1])
if not holds(key, ARGV[2]) then
  if ARGV[9] ~= '' then
    local strays = redis.call('HGET', record, 'strays')
    redis.call('HSET', record, 'strays', strays and (strays .. ',' .. ARGV[9]) or ARGV[9])
  end
  suspect(key)
  return { 'lost' }
end
if ARGV[5] ~= '' then
  local owner = claim(key, ARGV[5], ARGV[6])
  if owner then return { 'owned', owner } end
end
if ARGV[4] ~= '' then
  redis.call('SET', P .. 'o:' .. id_of(key), ARGV[4])
  redis.call('HDEL', record, 'suspect')
end
if ARGV[7] == 'clear' then
  redis.call('HDEL', record, 'intent')
elseif ARGV[7] == 'answered' then
  local intent = redis.call('HGET', record, 'intent')
  if intent then
    redis.call('HSET', record, 'intent', (string.gsub(intent, '"deadlineAt":%d+', '"deadlineAt":' .. ms(now), 1)))
  end
end
if ARGV[8] ~= '' then tell(key, ARGV[8]) end
redis.call('HSET', record, 'leaseTill', ms(now + tonumber(ARGV[3])))
return { 'ok' }
