-- The moves of an import: one listing of the account at a time, by one process at a time, page by page.
--
--   none -start-> running -last page-> done | -cancel-> cancelled | -fail-> failed;  any of the three -start-> running
--
-- ARGV   1 op, then
--        start
--        cancel
--        take     2 holder   3 lease in ms
--        turn     2 holder   3 next page, or '' after the last   4 people on this page   5 those without an address
--                 6 people who have drifted   7.. remote id, address in lower case, externalId ('' for none) of each
--        release  2 holder
--        fail     2 holder   3 why, a code
-- RETURN {'ok', now} | {'no'} when the move does not apply: not running, or another holder
--
-- Invariants: the number of a listing counts the complete ones before it, so a listing that is begun again keeps its
-- number and proves nobody's absence. `ia` and `ie` are replaced at once, by a complete listing only.
local import = P .. 'import'
local op, holder = ARGV[1], ARGV[2]
local f = redis.call('HMGET', import, 'state', 'completed', 'holder', 'holderTill')
local running, completed = f[1] == 'running', tonumber(f[2] or '0')
local held = f[3] and tonumber(f[4]) > now

-- Those who wait for the first import look again: a slice of them now, the others by way of the feed.
local function finish(state)
  redis.call('HSET', import, 'state', state)
  redis.call('HDEL', import, 'holder', 'holderTill')
  redis.call('HINCRBY', record_of('import'), 'changes', 1)
  if wake_waiters('import', 100) then redis.call('SADD', P .. 'awaited', 'import') end
end

if op == 'start' then
  if running then return { 'no' } end
  redis.call('HSET', import, 'state', 'running', 'page', 1, 'seen', 0, 'withoutAddress', 0, 'drifted', 0, 'startedAt', NOW,
    'listing', completed + 1)
  redis.call('HDEL', import, 'why', 'holder', 'holderTill')
  redis.call('DEL', P .. 'ia:next', P .. 'ie:next')
  return { 'ok', NOW }
end
if not running then return { 'no' } end
if op == 'cancel' then
  finish('cancelled')
  return { 'ok', NOW }
end
if op == 'take' then
  if held and f[3] ~= holder then return { 'no' } end
  redis.call('HSET', import, 'holder', holder, 'holderTill', ms(now + tonumber(ARGV[3])))
  return { 'ok', NOW }
end
if f[3] ~= holder then return { 'no' } end
if op == 'release' then
  redis.call('HDEL', import, 'holder', 'holderTill')
elseif op == 'fail' then
  redis.call('HSET', import, 'why', ARGV[3])
  finish('failed')
elseif op == 'turn' then
  for index = 7, #ARGV, 3 do
    local remote_id, address, external_id = ARGV[index], ARGV[index + 1], ARGV[index + 2]
    if address ~= '' then redis.call('HSET', P .. 'ia:next', address, remote_id) end
    if external_id ~= '' then
      local ids = redis.call('HGET', P .. 'ie:next', external_id)
      -- A row may come twice, since rows move between pages; more than a few owners of one value prove nothing.
      local known = ids and string.find(',' .. ids .. ',', ',' .. remote_id .. ',', 1, true)
      if not ids then redis.call('HSET', P .. 'ie:next', external_id, remote_id)
      elseif not known and #ids < 100 then redis.call('HSET', P .. 'ie:next', external_id, ids .. ',' .. remote_id) end
    end
  end
  redis.call('HINCRBY', import, 'seen', ARGV[4])
  redis.call('HINCRBY', import, 'withoutAddress', ARGV[5])
  redis.call('HINCRBY', import, 'drifted', ARGV[6])
  if ARGV[3] ~= '' then
    redis.call('HSET', import, 'page', ARGV[3])
  else
    redis.call('HSET', import, 'completedAt', NOW, 'completed', completed + 1)
    for _, name in ipairs({ 'ia', 'ie' }) do
      redis.call('DEL', P .. name)
      if redis.call('EXISTS', P .. name .. ':next') == 1 then redis.call('RENAME', P .. name .. ':next', P .. name) end
    end
    finish('done')
  end
end
return { 'ok', NOW }
