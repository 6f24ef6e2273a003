-- Prepended to every script of this package that does not stand alone: names, time and the moves between key states.
--
-- KEYS[1] prefix of the connection, KEYS[2] prefix of its Freshservice account. Both carry the account's hash
-- tag, so every key built from them lives in one slot and may be touched by one script.
--
-- A key is in exactly one state, kept in the field `state` of its record:
--   clean     in no set
--   dirty     per lane, either in `ready:<lane>` (waits in the store) or in `fed:<lane>` (handed to BullMQ, score: when)
--   deferred  in `deferred` (score: due time)
--   parked    in `parked` (score: next look), in `parkedLeavers` too if it takes access away
--   held      in `held` (score: since when)
-- Dirty and deferred keys are in `unsettled` as well (score: since when), urgent ones of them in `urgent` too.
-- A key whose record says `managed` 0 is *unmanaged*: an account that an import has seen and Entra has not written to.
-- It is clean and in `unmanaged`, and no reason to look again makes it dirty before Entra claims it.
-- All times are milliseconds of Redis TIME; NOW is the text of `now`.
local P, A = KEYS[1], KEYS[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Bulk work waits behind all normal work: its place in `ready:n` is shifted far into the future.
local BULK_SHIFT = 1e13
local TIMELINE_MAX = 200
-- Names in the learned mapping of a connection.
local MAPPING_MAX = 500

-- Another version of fresh-scim has written this data: nothing is read from it, and nothing changed. LAYOUT stands above.
local layout = redis.call('GET', A .. 'layoutVersion')
if layout and layout ~= LAYOUT then return redis.error_reply('LAYOUTMISMATCH ' .. layout) end
local function stamp_layout()
  if not layout then redis.call('SET', A .. 'layoutVersion', LAYOUT) end
end

local function ms(number) return string.format('%.0f', number) end
local NOW = ms(now)
local function record_of(key) return P .. 'k:' .. key end
local function id_of(key) return string.sub(key, string.find(key, '-', 1, true) + 1) end
local function lane_of(urgency) return urgency == 'urgent' and 'u' or 'n' end

local function tell(key, event)
  local list = P .. 'tl:' .. key
  local length = redis.call('LPUSH', list, NOW .. ' ' .. event)
  if length > TIMELINE_MAX then redis.call('LTRIM', list, 0, TIMELINE_MAX - 1) end
end

-- Puts a dirty key that its lane has not handed over where the feed finds it, in the order of waiting. `since` may be
-- left out.
local function queue_up(key, urgency, since)
  since = since or tonumber(redis.call('ZSCORE', P .. 'unsettled', key) or now)
  local shift = urgency == 'bulk' and BULK_SHIFT or 0
  -- LT: a key that waits as bulk work comes forward when its urgency rises, and never falls back.
  redis.call('ZADD', P .. 'ready:' .. lane_of(urgency), 'LT', ms(since + shift), key)
end

local function leave_lanes(key)
  for _, name in ipairs({ 'ready:u', 'ready:n', 'fed:u', 'fed:n' }) do redis.call('ZREM', P .. name, key) end
end

local function leave_state(key, state)
  if state == 'dirty' then
    leave_lanes(key)
  elseif state and state ~= 'clean' then
    redis.call('ZREM', P .. state, key)
    redis.call('SREM', P .. 'parkedLeavers', key)
  end
end

local function leave_unsettled(key)
  redis.call('ZREM', P .. 'unsettled', key)
  redis.call('ZREM', P .. 'urgent', key)
end

-- A reason to look again. Moves `wakeSeq` always; makes the key dirty unless `release` is not set and it is held, or a
-- person has rejected what Entra wants of it now: then the account is kept, whatever else changes.
-- The stronger urgency wins until the key is settled. Returns the urgency that now holds, 'held' or 'unmanaged'.
local RANK = { bulk = 1, normal = 2, urgent = 3 }
local function wake(key, urgency, release)
  local record = record_of(key)
  local state, had, managed, rejected, generation, seq =
    unpack(redis.call('HMGET', record, 'state', 'urgency', 'managed', 'rejected', 'generation', 'wakeSeq'))
  seq = ms((tonumber(seq) or 0) + 1)
  local is_held = (state == 'held' or (rejected and rejected == generation)) and not release
  if managed == '0' or is_held then
    redis.call('HSET', record, 'wakeSeq', seq)
    return managed == '0' and 'unmanaged' or 'held'
  end
  if had and RANK[had] > RANK[urgency] then urgency = had end
  if state ~= 'dirty' then
    leave_state(key, state)
  elseif urgency == 'urgent' then
    redis.call('ZREM', P .. 'ready:n', key)
  end
  local was_settled = redis.call('ZADD', P .. 'unsettled', 'NX', NOW, key) == 1
  if urgency == 'urgent' then redis.call('ZADD', P .. 'urgent', 'NX', NOW, key) end
  redis.call('HSET', record, 'wakeSeq', seq, 'state', 'dirty', 'urgency', urgency)
  if state then redis.call('HDEL', record, 'why', 'due', 'rejected') end
  local is_fed = state == 'dirty' and redis.call('ZSCORE', P .. 'fed:' .. lane_of(urgency), key)
  if not is_fed then queue_up(key, urgency, was_settled and now) end
  return urgency
end

-- True while `fence` is the number of the lease that holds the key.
local function holds(key, fence)
  local current, till = unpack(redis.call('HMGET', record_of(key), 'fence', 'leaseTill'))
  return current == fence and till and tonumber(till) > now
end

-- Wakes a slice of those who wait for a key; one that was forgotten meanwhile is passed over, or it would come back
-- as a key of nobody. Returns whether others still wait.
local function wake_waiters(awaited, slice)
  for _, waiter in ipairs(redis.call('SPOP', P .. 'aw:' .. awaited, slice)) do
    if redis.call('EXISTS', record_of(waiter)) == 1 then wake(waiter, 'normal', false) end
  end
  return redis.call('EXISTS', P .. 'aw:' .. awaited) == 1
end

-- Registers what a key waits for: pairs of another key, or a name of a list (it has a colon), and the count of changes
-- that was seen of it. Returns whether one of them has changed since.
local function await(key, pairs_from)
  local appeared = false
  for index = pairs_from, #ARGV, 2 do
    redis.call('SADD', P .. 'aw:' .. ARGV[index], key)
    if string.find(ARGV[index], ':', 1, true) then
      redis.call('SADD', P .. 'awaitedNames', ARGV[index])
    elseif (redis.call('HGET', record_of(ARGV[index]), 'changes') or '0') ~= ARGV[index + 1] then
      appeared = true
    end
  end
  return appeared
end

-- The account of a key shows something else than before, or the key is done with it: those who wait for that look
-- again. More than a slice of them are left to the feed.
local function announce(key)
  redis.call('HINCRBY', record_of(key), 'changes', 1)
  if wake_waiters(key, 100) then redis.call('SADD', P .. 'awaited', key) end
end

-- A holder that lost its lease may have changed Freshservice: whatever is believed of it must be read again. Keeps
-- the fence under which this came up: that holder may have looked before, so only a later one may dispel it.
local function suspect(key)
  local record = record_of(key)
  if redis.call('EXISTS', record) == 0 then return end
  redis.call('HSET', record, 'suspect', redis.call('HGET', record, 'fence') or '0')
  wake(key, 'normal', false)
end

-- An index of values that are not unique, but nearly always carried by one alone: `<index>` maps a value to the id that
-- carries it, or to '' when several do. Those are in `shared`, as `<index>\0<value>\0<created>\0<id>`, by lexicographic
-- range, the oldest first. So a change costs the same whether one carries the value or a hundred thousand do.
local CREATED_LENGTH = 13
local function created_of(index, id)
  return redis.call('GETRANGE', P .. (index == 'gx' and 'g:' or 'u:') .. id, 13, 12 + CREATED_LENGTH)
end

local function shared_carriers(index, value, max)
  local from = index .. '\0' .. value
  return redis.call('ZRANGEBYLEX', P .. 'shared', '[' .. from .. '\0', '(' .. from .. '\1', 'LIMIT', 0, max)
end

local function shared_member(index, value, created, id)
  return table.concat({ index, value, created, id }, '\0')
end

-- The ids that carry a value, the oldest first.
local function carriers_of(index, value, max)
  local sole = redis.call('HGET', P .. index, value)
  if not sole then return {} end
  if sole ~= '' then return { sole } end
  local ids = {}
  for _, member in ipairs(shared_carriers(index, value, max)) do
    ids[#ids + 1] = string.sub(member, #index + #value + CREATED_LENGTH + 4)
  end
  return ids
end

local function join_index(index, value, id, created)
  if redis.call('HSETNX', P .. index, value, id) == 1 then return end
  local sole = redis.call('HGET', P .. index, value)
  if sole == id then return end
  if sole ~= '' then
    redis.call('HSET', P .. index, value, '')
    redis.call('ZADD', P .. 'shared', 0, shared_member(index, value, created_of(index, sole), sole))
  end
  redis.call('ZADD', P .. 'shared', 0, shared_member(index, value, created, id))
end

local function leave_index(index, value, id, created)
  if redis.call('HGET', P .. index, value) == id then
    redis.call('HDEL', P .. index, value)
  elseif redis.call('ZREM', P .. 'shared', shared_member(index, value, created, id)) == 1 then
    local left = shared_carriers(index, value, 2)
    if #left == 1 then
      redis.call('HSET', P .. index, value, carriers_of(index, value, 1)[1])
      redis.call('ZREM', P .. 'shared', left[1])
    end
  end
end

-- Ownership of a Freshservice account: `<connection>/<key>` per remote id, over requesters and agents together.
local OWNERS = A .. 'owners'
local function is_unmanaged(key) return redis.call('HGET', record_of(key), 'managed') == '0' end
local function owner_name(key) return string.sub(P, #A + 1, -2) .. '/' .. key end
local function bound_account(key) return string.match(redis.call('GET', P .. 'o:' .. id_of(key)) or '', '"remoteId":(%d+)') end

local function disown(key, remote_id)
  if redis.call('HGET', OWNERS, remote_id) == owner_name(key) then redis.call('HDEL', OWNERS, remote_id) end
end

-- A call of one key may have landed on an account that another key owns by now: the owner's snapshot is suspect, or a
-- stale write would stay. The owner may belong to another connection of the account.
local function suspect_owner(key, remote_id)
  local owner = redis.call('HGET', OWNERS, remote_id)
  if not owner or owner == owner_name(key) then return end
  local slash = string.find(owner, '/', 1, true)
  local own_prefix = P
  P = A .. string.sub(owner, 1, slash - 1) .. ':'
  suspect(string.sub(owner, slash + 1))
  P = own_prefix
end

-- Claims a remote account for a key. Moves it from a tombstone, from the key that the caller names if that one is
-- disabled, or from what only the import of another connection has shown; refuses it while any other key owns it.
-- Returns nil, or the owner that stands in the way; and whether another key may have changed the account until now.
local function claim(key, remote_id, takeover_from)
  local mine = owner_name(key)
  local owner = redis.call('HGET', OWNERS, remote_id)
  local taken = false
  if owner and owner ~= mine then
    local slash = string.find(owner, '/', 1, true)
    local base, other = A .. string.sub(owner, 1, slash - 1) .. ':', string.sub(owner, slash + 1)
    local live = redis.call('EXISTS', base .. 'u:' .. id_of(other)) == 1
    local disabled = redis.call('HGET', base .. 'k:' .. other, 'active') == '0'
    local foreign = base ~= P and redis.call('HGET', base .. 'k:' .. other, 'managed') == '0'
    if live and not foreign and not (disabled and takeover_from == other and base == P) then return owner end
    taken = not foreign
  end
  redis.call('HSET', OWNERS, remote_id, mine)
  return nil, taken
end

-- Members of groups. `gm:<group>` holds what is in a group and `mg:<member>` the groups that something is in: each says
-- the same as the other, since every change of one is made with the change of the other.
-- What really changes a group moves its generation and its time; `attributes` is new JSON, or nil when it stays.
local function touch_group(id, attributes)
  local group = P .. 'g:' .. id
  local head = redis.call('GETRANGE', group, 0, 40)
  local moved = string.format('%012d %s %s ', tonumber(string.sub(head, 1, 12)) + 1, string.sub(head, 14, 26), NOW)
  if attributes then redis.call('SET', group, moved .. attributes) else redis.call('SETRANGE', group, 0, moved) end
  redis.call('ZADD', P .. 'unapplied', 'NX', NOW, id)
end

local function join_group(group, member)
  if redis.call('SADD', P .. 'gm:' .. group, member) == 0 then return false end
  redis.call('HSET', P .. 'mg:' .. member, group, '')
  return true
end

local function leave_group(group, member)
  if redis.call('SREM', P .. 'gm:' .. group, member) == 0 then return false end
  redis.call('HDEL', P .. 'mg:' .. member, group)
  return true
end

-- A deleted user or group is in no group, and nobody is in a deleted group. Undoes a slice of that; what is left is
-- remembered in `leaving`, to be undone by whoever comes next. Returns whether something is left.
local function end_memberships(id, slice)
  for _, group in ipairs(redis.call('HRANDFIELD', P .. 'mg:' .. id, slice)) do
    leave_group(group, id)
    if redis.call('EXISTS', P .. 'g:' .. group) == 1 then touch_group(group) end
  end
  for _, member in ipairs(redis.call('SPOP', P .. 'gm:' .. id, slice)) do redis.call('HDEL', P .. 'mg:' .. member, id) end
  local is_left = redis.call('EXISTS', P .. 'mg:' .. id, P .. 'gm:' .. id) > 0
  redis.call(is_left and 'SADD' or 'SREM', P .. 'leaving', id)
  return is_left
end
