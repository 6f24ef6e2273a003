-- Somebody was shown a page of a list, and is told where the next one begins. Comes after bookmarks.lua.
--
-- Bookmarks stay in the memory of the Redis that was asked: a page must not wait for the disk. They are lost with it, and in
-- a replica that takes over; what was told is a rank then. The same where Redis refuses to write, when it is full for instance.
--
-- ARGV   1 list   2 index of the page   3 index of the next page   4 place of the last one of the page, '' if it was empty
--        5 1 at the end of the list: some look whether there is more, but nobody is waited for
local BOOKMARKS_MAX = 5000
-- Places in one bookmark: more walks than these, each with deletions since the one before, get the places of others.
local PLACES_MAX = 8
local EXPIRED_SLICE = 100
local list, index, next_index, text, is_end = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'

-- Some services that are compatible with Redis do not know this: there the disk is waited for.
if redis.set_repl then pcall(redis.set_repl, redis.REPL_NONE) end

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

local come = read_bookmark(list .. ':' .. index)
if come.back < come.told then
  come.back = come.back + 1
  if not write_bookmark(list .. ':' .. index, come) then return end
end
if text == '' then return end

local field = list .. ':' .. next_index
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
