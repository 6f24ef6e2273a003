-- Takes the lease of a dirty key and loads, in the same instant, everything that a reconcile looks at.
--
-- ARGV   1 key   2 lease in ms
-- RETURN {'idle'}                 the key is not dirty: another wake has done the work
--        {'busy', ms left}        another holder
--        {'leased', fence, now, wakeSeq, generation, urgency, failures, intent, strays, suspect, active,
--         resource, observed, tombstone, owned, refused, parks, ms, unsaid,
--         learned}  empty strings for what is absent
--        owned: 0 when the account of the snapshot belongs to another key by now, else 1
--        refused: attributes that this Freshservice account does not know, joined by commas
--        ms: how long a create has to wait for the first import at most; 0 when there is none, or it has ended
--        unsaid: attributes that the import has shown and Entra has sent for nobody, one a line
--        learned: attributes that Entra has sent for anybody, one a line
--
-- Invariant: fence numbers of a key only grow, and at most one of them is unexpired.
local FIRST_IMPORT_MS = 15 * 60 * 1000
local key, lease_ms = ARGV[1], tonumber(ARGV[2])
local record = record_of(key)
local f = redis.call('HMGET', record, 'state', 'leaseTill', 'wakeSeq', 'generation', 'urgency', 'failures', 'intent',
  'strays', 'suspect', 'active')
if f[1] ~= 'dirty' then return { 'idle' } end
if f[2] and tonumber(f[2]) > now then return { 'busy', ms(tonumber(f[2]) - now) } end

local fence = redis.call('HINCRBY', record, 'fence', 1)
redis.call('HSET', record, 'leaseTill', ms(now + lease_ms))
local id = id_of(key)
local loaded = { 'leased', fence, NOW }
for index = 3, 10 do loaded[#loaded + 1] = f[index] or '' end
for _, name in ipairs({ 'u:', 'o:', 't:' }) do loaded[#loaded + 1] = redis.call('GET', P .. name .. id) or '' end
local remote_id = string.match(loaded[13], '"remoteId":(%d+)')
local owner = remote_id and redis.call('HGET', OWNERS, remote_id)
loaded[15] = (owner and owner ~= owner_name(key)) and '0' or '1'
loaded[16] = table.concat(redis.call('SMEMBERS', A .. 'refused'), ',')
loaded[17] = redis.call('HGET', record, 'parks') or '0'
local import = redis.call('HMGET', P .. 'import', 'state', 'startedAt', 'completedAt')
local waits = import[1] == 'running' and not import[3]
loaded[18] = ms(waits and math.max(0, tonumber(import[2]) + FIRST_IMPORT_MS - now) or 0)
local unsaid = {}
for name in string.gmatch(redis.call('HGET', record, 'unsaid') or '', '[^\n]+') do
  if redis.call('HEXISTS', P .. 'mapping', name) == 0 then unsaid[#unsaid + 1] = name end
end
loaded[19] = table.concat(unsaid, '\n')
loaded[20] = table.concat(redis.call('HKEYS', P .. 'mapping'), '\n')
return loaded
