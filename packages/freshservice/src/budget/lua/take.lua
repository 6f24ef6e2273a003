-- Grants as many of the waiting calls of one class as may go now, in order.
--
-- KEYS  1 overall bucket   2 list bucket
-- ARGV  1 nominal window in ms   2 share   3 urgency   4 bucket   5, 6 planned limits (overall, list; 0: none)
--       7 calls waiting   8.. their costs, first come first (a prefix of the queue)
-- Returns { grants, waitMs, intervalMs, bucket that holds the next one back }. A grant is a text for answer.lua: what
-- was known when it was given. Times are texts.
-- Invariant: after a grant, own + foreign <= limit and own <= share * limit in every bucket that the call debits, by
-- all that is known; a call that may land on either side of a roll-over counts on both.

local RESERVE = 0.1 -- of our allowance: for urgent calls, until the last tenth of the window
local BULK = 0.1 -- of our list allowance: for bulk calls, when there are any
local PROBE_POLL_MS = 50 -- how often to look whether the first answer has told the limit
local CATCH_UP_MS = 25 -- a poll that comes late may grant what it missed, up to this much of it

local windowMs, share, urgency = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local now = clock()
local overall = load(KEYS[1], windowMs, tonumber(ARGV[5]), now)
local list = load(KEYS[2], windowMs, tonumber(ARGV[6]), now)
local buckets = ARGV[4] == 'list' and { overall, list } or { overall }

local function allowance(b)
  return math.max(1, math.floor(share * b.limit))
end

-- Credits left for us until the time `ahead`, with what others will have used by then set aside, and two standard
-- deviations: calls of others come at random.
local function creditsLeft(b, ahead)
  local coming = foreignRate(b, now) * math.max(0, ahead - math.max(b.heardAt, b.lo))
  local foreign = b.foreign + coming + 2 * math.sqrt(coming)
  local ceiling = b.limit - (foreign >= 1 and math.ceil(b.limit / 100) or 0)
  local inSight = b.limit - b.seen - b.flying - b.carried
  return math.min(allowance(b) - b.own, ceiling - b.own - foreign, inSight)
end

-- The interval that suits any window, whatever has happened in this one.
local function nominalInterval(b)
  return b.window / math.max(1, math.min(allowance(b), b.limit * 0.99 - foreignRate(b, now) * b.window))
end

-- What normal calls leave alone: the reserve, and what bulk work has not yet had of its tenth.
local function setAside(b, isBulk)
  local reserve = math.floor(allowance(b) * RESERVE + 0.5)
  if b == list and not isBulk and now - b.bulkAt < b.window then
    reserve = reserve + math.max(0, math.floor(allowance(b) * BULK) - b.bulk)
  end
  return reserve
end

-- The wait of an urgent call: none while there is a credit.
local function urgentWait(b, cost)
  if creditsLeft(b, now + b.wayUp) >= cost then return 0, 0 end
  return untilOver(b, now), 0
end

-- The wait of any other call, and the interval at which such calls go: the time left over the credits left, anew each
-- time. In a long grey zone nobody knows what is left, and the nominal rate is kept.
local function pacedWait(b, cost, isBulk, isPaced)
  local usable = b.window - b.wayUp
  local inside = surelyInsideUntil(b)
  local isGrey = now >= inside
  if isGrey and b.hi > 0 and b.hi - b.lo + b.wayUp <= b.window * GREY_SILENT then
    return untilOver(b, now), 0
  end
  local left = creditsLeft(b, math.max(b.lo + b.window, now + b.wayUp))
  local reserveFreeAt = b.lo + 0.9 * usable
  local isReserved = isGrey or now < reserveFreeAt
  local spendable = isReserved and left - setAside(b, isBulk) or left
  if spendable < cost then
    local isSoonFree = not isGrey and isReserved and left >= cost
    return isSoonFree and reserveFreeAt - now or untilOver(b, now), 0
  end
  local interval = isGrey and nominalInterval(b)
    or ((isReserved and reserveFreeAt or inside) - now) / (spendable + 0.5)
  if not isPaced then return 0, interval end
  local paced = math.max(b.paced, now - math.max(interval, CATCH_UP_MS))
  return math.max(0, paced + interval - now), interval
end

-- Bulk list calls are entitled to their tenth of the list bucket, spread over the window, whatever else waits.
local function isEntitled(cost)
  local elapsed = math.min(1, math.max(0, (now - list.lo) / (list.window - list.wayUp)))
  return list.limit > 0 and list.bulk + cost <= math.max(1, allowance(list) * BULK * elapsed)
end

local function waitOf(b, cost, entitled)
  if now < b.pausedUntil then return b.pausedUntil - now, 0 end
  if b.limit == 0 then return math.max(0, math.min(PROBE_POLL_MS, b.probeUntil - now)), 0 end
  if urgency == 'urgent' then return urgentWait(b, cost) end
  local isBulk = urgency == 'bulk'
  if isBulk and not entitled and now < b.liveUntil then return b.liveUntil - now, 0 end
  return pacedWait(b, cost, isBulk, not (entitled and b == list))
end

local function debit(b, cost, interval)
  b.own, b.flying, b.grantedAt = b.own + cost, b.flying + cost, now
  if interval > 0 then
    b.paced = math.max(b.paced, now - math.max(interval, CATCH_UP_MS)) + interval * cost
  end
  if urgency == 'bulk' then b.bulk = b.bulk + cost end
  -- Until the first Total, one call at a time; a worker that dies with it stops nobody for longer than this.
  if b.limit == 0 then b.probeUntil = now + b.window / 4 end
  local grey = now >= surelyInsideUntil(b) and b.grey or -1 -- -1: surely inside
  return string.format('%d %d %.3f %d %d %.3f %d', b.seq, b.seen, b.seenAt, b.seenOwn, b.own, now, grey)
end

local function countForPeople(cost)
  local minute = math.floor(now / windowMs)
  if minute ~= overall.minute then
    overall.minuteBefore = minute == overall.minute + 1 and overall.minuteOwn or 0
    overall.minute, overall.minuteOwn = minute, 0
  end
  overall.minuteOwn = overall.minuteOwn + cost
end

for _, b in ipairs(buckets) do rollIfOver(b, now) end
if urgency == 'bulk' then list.bulkAt = ARGV[4] == 'list' and now or list.bulkAt end

local grants, held = {}, nil
for i = 8, #ARGV do
  local cost = tonumber(ARGV[i])
  local entitled = urgency == 'bulk' and ARGV[4] == 'list' and isEntitled(cost)
  local intervals = {}
  for j, b in ipairs(buckets) do
    local wait, interval = waitOf(b, cost, entitled)
    intervals[j] = interval
    if wait > 0 and (not held or wait > held.wait) then held = { wait = wait, interval = interval, bucket = b } end
  end
  if held then break end
  local parts = { string.format('%d', cost) }
  for j, b in ipairs(buckets) do parts[#parts + 1] = debit(b, cost, intervals[j]) end
  countForPeople(cost)
  grants[#grants + 1] = table.concat(parts, ' ')
end

-- Live work that waits keeps bulk work away for as long as its queue will need.
local waiting = tonumber(ARGV[7]) - #grants
if held and urgency ~= 'bulk' and held.bucket.limit > 0 then
  local b = held.bucket
  b.liveUntil = now + math.min(b.window, held.wait + waiting * held.interval) + b.wayUp / 2
end

for _, b in ipairs(buckets) do save(b) end
if not held then return { grants, '0', '0', '' } end
local name = held.bucket == list and 'list' or 'overall'
return { grants, string.format('%.3f', held.wait), string.format('%.3f', held.interval), name }
