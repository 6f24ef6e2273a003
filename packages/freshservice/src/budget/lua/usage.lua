-- What the account's budget looks like now.
--
-- KEYS  1 overall bucket
-- ARGV  1 nominal window in ms   2 planned limit (0: none)
-- Returns { credits per nominal window (0: unknown), our credits in the last nominal window, ms until a pause ends }.
-- Invariant: writes nothing.

local windowMs = tonumber(ARGV[1])
local now = clock()
local b = load(KEYS[1], windowMs, tonumber(ARGV[2]), now)

-- The minute of the clock that runs, and of the one before the part that a sliding minute still covers.
local minute = math.floor(now / windowMs)
local current = b.minute == minute and b.minuteOwn or 0
local before = b.minute == minute and b.minuteBefore or (b.minute == minute - 1 and b.minuteOwn or 0)
local used = current + before * (1 - (now / windowMs - minute))

return {
  math.floor(b.limit * windowMs / b.window + 0.5),
  math.floor(used + 0.5),
  math.max(0, math.ceil(b.pausedUntil - now)),
}
