/**
 * The calls per minute of one Freshservice account, shared through Redis by every worker process and connection of it.
 * It mirrors the server's counters and sends no call that the mirror says would be refused. The mirror is two hashes,
 * `{accountId}:budget:overall` and `{accountId}:budget:list`, changed only by the scripts in lua/; this file turns
 * promises into script calls and knows no arithmetic.
 *
 * The server counts per bucket in fixed windows; each opens with the first request after the one before has ended. Its
 * start is known as two bounds, lo and hi. So a bucket is, at any time, in one of these states:
 *
 *   unknown   no Total seen and no plan named: one call in flight at a time, until an answer tells the limit.
 *   inside    before lo + window: a call lands in this window. Normal and bulk calls are paced evenly over what is
 *             left of it: interval = time left / (credits left - reserve), anew at each grant. The reserve, a tenth,
 *             is for urgent calls, which go at once; the last tenth of the window spends what is left of it.
 *   grey      from a little before lo + window to hi + window: a call may land on either side, and counts on both.
 *             Short, it is waited out in silence (urgent calls go). Long, because the state is new or was lost or
 *             nobody called for a while, calls go on at the nominal rate: there is never a burst on a guess.
 *   over      after hi + window, or when a header shows a use not above the highest known when that call was granted:
 *             the next window begins. What is in flight is carried into it, and refunded if its answer proves old.
 *   closed    after a 429, until Retry-After and a little more; without one, for a window. Nothing goes.
 *
 * Invariants: a credit is counted before its call is sent, and never handed back on a guess, so a lost answer or a
 * killed worker costs one credit and needs no sweep. Our credits stay within share x limit; ours and those of others
 * (smoothed, with their rate set aside for the rest of the window) within the limit. A header changes only the bucket
 * that it describes. All times are Redis TIME: clocks of workers do not matter.
 */
import type { Redis } from 'ioredis';
import { Line, type Patience } from './line.ts';
import { findByTotal, PLANS, type PlanName } from './plans.ts';
import { runAnswer, runTake, runUsage } from './scripts.ts';
import type { Bucket, Budget, BudgetUsage, CallUrgency, Grant, RateHeaders, TakeOptions } from './types.ts';

/** Who shares the budget, and how much of the account it may use. */
export interface BudgetOptions {
  readonly redis: Redis;
  /** The Freshservice account; the Redis Cluster hash tag of the budget's keys. */
  readonly accountId: string;
  /** The part of the allowance that is ours, above 0 and at most 1. */
  readonly share: number;
  /** Where to start from, before the first answer. @default learned from the first answer, one call at a time */
  readonly plan?: PlanName | undefined;
  /** The account's minute in milliseconds; anything else is for simulators. @default 60000 */
  readonly windowMs?: number | undefined;
}

const WINDOW_MS = 60_000;
const WINDOW_MIN_MS = 100;
const COST_MAX = 100;

/**
 * The budget of an account. Makes no call and holds no timer until somebody takes. Several instances for one account,
 * in one process or many, share the same credits.
 *
 * `take` costs one round trip to Redis when there is a credit. It waits in place for the next one, and throws
 * {@link BudgetExhausted} when that is too far away: for a list credit about one interval, for a closed or used-up
 * bucket two seconds (at a 60 s window).
 *
 * @throws {RangeError} when the share or the window makes no sense. What Redis throws comes out of `take`, `usage`
 * and the grant's methods.
 */
export function createBudget(options: BudgetOptions): Budget {
  const { redis, accountId, share, plan, windowMs = WINDOW_MS } = options;
  if (!(share > 0 && share <= 1)) throw new RangeError(`share ${share} is not above 0 and at most 1`);
  if (!(windowMs >= WINDOW_MIN_MS)) throw new RangeError(`a window of ${windowMs} ms is too short`);
  const keys = [`{${accountId}}:budget:overall`, `{${accountId}}:budget:list`];
  const planned = plan === undefined ? { overall: 0, list: 0 } : PLANS[plan];
  const patience = patienceOf(windowMs);
  const lines = new Map<string, Line>();

  const ended = async (
    grant: string,
    headers: RateHeaders | undefined,
    status: number,
    retryAfterMs = 0,
  ): Promise<void> => {
    const { total = -1, remaining = -1 } = headers ?? {};
    const { bucket = '', other = 0 } = findByTotal(total) ?? {};
    await runAnswer(redis, keys, [windowMs, grant, status, total, remaining, retryAfterMs, bucket, other]);
  };

  const lineOf = (urgency: CallUrgency, bucket: Bucket): Line => {
    const name = `${urgency} ${bucket}`;
    const known = lines.get(name);
    if (known !== undefined) return known;
    const line = new Line(
      (costs, waiting) =>
        runTake(redis, keys, [
          windowMs,
          share,
          urgency,
          bucket,
          planned.overall,
          planned.list,
          waiting,
          ...costs,
        ]),
      (grant) => ended(grant, undefined, 0),
      patience,
    );
    lines.set(name, line);
    return line;
  };

  return {
    async take({ urgency, bucket, cost = 1, signal }: TakeOptions): Promise<Grant> {
      if (!Number.isInteger(cost) || cost < 1 || cost > COST_MAX)
        throw new RangeError(`a call of ${cost} credits`);
      return toGrant(await lineOf(urgency, bucket).join(cost, signal), ended);
    },

    async usage(): Promise<BudgetUsage> {
      const { limit, used, pausedMs } = await runUsage(redis, keys.slice(0, 1), [windowMs, planned.overall]);
      return { callsPerMinute: limit === 0 ? null : limit, share, usedLastMinute: used, pausedMs };
    },
  };
}

/** The first ending counts; a second one changes nothing. */
function toGrant(
  text: string,
  ended: (
    grant: string,
    headers: RateHeaders | undefined,
    status: number,
    retryAfterMs?: number,
  ) => Promise<void>,
): Grant {
  let hasEnded = false;
  const end = async (
    headers: RateHeaders | undefined,
    status: number,
    retryAfterMs?: number,
  ): Promise<void> => {
    if (hasEnded) return;
    hasEnded = true;
    await ended(text, headers, status, retryAfterMs);
  };
  return {
    answered: (headers, status, retryAfterMs) => end(headers, status, retryAfterMs),
    lost: () => end(undefined, 0),
  };
}

/** At 60 s: two seconds for what is closed, ten in all, a question a second at least. Shorter windows scale it down. */
function patienceOf(windowMs: number): Patience {
  return {
    patienceMs: Math.max(300, Math.min(2000, windowMs / 30)),
    waitMaxMs: 10_000,
    restMaxMs: Math.max(50, Math.min(1000, windowMs / 60)),
    retryMaxMs: windowMs,
  };
}
