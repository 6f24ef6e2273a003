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

-- The places behind which the page with this index may begin, in no order; none when nobody was told of it.
local function places_of(list, index)
  local texts = {}
  for each, place in ipairs(read_bookmark(list .. ':' .. index).places) do texts[each] = place.text end
  return texts
end
