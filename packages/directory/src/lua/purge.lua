-- Forgets tombstones that were settled long ago: their record, snapshot, timeline and ownership. Bounded.
--
-- ARGV   1 ms that a settled tombstone is kept   2 slice
-- RETURN how many were forgotten
local keys = redis.call('ZRANGEBYSCORE', P .. 'tombstones', '-inf', ms(now - tonumber(ARGV[1])), 'LIMIT', 0, ARGV[2])
local purged = 0
for _, key in ipairs(keys) do
  redis.call('ZREM', P .. 'tombstones', key)
  if redis.call('HGET', record_of(key), 'state') == 'clean' then
    local id = id_of(key)
    local remote_id = string.match(redis.call('GET', P .. 'o:' .. id) or '', '"remoteId":(%d+)')
    if remote_id and redis.call('HGET', OWNERS, remote_id) == owner_name(key) then
      redis.call('HDEL', OWNERS, remote_id)
    end
    local external_id = string.match(redis.call('GET', P .. 't:' .. id) or '', '"externalIdIndex":"([^"]+)"')
    if external_id and redis.call('HGET', P .. 'xt', external_id) == id then redis.call('HDEL', P .. 'xt', external_id) end
    for _, name in ipairs({ 'o:', 't:' }) do redis.call('DEL', P .. name .. id) end
    redis.call('DEL', P .. 'tl:' .. key, P .. 'aw:' .. key, record_of(key))
    redis.call('SREM', P .. 'noted', key)
    purged = purged + 1
  end
end
return purged
