-- Adds a connection, unless that would break a promise of the list. One key, so it runs on any Redis Cluster.
-- KEYS[1]  hash: connection id -> record (JSON)
-- ARGV     id, record, name key (lower case), fingerprint of the secret, most connections
-- Returns  {'added'} | {'name-taken'} | {'id-taken'} | {'too-many'} | {'other-secret', its fingerprint}
-- Invariant: no two records with one name key; all records are sealed under one secret.
local id, record, name, secret, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local records = redis.call('HVALS', KEYS[1])
for _, text in ipairs(records) do
  local other = cjson.decode(text)
  if other.sealed.secret ~= secret then
    return { 'other-secret', other.sealed.secret }
  end
  if other.nameKey == name then
    return { 'name-taken' }
  end
end

if #records >= most then
  return { 'too-many' }
end
if redis.call('HSETNX', KEYS[1], id, record) == 0 then
  return { 'id-taken' }
end
return { 'added' }
