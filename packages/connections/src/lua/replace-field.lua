-- Replaces a field of a hash if it still holds what the caller has read (compare and set).
-- KEYS[1]  hash
-- ARGV     field, text that was read, new text
-- Returns  1 replaced | 0 it has changed, or is gone, meanwhile: nothing was written
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
