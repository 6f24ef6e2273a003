-- Goes on where the delete of a user or a group has left off: takes it out of groups, and its members out of it.
--
-- ARGV   1 id, or '' for any that is left   2 slice
-- RETURN 1 when something is left, of that id or of any, else 0
if ARGV[1] ~= '' then return end_memberships(ARGV[1], ARGV[2]) and 1 or 0 end
local id = redis.call('SRANDMEMBER', P .. 'leaving')
if id then end_memberships(id, ARGV[2]) end
return redis.call('EXISTS', P .. 'leaving')
