-- A person's edit of the learned mapping.
--
-- ARGV   1 op: add | remove | reset   2.. names of attributes
-- RETURN how many names came or went
--
-- Invariant: what Entra sends after a name went is learned again, although the process that commits it has told that
-- name before: it did so under another epoch.
local mapping = P .. 'mapping'
local changed = 0
if ARGV[1] == 'add' then
  for index = 2, #ARGV do
    if redis.call('HLEN', mapping) < MAPPING_MAX then
      changed = changed + redis.call('HSETNX', mapping, ARGV[index], NOW)
    end
  end
  return changed
end
if ARGV[1] == 'reset' then
  changed = redis.call('HLEN', mapping)
  redis.call('DEL', mapping)
else
  for index = 2, #ARGV do changed = changed + redis.call('HDEL', mapping, ARGV[index]) end
end
redis.call('INCR', P .. 'mapping:epoch')
return changed
