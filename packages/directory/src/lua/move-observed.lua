-- Freshservice has answered that one member of a group is in it there, or is not: the observed set follows.
--
-- ARGV   1 group   2 member   3 in it there: 1 | 0
-- RETURN 1 when the observed set has changed, else 0
return redis.call(ARGV[3] == '1' and 'SADD' or 'SREM', P .. 'go:' .. ARGV[1], ARGV[2])
