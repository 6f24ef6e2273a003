-- The groups that users or groups are directly in: one call for a page of them, of which most are in few groups.
--
-- ARGV   1 pairs after which no further id is looked at   2.. ids
-- RETURN {how many ids were looked at, then pairs: place of the id among them from 1, group}
local reply = { 0 }
for index = 2, #ARGV do
  for _, group in ipairs(redis.call('HKEYS', P .. 'mg:' .. ARGV[index])) do
    reply[#reply + 1] = index - 1
    reply[#reply + 1] = group
  end
  reply[1] = index - 1
  if #reply > 2 * tonumber(ARGV[1]) then break end
end
return reply
