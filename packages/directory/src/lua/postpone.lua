-- Ends a reconcile that could not finish: deferred until a time, parked, or held by the brake. Refuses, and
-- leaves the key dirty, if there was a reason to look again since the load: an urgent change cuts every back-off.
--
-- ARGV   1 key   2 fence   3 wakeSeq that was loaded   4 state: deferred | parked | held | dirty (again at once) | fed (its job stays)
--        5 ms from now   6 why, a code without personal data   7 counts as a failure: 1 | 0
--        8 event for the timeline, or ''   9 takes access away: 1 | 0
--        10.. what is awaited, in pairs (see await)
-- RETURN {'ok', failures} | {'again', failures} | {'lost'}
local key, record = ARGV[1], record_of(ARGV[1])
if not holds(key, ARGV[2]) then
  suspect(key)
  return { 'lost' }
end
redis.call('HDEL', record, 'leaseTill')
local failures = tonumber(redis.call('HGET', record, 'failures') or '0')
if ARGV[7] == '1' then failures = redis.call('HINCRBY', record, 'failures', 1) end
if ARGV[8] ~= '' then tell(key, ARGV[8]) end

if ARGV[4] == 'fed' then return { 'ok', failures } end

local appeared = await(key, 10)

local seq, urgency = unpack(redis.call('HMGET', record, 'wakeSeq', 'urgency'))
if ARGV[4] == 'dirty' or appeared or seq ~= ARGV[3] then
  leave_lanes(key)
  queue_up(key, urgency)
  return { 'again', failures }
end
leave_state(key, 'dirty')
if ARGV[4] ~= 'deferred' then leave_unsettled(key) end
local score = ARGV[4] == 'held' and now or now + tonumber(ARGV[5])
redis.call('ZADD', P .. ARGV[4], ms(score), key)
redis.call('HSET', record, 'state', ARGV[4], 'why', ARGV[6], 'due', ms(score))
if ARGV[4] == 'parked' then redis.call('HINCRBY', record, 'parks', 1) end
if ARGV[4] == 'parked' and ARGV[9] == '1' then redis.call('SADD', P .. 'parkedLeavers', key) end
return { 'ok', failures }
