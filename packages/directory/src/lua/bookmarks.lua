-- Put between the prelude and the scripts that need it: where pages of lists have ended, for those who go on.
--
-- A bookmark belongs to a list (a name that the caller makes of the query) and the index that the next page begins with.
-- It holds the places where such pages have ended, how many clients were told each of them, and how many of all these
-- have come back. Clients cannot be told apart. So whoever comes gets all places, and has to take the earliest; when
-- everybody who was told has come, the next one to be told replaces them all, since what is left is of walks that went on.
-- Until then they stay, for who repeats a request.
--
--   bookmarks       <list>:<index> -> <came back>, then lines of <told at> <times told> <place>
--   bookmarks:told  <list>:<index> by when it was told last
local BOOKMARK_MS = 600000
local BOOKMARKS_MAX = 5000
-- Places in one bookmark: more walks than these, each with deletions since the one before, get the places of others.
local PLACES_MAX = 8
local EXPIRED_SLICE = 100
local bookmarks, told_order = P .. 'bookmarks', P .. 'bookmarks:told'

local function read_bookmark(field)
  local bookmark = { back = 0, told = 0, places = {} }
  local text = redis.call('HGET', bookmarks, field)
  if not text then return bookmark end
  bookmark.back = tonumber(string.match(text, '^%d+'))
  for at, told, text_of_place in string.gmatch(text, '\n(%d+) (%d+) ([^\n]+)') do
    if tonumber(at) > now - BOOKMARK_MS then
      table.insert(bookmark.places, { at = at, told = tonumber(told), text = text_of_place })
      bookmark.told = bookmark.told + tonumber(told)
    else
      -- Who was told that and has not come does not come any more; better so than that somebody else is thought back.
      bookmark.back = math.max(0, bookmark.back - tonumber(told))
    end
  end
  return bookmark
end

-- Redis may refuse to write, when it is full for instance. Pages are served all the same, by rank.
local function write_bookmark(field, bookmark)
  local lines = { ms(bookmark.back) }
  for _, place in ipairs(bookmark.places) do table.insert(lines, place.at .. ' ' .. ms(place.told) .. ' ' .. place.text) end
  local reply = redis.pcall('HSET', bookmarks, field, table.concat(lines, '\n'))
  return not (type(reply) == 'table' and reply.err)
end

local function drop_bookmarks(fields)
  if #fields == 0 then return end
  redis.call('HDEL', bookmarks, unpack(fields))
  redis.call('ZREM', told_order, unpack(fields))
end

-- The places behind which the page with this index may begin, in no order; none when nobody was told of it.
local function find_bookmark(list, index)
  local field = list .. ':' .. index
  local bookmark = read_bookmark(field)
  local texts = {}
  for _, place in ipairs(bookmark.places) do table.insert(texts, place.text) end
  if #texts > 0 and bookmark.back < bookmark.told then
    bookmark.back = bookmark.back + 1
    write_bookmark(field, bookmark)
  end
  return texts
end

-- Somebody is told that the page with this index begins behind this place. At the end of a list some look whether there
-- is more, and most do not come: nobody is waited for.
local function keep_bookmark(list, index, text, is_end)
  local field = list .. ':' .. index
  local bookmark = read_bookmark(field)
  if bookmark.back >= bookmark.told then bookmark = { back = 0, told = 0, places = {} } end
  local known
  for _, place in ipairs(bookmark.places) do
    if place.text == text then known = place end
  end
  if not known and #bookmark.places < PLACES_MAX then
    known = { told = 0, text = text }
    table.insert(bookmark.places, known)
  end
  -- One more place than fit: who was told it counts for the newest of the others, so that they stay until it comes.
  known = known or bookmark.places[PLACES_MAX]
  known.at, known.told = ms(now), known.told + 1
  if is_end then bookmark.back = bookmark.back + 1 end
  if not write_bookmark(field, bookmark) then return end
  redis.call('ZADD', told_order, ms(now), field)
  drop_bookmarks(redis.call('ZRANGEBYSCORE', told_order, '-inf', ms(now - BOOKMARK_MS), 'LIMIT', 0, EXPIRED_SLICE))
  -- Each call adds one at most.
  if redis.call('ZCARD', told_order) > BOOKMARKS_MAX then drop_bookmarks(redis.call('ZRANGE', told_order, 0, 0)) end
  redis.call('PEXPIRE', bookmarks, BOOKMARK_MS)
  redis.call('PEXPIRE', told_order, BOOKMARK_MS)
end
