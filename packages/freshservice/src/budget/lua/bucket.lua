-- One bucket of the mirror: how it is read, written, rolled over, and what a header tells of it. Not a script: it is
-- put in front of take.lua, answer.lua and usage.lua. All times are Redis TIME in milliseconds; credits are counts.
--
-- Invariants
--   lo <= start of the server's window <= hi   (hi 0: no answer of this window yet)
--   own counts every credit of ours that may lie in this window: granted in it, or carried over while unanswered
--   what is granted is never handed back, unless an answer proves that it lies in the window before

local WAY_UP_MAX_MS = 200 -- from a grant to the server's counter; shorter windows scale it down
local GREY_SILENT = 1 / 10 -- of a window: a grey zone up to this long is waited out
local KEPT_MS = 30 * 86400000 -- what was learned is kept as long as this without a call

local FIELDS = {
  'seq', -- number of the mirrored window; starts at a time of day, so that lost state never meets its old grants
  'limit', -- credits per window; 0: unknown
  'hourly', -- 1: the account counts by the hour
  'lo', 'hi', -- bounds of the window's start
  'own', 'flying', 'carried', -- our credits; of those the unanswered ones granted in this window; in the one before
  'grey', 'sure', -- granted near the window's end and answered without proof: they may lie in the next window; of
  -- those, the ones that a later call has shown to lie in this one
  'grantedAt',
  'seen', 'seenAt', 'seenOwn', -- highest use that a header of this window showed; when that call was granted; own then
  'aliveAt', -- latest grant of a call that surely landed in this window
  'foreign', 'base', 'baseAt', -- credits of others, smoothed; what they were when watching began, and when (0: not yet)
  'rate', -- credits of others per millisecond in the windows before; -1: no window watched yet
  'heardAt', -- last header
  'paced', -- up to this time the pace has been spent
  'bulk', 'bulkAt', -- bulk credits in this window; when bulk work last asked
  'liveUntil', -- live work waits for its turn until then
  'pausedUntil', 'probeUntil',
  'minute', 'minuteOwn', 'minuteBefore', -- our credits in this minute of the clock and in the one before, for people
}

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + time[2] / 1000
end

-- windowMs: the nominal length; planned: the limit of a named plan, used until a header says otherwise (0: none).
local function load(key, windowMs, planned, now)
  local values = redis.call('HMGET', key, unpack(FIELDS))
  local b = { key = key, nominal = windowMs, stored = {} }
  for i, field in ipairs(FIELDS) do
    b[field] = tonumber(values[i]) or 0
    b.stored[field] = tonumber(values[i])
  end
  if b.seq == 0 then
    b.seq, b.rate = math.floor(now), -1
  end
  if b.limit == 0 then b.limit = planned end
  b.window = b.hourly == 1 and windowMs * 60 or windowMs
  b.wayUp = math.min(WAY_UP_MAX_MS, b.window / 20)
  return b
end

-- Writes what has changed: most of it does not, and every byte goes to the append-only file.
local function save(b)
  local changed = {}
  for _, field in ipairs(FIELDS) do
    if b[field] ~= b.stored[field] then
      changed[#changed + 1] = field
      changed[#changed + 1] = string.format('%.17g', b[field])
    end
  end
  if #changed == 0 then return end
  redis.call('HSET', b.key, unpack(changed))
  redis.call('PEXPIRE', b.key, KEPT_MS)
end

-- Until here a call that is granted now surely lands in the mirrored window.
local function surelyInsideUntil(b)
  return b.lo + b.window - b.wayUp
end

-- From here on a call that is granted surely lands in a later one. Without an answer, the last call may have opened it.
local function surelyOver(b)
  return (b.hi > 0 and b.hi or b.grantedAt + b.wayUp) + b.window
end

-- What others use per millisecond: this window's growth, weighted by how much of it we have seen, against the windows
-- before. An estimate that no answer refreshes fades, or a busy minute of others could silence us for good.
local function foreignRate(b, now)
  local rate = math.max(b.rate, 0)
  local watched = b.heardAt - b.baseAt
  if b.baseAt > 0 and watched > 0 then
    local growth = math.max(0, b.foreign - b.base) / math.max(watched, b.window / 10)
    local weight = b.rate < 0 and 1 or math.min(1, watched / b.window)
    rate = rate * (1 - weight) + growth * weight
  end
  return rate * 0.5 ^ ((now - b.heardAt) / b.window)
end

-- Begins the next window. `carried` credits of ours may already lie in it.
local function roll(b, now, carried)
  local watched = b.heardAt - b.baseAt
  if b.baseAt > 0 and watched > b.window / 10 then
    local growth = math.max(0, b.foreign - b.base) / watched
    b.rate = b.rate < 0 and growth or (b.rate + growth) / 2
  end
  local follows = b.lo + b.window >= now - b.window -- else windows have passed unseen, and this one began unseen
  b.seq = b.seq + 1
  b.lo, b.hi = math.max(b.lo + b.window, now - b.window, b.aliveAt), 0
  b.own, b.carried, b.flying, b.grey, b.sure, b.bulk = carried, carried, 0, 0, 0, 0
  b.seen, b.seenAt, b.seenOwn, b.aliveAt, b.foreign, b.base = 0, 0, 0, 0, 0, 0
  b.baseAt = follows and b.lo or 0
end

-- Until then, waited for by those who find nothing left.
local function untilOver(b, now)
  return math.max(b.window / 100, surelyOver(b) - now)
end

local function rollIfOver(b, now)
  local over = surelyOver(b)
  if now < over then return end
  -- A whole window later nothing of then is still on its way: calls of dead workers die here.
  roll(b, now, now < over + b.window and b.flying + b.grey - b.sure or 0)
end

-- Takes an ended call out of flight; unless it is sure, nobody knows which side of a grey zone it landed on.
local function land(b, call, cost, isSure)
  if call.seq == b.seq then
    b.flying = math.max(0, b.flying - cost)
    if call.grey >= 0 and not isSure then b.grey = b.grey + cost end
  elseif call.seq == b.seq - 1 then
    b.carried = math.max(0, b.carried - cost)
  end
end

-- Smooths what others have used: a single answer may have overtaken others of ours.
local function noteForeign(b, sample, now)
  if b.baseAt == 0 then
    b.foreign, b.base, b.baseAt = math.max(0, sample), math.max(0, sample), now
  elseif b.heardAt < b.lo then
    b.foreign = math.max(0, sample)
  else
    b.foreign = math.max(0, b.foreign + (sample - b.foreign) / 4)
  end
  b.heardAt = now
end

-- `own`: our credits up to that call, in this window; 0 for a call that was granted in the one before.
local function noteUse(b, call, use, own)
  if use > b.seen then b.seen, b.seenAt, b.seenOwn = use, call.at, own end
end

-- The call's window began after the call that showed `call.seen` was granted: the window before was still counting.
local function noteStart(b, call, isOpener, now)
  b.lo = math.max(b.lo, call.seenAt, isOpener and call.at or 0)
  b.hi = b.hi == 0 and now or math.min(b.hi, now)
end

-- An hour that ends within minutes was never one: its 429 named a long wait for another reason.
local function forgetHourIfDisproved(b, now)
  if b.hourly == 1 and now >= b.lo + b.nominal and now < b.lo + b.window then
    b.hourly, b.window = 0, b.nominal
    b.wayUp = math.min(WAY_UP_MAX_MS, b.window / 20)
  end
end

-- Reads an answer of the window before: it shows which side of the roll-over its call landed on, or leaves it open.
local function hearCarried(b, call, cost, use, now)
  land(b, call, cost)
  if use <= call.seen then
    noteStart(b, call, use <= cost, now)
    noteUse(b, call, use, 0)
  elseif use > b.own + b.foreign + b.limit / 20 then
    b.own = math.max(0, b.own - cost) -- more than this window can have seen: it was of the old one
    if call.grey >= 0 then b.lo = math.max(b.lo, call.at) end
  end
end

-- Whether a use is higher than a window can show that began after the highest one known at the grant was seen.
local function isOfSameWindow(b, call, use, now)
  local others = foreignRate(b, now) * (now - call.seenAt) + b.limit / 20
  return call.seen > 0 and use > b.own - call.seenOwn + b.flying + b.carried + others
end

-- Reads the use that a header shows for a call. `call` holds what was known when it was granted.
local function hear(b, call, cost, use, now)
  if call.seq == b.seq - 1 then return hearCarried(b, call, cost, use, now) end
  if call.seq ~= b.seq then return end
  local isOpener = use <= cost
  if use > call.seen then
    local isSure = isOfSameWindow(b, call, use, now)
    if isSure then b.aliveAt, b.sure = math.max(b.aliveAt, call.at), math.max(b.sure, call.grey) end
    land(b, call, cost, isSure)
    if isOpener then b.lo = math.max(b.lo, call.at) end
    if b.hi == 0 then b.hi = now end
    noteUse(b, call, use, call.own)
    return noteForeign(b, use - call.own, now)
  end
  forgetHourIfDisproved(b, now)
  -- A smaller use before this window can be over is another counter's (list calls have one per collection).
  if now < b.lo + b.window then return land(b, call, cost) end
  roll(b, now, b.flying)
  b.carried = math.max(0, b.carried - cost)
  noteStart(b, call, isOpener, now)
  noteUse(b, call, use, 0)
  noteForeign(b, use - b.own, now)
end
