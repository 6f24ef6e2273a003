-- Tells the mirror how a call ended.
--
-- KEYS  1 overall bucket   2 list bucket
-- ARGV  1 nominal window in ms   2 grant (from take.lua)   3 status (0: no answer came)   4 Total, 5 Remaining of the
--       headers (-1: none)   6 Retry-After in ms (0: none)   7 bucket that has this Total by the published table, or ''
--       8 what the same plan gives the other bucket, or 0
-- Returns nothing.
-- Invariant: a lost call stays counted; a header changes only the bucket that it describes; a 429 closes that bucket,
-- or everything when no header says which.

local windowMs, status, total, remaining = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local retryAfterMs = tonumber(ARGV[6])
local now = clock()
local overall, list = load(KEYS[1], windowMs, 0, now), load(KEYS[2], windowMs, 0, now)

-- The grant: its cost, then per bucket what was known when it was given.
local numbers = {}
for text in string.gmatch(ARGV[2], '%S+') do numbers[#numbers + 1] = tonumber(text) end
local cost = numbers[1]
local function part(first)
  local seq, seen, seenAt, seenOwn, own, at, grey = unpack(numbers, first, first + 6)
  return seq and { seq = seq, seen = seen, seenAt = seenAt, seenOwn = seenOwn, own = own, at = at, grey = grey }
end
local calls = { [overall] = part(2), [list] = part(9) }

-- Which bucket the headers speak of: the most specific one that applied, and Total tells which. nil: none of ours.
local function described()
  if total <= 0 or remaining < 0 or remaining > total then return nil end
  if calls[list] then
    if total == list.limit then return list end
    return (total == overall.limit or ARGV[7] == 'overall') and overall or list
  end
  local isSubLimit = ARGV[7] == 'list' and overall.limit > 0 and total ~= overall.limit
  return not isSubLimit and overall or nil
end

local function setHourly(b)
  b.hourly, b.window = 1, windowMs * 60
  b.lo = math.min(b.lo, now - b.window)
end

local function learnLimit(b, other)
  local isFirst, isChanged = b.limit == 0, b.limit > 0 and b.limit ~= total
  b.limit = total
  if isChanged then b.hourly, b.window = 0, windowMs end -- another plan: its window is learned anew
  if tonumber(ARGV[8]) > 0 and (isChanged or (isFirst and other.limit == 0)) then other.limit = tonumber(ARGV[8]) end
  -- A list call that shows the overall bucket has no limit of its own.
  if b == overall and calls[list] and status ~= 429 and list.limit == 0 then list.limit = total end
end

-- Retry-After in whole seconds says when the refusing window ends, within one second.
local function close(b)
  -- Longer than a window can be: this account counts by the hour.
  if retryAfterMs >= b.window + 1000 then
    setHourly(overall)
    setHourly(list)
  end
  local wait = retryAfterMs > 0 and retryAfterMs or b.window
  b.pausedUntil = math.max(b.pausedUntil, now + wait + math.min(300, windowMs / 20))
  if retryAfterMs > 0 and calls[b] and calls[b].seq == b.seq then
    b.hi = now + retryAfterMs - b.window
    b.lo = math.min(b.hi, calls[b].at + retryAfterMs - 1000 - b.window)
  end
end

local subject = described()
if subject then learnLimit(subject, subject == overall and list or overall) end
for b, call in pairs(calls) do
  if b == subject and status ~= 429 then
    hear(b, call, cost, total - remaining, now)
  else
    land(b, call, cost)
    if b == subject and call.seq == b.seq then noteUse(b, call, total - remaining, call.own) end
    -- A list call was counted in the overall bucket too, although its header does not show it.
    if subject and status ~= 429 and call.seq == b.seq and b.hi == 0 then b.hi = now end
  end
  if b.limit == 0 then b.probeUntil = now + b.window / 100 end
end
if status == 429 then close(subject or overall) end

save(overall)
save(list)
