-- The one script behind every change of a resource: compare-and-set of the version, uniqueness, the resource, its
-- indexes, a new generation, urgency and the dirty key, all or nothing.
--
-- mode entra   what Entra writes. The first write to an unmanaged resource makes it managed.
-- mode claim   a POST that found an unmanaged resource: an update, if nobody else has claimed it meanwhile.
-- mode import  what a listing shows of an account that Entra has not written to: no wake, no urgency. A resource
--              that the listing lost leaves without a tombstone, since nothing is to be done about it.
--
-- ARGV   1 op: create | update | delete      2 id               3 key
--        4 generation that was read          5 resource as JSON
--        6, 7 userName in lower case, new and old               8, 9 externalId, new and old
--        10, 11 work e-mail in lower case where it differs from userName, new and old
--        12, 13 words for search by name, one a line, new and old
--        14 urgency   15 active: 1 | 0       16 event for the timeline   17 tombstone as JSON
--        18, 19 other e-mail addresses in lower case, one a line, new and old   20 externalId of the deleted, or ''
--        21 mode   22 attributes that Entra sent, of which this process has not told yet under the epoch of 29, one a line
--        23 attributes that Entra has changed, one a line   24 those of an import that it has left as they were
--        25 releases the brake: 1 | 0
--        import only: 26 observed as JSON   27 remote id   28 number of the listing
--        29 epoch of the learned mapping in which this process has told the names that are not in 22
--        An empty string stands for "none".
-- RETURN {'ok', generation, createdAt, modifiedAt, urgency, memberships of a deleted one left to undo: 1 | 0, epoch}
--        {'uniqueness'} | {'moved'} | {'gone'}
--        {'unmanaged', id}   a create is about the account of this resource: claim it instead
--        {'shown', id}       no create, and an unmanaged resource has the userName
--        {'known'}           import: a person whom Entra manages has the address or externalId, or the account
--
-- Invariants: `un` maps a userName to exactly one live resource; a resource is in `ord` if and only if it is live; an
-- account has at most one resource, managed or not.
-- A person in more groups than this leaves the rest of them by `end-memberships.lua`.
local MEMBERSHIPS_SLICE = 500
-- More than so many unmanaged resources of one value are not looked through for one that is managed.
local CARRIERS_MAX = 100
local op, id, key = ARGV[1], ARGV[2], ARGV[3]
local resource = P .. 'u:' .. id
local mode, is_import = ARGV[21], ARGV[21] == 'import'

stamp_layout()

local created, generation = NOW, 1
if op ~= 'create' then
  local head = redis.call('GETRANGE', resource, 0, 40)
  if head == '' then return { 'gone' } end
  generation = tonumber(string.sub(head, 1, 12)) + 1
  if string.sub(head, 1, 12) ~= ARGV[4] then return { 'moved' } end
  created = string.sub(head, 14, 26)
elseif redis.call('EXISTS', resource) == 1 then
  return { 'moved' }
end

local new_name, old_name = ARGV[6], ARGV[7]
if new_name ~= '' and new_name ~= old_name then
  local holder = redis.call('HGET', P .. 'un', new_name)
  if holder and holder ~= id then
    if is_import then return { 'known' } end
    if not is_unmanaged('User-' .. holder) then return { 'uniqueness' } end
    if mode == 'claim' then return { 'moved' } end -- shown meanwhile: the create is tried again, and finds it
    return { op == 'create' and 'unmanaged' or 'shown', holder }
  end
end
-- The first write of Entra to an account that an import may have shown: by userName, externalId and work e-mail it may
-- be about several. Then it is claimed apart from its account, and the reconcile says which one it is, if any.
local apart = false
if not is_import and op ~= 'delete' and (op == 'create' or is_unmanaged(key)) and redis.call('EXISTS', P .. 'unmanaged') == 1 then
  local hits, met = {}, {}
  local function meet(other)
    if other and not met[other] then
      met[other] = true
      hits[#hits + 1] = other
    end
  end
  local named = redis.call('HGET', P .. 'un', ARGV[10])
  if op ~= 'create' then meet(id) end
  if named and is_unmanaged('User-' .. named) then meet(named) end
  -- Several resources with one externalId prove nothing.
  local carriers = ARGV[8] ~= '' and carriers_of('xi', ARGV[8], 2) or {}
  if #carriers == 1 then meet(carriers[1]) end
  if op == 'create' and #hits == 1 and is_unmanaged('User-' .. hits[1]) then return { 'unmanaged', hits[1] } end
  apart = #hits > 1
end
if mode ~= 'entra' and op ~= 'create' and not is_unmanaged(key) then return { 'moved' } end
-- A page that comes late, of an older listing, after a cancel or the removal of the connection, shows nobody.
if is_import and op ~= 'delete' then
  local import = redis.call('HMGET', P .. 'import', 'state', 'listing')
  if import[1] ~= 'running' or import[2] ~= ARGV[28] then return { 'moved' } end
end
if is_import and op == 'create' then
  if redis.call('HEXISTS', OWNERS, ARGV[27]) == 1 then return { 'known' } end
  for _, index in ipairs({ 'em', 'xi' }) do
    for _, other in ipairs(carriers_of(index, index == 'em' and new_name or ARGV[8], CARRIERS_MAX)) do
      if not is_unmanaged('User-' .. other) then return { 'known' } end
    end
  end
end

local function move_in_index(index, old, new)
  if old == new then return end
  for value in string.gmatch(old, '[^\n]+') do leave_index(index, value, id, created) end
  for value in string.gmatch(new, '[^\n]+') do join_index(index, value, id, created) end
end

if old_name ~= new_name then
  if old_name ~= '' then redis.call('HDEL', P .. 'un', old_name) end
  if new_name ~= '' then redis.call('HSET', P .. 'un', new_name, id) end
end
move_in_index('xi', ARGV[9], ARGV[8])
move_in_index('em', ARGV[11], ARGV[10])
move_in_index('ea', ARGV[19], ARGV[18])
if op == 'delete' and not is_import then
  -- A deleted person can still be looked for, until the tombstone is forgotten.
  redis.call('HSET', record_of(key), 'words', ARGV[13])
elseif ARGV[12] ~= ARGV[13] then
  for word in string.gmatch(ARGV[13], '[^\n]+') do redis.call('ZREM', P .. 'words', word .. '\0' .. id) end
  local entries = {}
  for word in string.gmatch(ARGV[12], '[^\n]+') do
    entries[#entries + 1] = 0
    entries[#entries + 1] = word .. '\0' .. id
  end
  if #entries > 0 then redis.call('ZADD', P .. 'words', unpack(entries)) end
end

local is_left = false
if op == 'delete' then
  redis.call('DEL', resource)
  redis.call('ZREM', P .. 'ord', id)
  is_left = end_memberships(id, MEMBERSHIPS_SLICE)
  if is_import then
    local remote_id = bound_account(key)
    if remote_id then disown(key, remote_id) end
    redis.call('DEL', P .. 'o:' .. id, P .. 'tl:' .. key, record_of(key))
    redis.call('ZREM', P .. 'unmanaged', id)
    if redis.call('EXISTS', P .. 'aw:' .. key) == 1 then redis.call('SADD', P .. 'awaited', key) end
    return { 'ok', generation, created, NOW, 'clean', is_left and 1 or 0 }
  end
  redis.call('SET', P .. 't:' .. id, ARGV[17])
  if ARGV[20] ~= '' then
    -- Newest first, as many as are looked at. Not the newest alone: it may never have had the account of that person.
    local ids = { id }
    for other in string.gmatch(redis.call('HGET', P .. 'xt', ARGV[20]) or '', '[^,]+') do
      if #ids < 10 then ids[#ids + 1] = other end
    end
    redis.call('HSET', P .. 'xt', ARGV[20], table.concat(ids, ','))
    redis.call('HSET', record_of(key), 'xt', ARGV[20]) -- so that forgetting the tombstone forgets the entry
  end
else
  redis.call('SET', resource, string.format('%012d %s %s %s', generation, created, NOW, ARGV[5]))
  if op == 'create' then redis.call('ZADD', P .. 'ord', created, id) end
end

redis.call('HSET', record_of(key), 'generation', generation, 'active', ARGV[15])
if is_import then
  redis.call('ZADD', P .. 'unmanaged', ARGV[28], id)
  redis.call('SET', P .. 'o:' .. id, ARGV[26])
  if op == 'create' then
    redis.call('HSET', OWNERS, ARGV[27], owner_name(key))
    redis.call('HSET', record_of(key), 'managed', '0', 'state', 'clean', 'wakeSeq', 0)
    tell(key, ARGV[16])
  end
  return { 'ok', generation, created, NOW, 'clean' }
end
-- What only the import has said of a person is not Entra's word until Entra changes it. Of a new one it has said nothing.
local unsaid, managed = false, false
if op ~= 'create' then unsaid, managed = unpack(redis.call('HMGET', record_of(key), 'unsaid', 'managed')) end
if managed then
  redis.call('HDEL', record_of(key), 'managed')
  redis.call('ZREM', P .. 'unmanaged', id)
  if mode == 'entra' and op == 'update' then unsaid = ARGV[24] end
  local remote_id = apart and bound_account(key)
  if remote_id then
    disown(key, remote_id)
    redis.call('DEL', P .. 'o:' .. id)
  end
end
if unsaid then
  local left = {}
  for name in string.gmatch(unsaid, '[^\n]+') do
    if not string.find('\n' .. ARGV[23] .. '\n', '\n' .. name .. '\n', 1, true) then left[#left + 1] = name end
  end
  if #left == 0 then redis.call('HDEL', record_of(key), 'unsaid')
  else redis.call('HSET', record_of(key), 'unsaid', table.concat(left, '\n')) end
end
local epoch = redis.call('GET', P .. 'mapping:epoch') or '0'
for name in string.gmatch(epoch == ARGV[29] and ARGV[22] or ARGV[23], '[^\n]+') do
  if redis.call('HLEN', P .. 'mapping') < MAPPING_MAX then redis.call('HSETNX', P .. 'mapping', name, NOW) end
end
local urgency = wake(key, ARGV[14], ARGV[25] == '1')
-- The caller adds an urgent key to BullMQ itself, at once; the feed offers it again if that add was lost.
if urgency == 'urgent' then
  redis.call('ZREM', P .. 'ready:u', key)
  redis.call('ZADD', P .. 'fed:u', NOW, key)
end
tell(key, ARGV[16])
return { 'ok', generation, created, NOW, urgency, is_left and 1 or 0, epoch }
