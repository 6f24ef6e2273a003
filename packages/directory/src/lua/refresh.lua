-- Stores what a listing shows of an account that has an owner here, unless somebody is at it or has looked since.
--
-- ARGV   1 key   2 remote id   3 readAt of the snapshot that the new one was made of   4 observed as JSON
--        5 number of the listing   6 event for the timeline if the key is clean, or ''   7 and makes it dirty: 1 | 0
-- RETURN 0 when the snapshot is left as it is | 1 | 2 when the event was told as well
--
-- Invariant: the listing was asked for after that snapshot was read, and nothing was sent in between.
local key, record = ARGV[1], record_of(ARGV[1])
if redis.call('HGET', OWNERS, ARGV[2]) ~= owner_name(key) then return 0 end
local managed, lease_till, intent = unpack(redis.call('HMGET', record, 'managed', 'leaseTill', 'intent'))
if intent or (lease_till and tonumber(lease_till) > now) then return 0 end
local observed = redis.call('GET', P .. 'o:' .. id_of(key)) or ''
if string.match(observed, '"readAt":(%d+)') ~= ARGV[3] then return 0 end
redis.call('SET', P .. 'o:' .. id_of(key), ARGV[4])
-- GT: a page that comes late does not make it seen earlier than it was.
if managed == '0' then redis.call('ZADD', P .. 'unmanaged', 'GT', ARGV[5], id_of(key)) end
if ARGV[6] == '' or redis.call('HGET', record, 'state') ~= 'clean' then return 1 end
tell(key, ARGV[6])
if ARGV[7] == '1' then wake(key, 'bulk', false) end
return 2
