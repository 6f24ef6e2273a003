-- The one script behind every change of a group: its names, its attributes and a slice of its members, all or nothing.
-- Attributes are replaced while they are still those that were read; members are changed one by one, on whatever set is
-- newest, so that parallel changes of members never meet.
--
-- ARGV   1 op: create | update | delete     2 id
--        3 generation that must be the newest (If-Match), or ''   4 attributes as JSON that were read, or '' for any
--        5 new attributes as JSON, or '' when they stay
--        6, 7 displayName in lower case, new and old             8, 9 externalId, new and old
--        10 members that a group may have   11 how many ids are added   12.. these, then those that are removed
--        An empty string stands for "none".
-- RETURN {'ok', changed: 1 | 0, the group as stored, memberships left to undo: 1 | 0}
--        {'uniqueness'} | {'moved'} | {'gone'} | {'full'}
--
-- Invariants: `gn` maps a displayName to exactly one group; a group is in `gord` if and only if it exists. Generation
-- and time move if and only if something really changed, so the same call may be repeated.
local DELETE_SLICE = 500
local op, id = ARGV[1], ARGV[2]
local group, members = P .. 'g:' .. id, P .. 'gm:' .. id
local new_name, old_name, adding = ARGV[6], ARGV[7], tonumber(ARGV[11])

stamp_layout()
local stored = redis.call('GET', group)
if op == 'create' then
  if stored then return { 'moved' } end
else
  if not stored then return { 'gone' } end
  if ARGV[3] ~= '' and string.sub(stored, 1, 12) ~= ARGV[3] then return { 'moved' } end
  if ARGV[4] ~= '' and string.sub(stored, 42) ~= ARGV[4] then return { 'moved' } end
end
if new_name ~= old_name and new_name ~= '' and redis.call('HEXISTS', P .. 'gn', new_name) == 1 then return { 'uniqueness' } end
local room = tonumber(ARGV[10]) - redis.call('SCARD', members)
if adding > room then
  for index = 12, 11 + adding do room = room - 1 + redis.call('SISMEMBER', members, ARGV[index]) end
  for index = 12 + adding, #ARGV do room = room + redis.call('SISMEMBER', members, ARGV[index]) end
  if room < 0 then return { 'full' } end
end

if new_name ~= old_name then
  if old_name ~= '' then redis.call('HDEL', P .. 'gn', old_name) end
  if new_name ~= '' then redis.call('HSET', P .. 'gn', new_name, id) end
end
if ARGV[8] ~= ARGV[9] then
  local created = stored and string.sub(stored, 14, 26) or NOW
  if ARGV[9] ~= '' then leave_index('gx', ARGV[9], id, created) end
  if ARGV[8] ~= '' then join_index('gx', ARGV[8], id, created) end
end

if op == 'delete' then
  touch_group(id)
  local last = redis.call('GET', group)
  redis.call('DEL', group)
  redis.call('ZREM', P .. 'gord', id)
  redis.call('ZREM', P .. 'unapplied', id)
  return { 'ok', 1, last, end_memberships(id, DELETE_SLICE) and 1 or 0 }
end

local changed = op == 'create' or ARGV[5] ~= ''
for index = 12, 11 + adding do changed = join_group(id, ARGV[index]) or changed end
for index = 12 + adding, #ARGV do changed = leave_group(id, ARGV[index]) or changed end

if op == 'create' then
  redis.call('SET', group, string.format('%012d %s %s %s', 1, NOW, NOW, ARGV[5]))
  redis.call('ZADD', P .. 'gord', NOW, id)
  redis.call('ZADD', P .. 'unapplied', NOW, id)
elseif changed then
  touch_group(id, ARGV[5] ~= '' and ARGV[5] or nil)
end
return { 'ok', changed and 1 or 0, redis.call('GET', group), 0 }
