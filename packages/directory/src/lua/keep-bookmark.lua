-- Where a page of a list has ended, for lists that are not made by page.lua. Comes after bookmarks.lua.
--
-- ARGV   1 list   2 index that the next page begins with   3 place of the last one of this page   4 1 at the end of the list
keep_bookmark(ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1')
