-- Prolongs the lock on a list, or gives it back, if it is still ours.
--
-- ARGV   1 kind   2 token   3 ms from now; 0 gives it back
-- RETURN 1 | 0
local lock = A .. 'catalog:' .. ARGV[1] .. ':lock'
if redis.call('GET', lock) ~= ARGV[2] then return 0 end
if ARGV[3] == '0' then return redis.call('DEL', lock) end
return redis.call('PEXPIRE', lock, ARGV[3])
