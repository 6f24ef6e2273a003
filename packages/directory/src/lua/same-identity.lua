-- The other keys, live or deleted, of the person with an externalId, all as of one instant: what one of them does next
-- is told either here or by its count of changes. Not managed by Entra, as an import has shown them, are left out.
--
-- ARGV   1 externalId as the indexes name it   2 the most live ones, and deleted ones, to tell of   3 key to leave out
-- RETURN per key: key, live: 1 | 0, active: 1 | 0, created (ms) or '', remote id or '', intent open: 1 | 0, changes
local most = tonumber(ARGV[2])
local ids = carriers_of('xi', ARGV[1], most)
local deleted = 0
for id in string.gmatch(redis.call('HGET', P .. 'xt', ARGV[1]) or '', '[^,]+') do
  if deleted < most then ids[#ids + 1] = id end
  deleted = deleted + 1
end
local told, seen = {}, { [ARGV[3]] = true }
for _, id in ipairs(ids) do
  local key = 'User-' .. id
  if not seen[key] and not is_unmanaged(key) then
    seen[key] = true
    local head = redis.call('GETRANGE', P .. 'u:' .. id, 0, 40)
    local live = head ~= ''
    local active, intent, changes = unpack(redis.call('HMGET', record_of(key), 'active', 'intent', 'changes'))
    for _, fact in ipairs({
      key, live and '1' or '0', live and active or '0', string.sub(head, 14, 26), bound_account(key) or '',
      intent and '1' or '0', changes or '0',
    }) do told[#told + 1] = fact end
  end
end
return told
