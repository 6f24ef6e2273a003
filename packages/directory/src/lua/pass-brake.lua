-- The brake: a sliding window over the accounts that were taken away. A key that passed once passes again.
--
-- ARGV   1 key   2 count   3 share of the managed people   4 window in ms   5 generation that was planned from
-- RETURN {'pass'} | {'held', passed, limit}
local key = ARGV[1]
redis.call('ZREMRANGEBYSCORE', P .. 'brake', '-inf', ms(now - tonumber(ARGV[4])))
if redis.call('ZSCORE', P .. 'brake', key) then return { 'pass' } end
if redis.call('HGET', record_of(key), 'approved') == ARGV[5] then return { 'pass' } end
local people = redis.call('ZCARD', P .. 'ord') - redis.call('ZCARD', P .. 'unmanaged')
local limit = math.max(tonumber(ARGV[2]), math.floor(tonumber(ARGV[3]) * people))
local passed = redis.call('ZCARD', P .. 'brake')
if passed >= limit then return { 'held', passed, limit } end
redis.call('ZADD', P .. 'brake', NOW, key)
return { 'pass' }
