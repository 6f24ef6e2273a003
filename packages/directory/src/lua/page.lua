-- A page of all users or all groups, in the order of creation. Costs the same wherever it is, and changes nothing. Comes
-- after bookmarks.lua.
--
-- ARGV   1 order: ord | gord   2 prefix of the resources: u: | g:   3 count, 0 for the total alone
--        4 index of the page, from 1; '' where 5 says where it begins   5 place that it begins behind, <created>_<id>, or ''
--        6 list whose bookmarks lead to this page, or ''
-- RETURN {all, those in front of the page, ids, resources}
local order, prefix, count, index, place, list = P .. ARGV[1], P .. ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]

-- Byte by byte, as Redis orders equal scores: `<` on texts goes by the language of the machine.
local function is_behind(id, other)
  for at = 1, math.min(#id, #other) do
    local one, two = string.byte(id, at), string.byte(other, at)
    if one ~= two then return one > two end
  end
  return #id > #other
end

local function parse(text)
  local created, id = string.match(text, '(%d+)_(.+)$')
  return { created = created, id = id }
end

local function earliest(texts)
  local first
  for _, text in ipairs(texts) do
    local one = parse(text)
    local same = first and one.created == first.created
    if not first or tonumber(one.created) < tonumber(first.created) or (same and is_behind(first.id, one.id)) then
      first = one
    end
  end
  return first
end

-- How many are at the place or in front of it, whether or not somebody still is at it.
local function through(at)
  if redis.call('ZSCORE', order, at.id) == at.created then return redis.call('ZRANK', order, at.id) + 1 end
  local before = redis.call('ZCOUNT', order, '-inf', '(' .. at.created)
  -- Those of one millisecond: as many as commits fit into it.
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', order, at.created, at.created)) do
    if not is_behind(id, at.id) then before = before + 1 end
  end
  return before
end

local size = redis.call('ZCARD', order)
local at = place ~= '' and parse(place) or nil
if list ~= '' and count > 0 and index ~= '1' then at = earliest(places_of(list, index)) end
local skipped = at and through(at) or math.max(0, (tonumber(index) or 1) - 1)
if count == 0 then return { size, ms(skipped), {}, {} } end
local ids = redis.call('ZRANGE', order, ms(skipped), ms(skipped + count - 1))
if #ids == 0 then return { size, ms(skipped), {}, {} } end
local keys = {}
for each, id in ipairs(ids) do keys[each] = prefix .. id end
return { size, ms(skipped), ids, redis.call('MGET', unpack(keys)) }
