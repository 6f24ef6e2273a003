-- A reason to look at keys again that is not a commit: a person, a changed setting, an approval.
--
-- ARGV   1 urgency   2 releases the brake and remembers the approval: 1 | 0   3 event, or ''   4.. keys
-- RETURN how many keys were woken; unknown and unmanaged ones are passed over
local woken = 0
for index = 4, #ARGV do
  local key = ARGV[index]
  if redis.call('EXISTS', record_of(key)) == 1 and not is_unmanaged(key) then
    if ARGV[2] == '1' then redis.call('HSET', record_of(key), 'approved', redis.call('HGET', record_of(key), 'generation')) end
    if wake(key, ARGV[1], ARGV[2] == '1') ~= 'held' then woken = woken + 1 end
    if ARGV[3] ~= '' then tell(key, ARGV[3]) end
  end
end
return woken
