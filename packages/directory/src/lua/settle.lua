-- Ends a reconcile that found or brought Freshservice in step. Clears dirty only if nobody had a reason to look
-- again since the load, registers what the key waits for, and gives the lease back.
--
-- ARGV   1 key   2 fence   3 wakeSeq that was loaded   4 notes as JSON, or ''   5 event for the timeline, or ''
--        6 attributes changed in Freshservice: 1 | 0   7.. what is awaited, in pairs (see await)
-- RETURN {'settled'} | {'again'} | {'lost'}
--
-- Invariant: a commit, a wake or an awaited change that happened after the load leaves the key dirty.
local key, record = ARGV[1], record_of(ARGV[1])
if not holds(key, ARGV[2]) then
  suspect(key)
  return { 'lost' }
end
redis.call('HDEL', record, 'leaseTill', 'failures', 'parks')
redis.call('HSET', P .. 'stats', 'lastSuccessAt', NOW)
redis.call('HINCRBY', P .. 'stats', 'settles', 1)
local deleted = redis.call('EXISTS', P .. 'u:' .. id_of(key)) == 0
local retold = (redis.call('HGET', record, 'notes') or '') ~= ARGV[4]
if ARGV[6] == '1' then redis.call('HINCRBY', P .. 'stats', 'applied', 1) end
if ARGV[5] ~= '' then tell(key, ARGV[5]) end

if ARGV[4] == '' then
  redis.call('HDEL', record, 'notes')
  redis.call('SREM', P .. 'noted', key)
else
  redis.call('HSET', record, 'notes', ARGV[4])
  redis.call('SADD', P .. 'noted', key)
end

local appeared = await(key, 7)

-- A settle that changed nothing wakes nobody: two keys that wait for each other would wake each other for ever. Who
-- has left may never have had an account, and is not in anybody's way any more; what is said of a key may be what
-- others wait for.
if ARGV[6] == '1' or deleted or retold or redis.call('HGET', record, 'active') == '0' then announce(key) end

if appeared or redis.call('HGET', record, 'wakeSeq') ~= ARGV[3] then
  leave_lanes(key)
  queue_up(key, redis.call('HGET', record, 'urgency'))
  return { 'again' }
end
leave_state(key, 'dirty')
leave_unsettled(key)
redis.call('HSET', record, 'state', 'clean')
-- Only here: a stray or a suspicion that came up after the load has moved wakeSeq and must be looked at.
redis.call('HDEL', record, 'urgency', 'approved', 'strays', 'suspect')
if deleted then redis.call('ZADD', P .. 'tombstones', NOW, key) end
return { 'settled' }
