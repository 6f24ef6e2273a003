-- Prolongs a lease that is still held.
--
-- ARGV   1 key   2 fence   3 lease in ms
-- RETURN 1 | 0 when the lease was lost
if not holds(ARGV[1], ARGV[2]) then return 0 end
redis.call('HSET', record_of(ARGV[1]), 'leaseTill', ms(now + tonumber(ARGV[3])))
return 1
