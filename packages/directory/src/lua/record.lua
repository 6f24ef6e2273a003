-- Records what an answer of Freshservice showed: the snapshot, the owner of the account, the end of the intent.
--
-- ARGV   1 key   2 fence   3 lease in ms   4 observed as JSON, or '' to leave it
--        5 remote id to claim, or ''   6 key to take the account over from, or ''
--        7 the intent: keep | clear | answered (stays, but nothing is in flight any more)
--        8 event for the timeline, or ''   9 what a create made: the remote id, or, when no answer told it, the
--        address that was sent; or ''      10 remote id of an account that a call may have changed, or ''
--        11 the account shows something else than the snapshot before: 1 | 0
-- RETURN {'ok'} | {'taken'} done, and the account was another key's until now | {'lost'} | {'owned', owner}
--
-- Invariants: an observed snapshot with a remote id belongs to the owner of that remote id. A holder that lost
-- its lease changes nothing but the suspicion, and names the account that it made, so that it is not forgotten.
-- An intent on an account that another key has taken over meanwhile does not end before that key looks again.
local key, record = ARGV[1], record_of(ARGV[1])
if not holds(key, ARGV[2]) then
  if ARGV[9] ~= '' then
    local strays = redis.call('HGET', record, 'strays')
    redis.call('HSET', record, 'strays', strays and (strays .. '\n' .. ARGV[9]) or ARGV[9])
  end
  if ARGV[10] ~= '' then suspect_owner(key, ARGV[10]) end
  suspect(key)
  return { 'lost' }
end
local in_the_way, taken
if ARGV[5] ~= '' then in_the_way, taken = claim(key, ARGV[5], ARGV[6]) end
if in_the_way then return { 'owned', in_the_way } end
local before, touched = bound_account(key), nil
if ARGV[4] ~= '' then
  redis.call('SET', P .. 'o:' .. id_of(key), ARGV[4])
  -- A suspicion that came up under this very lease is about what came after the look.
  if redis.call('HGET', record, 'suspect') ~= ARGV[2] then redis.call('HDEL', record, 'suspect') end
end
-- What the owner until now did to the account may be newer than this look.
if taken then redis.call('HSET', record, 'suspect', ARGV[2]) end
local intent = redis.call('HGET', record, 'intent')
if ARGV[7] == 'clear' then
  touched = intent and string.match(intent, '"remoteId":(%d+)')
  if touched then suspect_owner(key, touched) end
  redis.call('HDEL', record, 'intent')
elseif ARGV[7] == 'answered' and intent then
  redis.call('HSET', record, 'intent', (string.gsub(intent, '"deadlineAt":%d+', '"deadlineAt":' .. NOW, 1)))
end
-- An account that the key neither shows nor is about to change is nobody's: another person may come to it.
local bound = bound_account(key)
if before and before ~= bound then disown(key, before) end
if touched and touched ~= bound then disown(key, touched) end
-- Not left to the settle: whoever dies in between leaves nothing that a later settle could tell the change by.
if ARGV[11] == '1' then announce(key) end
if ARGV[8] ~= '' then tell(key, ARGV[8]) end
redis.call('HSET', record, 'leaseTill', ms(now + tonumber(ARGV[3])))
return { taken and 'taken' or 'ok' }
