-- Forgets tombstones that were settled long ago: their record, snapshot, timeline and ownership. Bounded.
--
-- ARGV   1 ms that a settled tombstone is kept   2 slice
-- RETURN how many were forgotten
-- Of the deleted users with an externalId the newest few are listed, joined by commas.
local function leave_deleted(external_id, id)
  local kept = {}
  for other in string.gmatch(redis.call('HGET', P .. 'xt', external_id) or '', '[^,]+') do
    if other ~= id then kept[#kept + 1] = other end
  end
  if #kept == 0 then redis.call('HDEL', P .. 'xt', external_id)
  else redis.call('HSET', P .. 'xt', external_id, table.concat(kept, ',')) end
end

local keys = redis.call('ZRANGEBYSCORE', P .. 'tombstones', '-inf', ms(now - tonumber(ARGV[1])), 'LIMIT', 0, ARGV[2])
local purged = 0
for _, key in ipairs(keys) do
  redis.call('ZREM', P .. 'tombstones', key)
  if redis.call('HGET', record_of(key), 'state') == 'clean' then
    local id = id_of(key)
    local remote_id = bound_account(key)
    if remote_id then disown(key, remote_id) end
    for word in string.gmatch(redis.call('HGET', record_of(key), 'words') or '', '[^\n]+') do
      redis.call('ZREM', P .. 'words', word .. '\0' .. id)
    end
    local external_id = redis.call('HGET', record_of(key), 'xt')
    if external_id then leave_deleted(external_id, id) end
    for _, name in ipairs({ 'o:', 't:' }) do redis.call('DEL', P .. name .. id) end
    redis.call('DEL', P .. 'tl:' .. key, P .. 'aw:' .. key, record_of(key))
    redis.call('SREM', P .. 'noted', key)
    purged = purged + 1
  end
end
return purged
