-- The one script behind every change that Entra makes: compare-and-set of the version, uniqueness, the resource,
-- its indexes, a new generation, urgency and the dirty key, all or nothing.
--
-- ARGV   1 op: create | update | delete      2 id               3 key
--        4 generation that was read          5 resource as JSON
--        6, 7 userName in lower case, new and old               8, 9 externalId, new and old
--        10, 11 work e-mail in lower case where it differs from userName, new and old
--        12, 13 words for search by name, one a line, new and old
--        14 urgency   15 active: 1 | 0       16 event for the timeline   17 tombstone as JSON
--        18 layout version   19 releases the brake: 1 | 0   20 externalId of the deleted, or ''
--        An empty string stands for "none".
-- RETURN {'ok', generation, createdAt, modifiedAt, urgency} | {'uniqueness'} | {'moved'} | {'gone'} | {'layout', version}
--
-- Invariant: `un` maps a userName to exactly one live resource; a resource is in `ord` if and only if it is live.
local op, id, key = ARGV[1], ARGV[2], ARGV[3]
local resource = P .. 'u:' .. id

local layout = redis.call('GET', A .. 'layoutVersion')
if layout and layout ~= ARGV[18] then return { 'layout', layout } end
if not layout then redis.call('SET', A .. 'layoutVersion', ARGV[18]) end

local created, generation = now, 1
if op ~= 'create' then
  local head = redis.call('GETRANGE', resource, 0, 40)
  if head == '' then return { 'gone' } end
  generation = tonumber(string.sub(head, 1, 12)) + 1
  if string.sub(head, 1, 12) ~= ARGV[4] then return { 'moved' } end
  created = tonumber(string.sub(head, 14, 26))
elseif redis.call('EXISTS', resource) == 1 then
  return { 'moved' }
end

local new_name, old_name = ARGV[6], ARGV[7]
if new_name ~= '' and new_name ~= old_name then
  local holder = redis.call('HGET', P .. 'un', new_name)
  if holder and holder ~= id then return { 'uniqueness' } end
end

local function move_in_index(index, old, new)
  if old == new then return end
  if old ~= '' then leave_index(index, old, id) end
  if new ~= '' then
    local ids = redis.call('HGET', P .. index, new)
    redis.call('HSET', P .. index, new, ids and (ids .. ',' .. id) or id)
  end
end

if old_name ~= new_name then
  if old_name ~= '' then redis.call('HDEL', P .. 'un', old_name) end
  if new_name ~= '' then redis.call('HSET', P .. 'un', new_name, id) end
end
move_in_index('xi', ARGV[9], ARGV[8])
move_in_index('em', ARGV[11], ARGV[10])
if op == 'delete' then
  -- A deleted person can still be looked for, until the tombstone is forgotten.
  redis.call('HSET', record_of(key), 'words', ARGV[13])
elseif ARGV[12] ~= ARGV[13] then
  for word in string.gmatch(ARGV[13], '[^\n]+') do redis.call('ZREM', P .. 'words', word .. '\0' .. id) end
  for word in string.gmatch(ARGV[12], '[^\n]+') do redis.call('ZADD', P .. 'words', 0, word .. '\0' .. id) end
end

if op == 'delete' then
  redis.call('DEL', resource)
  redis.call('ZREM', P .. 'ord', id)
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
  redis.call('SET', resource, string.format('%012d %s %s %s', generation, ms(created), ms(now), ARGV[5]))
  if op == 'create' then redis.call('ZADD', P .. 'ord', ms(created), id) end
end

redis.call('HSET', record_of(key), 'generation', generation, 'active', ARGV[15])
local urgency = wake(key, ARGV[14], ARGV[19] == '1')
-- The caller adds an urgent key to BullMQ itself, at once; the feed offers it again if that add was lost.
if urgency == 'urgent' then
  redis.call('ZREM', P .. 'ready:u', key)
  redis.call('ZADD', P .. 'fed:u', ms(now), key)
end
tell(key, ARGV[16])
return { 'ok', generation, ms(created), ms(now), urgency }
