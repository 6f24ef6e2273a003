-- What has to be done next so that the observed members of a group become the desired ones: who has to go, before
-- anybody is added, since a removal takes access away. One pass looks at both sets once, in slices; what changes behind
-- the cursor is found by the next pass.
--
-- ARGV   1 group   2 phase: remove | add   3 cursor, '0' at the beginning of a phase   4 slice
-- RETURN {next phase, or '' at the end of the pass, next cursor, members...}: all of them are to be removed, or all added
local phase = ARGV[2]
local wanted, seen = P .. 'gm:' .. ARGV[1], P .. 'go:' .. ARGV[1]
local here, there = wanted, seen
if phase == 'remove' then here, there = seen, wanted end
local cursor, ids = unpack(redis.call('SSCAN', here, ARGV[3], 'COUNT', ARGV[4]))
local reply = { phase, cursor }
if cursor == '0' then reply[1] = phase == 'remove' and 'add' or '' end
for _, id in ipairs(ids) do
  if redis.call('SISMEMBER', there, id) == 0 then reply[#reply + 1] = id end
end
return reply
