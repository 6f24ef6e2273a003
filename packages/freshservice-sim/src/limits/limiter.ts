// Fixed windows, one per bucket, each opened by the first request in it (seen in traffic: not aligned to the clock,
// not sliding). Invariant: `used` of a window never exceeds its limit; what is refused is counted apart.
import type { Knobs } from '../knobs.ts';
import { PLAN_LIMITS, type Bucket, type PlanLimits } from './plans.ts';

const WINDOWS_KEPT = 500;

/** One window of one bucket. */
export interface Window {
  readonly startedAt: number;
  limit: number;
  /** Credits used, foreign ones included. */
  used: number;
  /** Credits used by other applications. */
  foreign: number;
  /** Requests refused with 429. */
  refused: number;
}

/** The verdict on one request. The figures are those of the bucket that the headers describe. */
export interface Admission {
  readonly isAdmitted: boolean;
  readonly bucket: Bucket;
  readonly total: number;
  readonly remaining: number;
  readonly cost: number;
  /** Whole seconds until the window ends, at least 1. */
  readonly retryAfterSeconds: number;
}

/** What has been used of one bucket since the last reset. */
export interface BucketUse {
  windows: number;
  maxUsed: number;
  refused: number;
  /** The newest windows, oldest first; at most 500. */
  recent: Window[];
}

/** The account's request counters. */
export class RateLimiter {
  readonly #knobs: () => Knobs;
  readonly #use = new Map<Bucket, BucketUse>();
  #foreignAt: number | undefined;

  constructor(knobs: () => Knobs) {
    this.#knobs = knobs;
  }

  /** Forgets all windows. */
  reset(): void {
    this.#use.clear();
    this.#foreignAt = undefined;
  }

  /** What was used of each bucket. */
  usage(): Record<string, BucketUse> {
    return Object.fromEntries(this.#use);
  }

  /** Debits a request of `cost` credits, or refuses it. The most specific bucket comes last in `buckets`. */
  admit(buckets: readonly Bucket[], cost: number, now: number): Admission {
    const knobs = this.#knobs();
    const limits = PLAN_LIMITS[knobs.plan];
    const windowMs = knobs.windowMs * limits.windowMinutes;
    this.#debitForeign(knobs, limits, windowMs, now);
    const windows = buckets
      .map((bucket) => ({ bucket, limit: bucket === 'overall' ? limits.overall : limits.list }))
      .flatMap(({ bucket, limit }) =>
        limit === undefined ? [] : [{ bucket, window: this.#open(bucket, limit, windowMs, now) }],
      );
    const exhausted = windows.findLast(({ window }) => window.used + cost > window.limit);
    for (const { bucket, window } of windows) {
      if (exhausted === undefined) window.used += cost;
      else if (knobs.count429) window.used = Math.min(window.limit, window.used + cost);
      this.#noteUse(bucket, window);
    }
    const described = exhausted ?? windows.at(-1);
    if (described === undefined) throw new RangeError('a request debits at least the overall bucket');
    if (exhausted !== undefined) {
      exhausted.window.refused += 1;
      this.#useOf(exhausted.bucket).refused += 1;
    }
    return this.#admission(described, exhausted === undefined, cost, windowMs, now);
  }

  /** What the headers say when a request is not debited: the overall bucket as it is. */
  peek(now: number): Admission {
    const knobs = this.#knobs();
    const limits = PLAN_LIMITS[knobs.plan];
    const windowMs = knobs.windowMs * limits.windowMinutes;
    const current = this.#use.get('overall')?.recent.at(-1);
    const isOpen = current !== undefined && now - current.startedAt < windowMs;
    const window = isOpen ? current : newWindow(limits.overall, now);
    return this.#admission({ bucket: 'overall', window }, true, 0, windowMs, now);
  }

  #admission(
    described: { bucket: Bucket; window: Window },
    isAdmitted: boolean,
    cost: number,
    windowMs: number,
    now: number,
  ): Admission {
    const { bucket, window } = described;
    const remaining = isAdmitted ? Math.max(0, window.limit - window.used) : 0;
    const retryAfterSeconds = Math.max(1, Math.ceil((window.startedAt + windowMs - now) / 1000));
    return { isAdmitted, bucket, total: window.limit, remaining, cost, retryAfterSeconds };
  }

  /** Other applications call at even intervals; their calls are refused like ours once the window is used up. */
  #debitForeign(knobs: Knobs, limits: PlanLimits, windowMs: number, now: number): void {
    if (knobs.foreignLoadPerMin === 0) {
      this.#foreignAt = undefined;
      return;
    }
    const intervalMs = knobs.windowMs / knobs.foreignLoadPerMin;
    // More than two windows back nothing can matter any more.
    let at = Math.max(this.#foreignAt ?? now, now - 2 * windowMs);
    for (; at <= now; at += intervalMs) {
      const window = this.#open('overall', limits.overall, windowMs, at);
      if (window.used >= window.limit) continue;
      window.used += 1;
      window.foreign += 1;
      this.#noteUse('overall', window);
    }
    this.#foreignAt = at;
  }

  #open(bucket: Bucket, limit: number, windowMs: number, now: number): Window {
    const use = this.#useOf(bucket);
    const current = use.recent.at(-1);
    if (current !== undefined && now - current.startedAt < windowMs) {
      current.limit = limit;
      return current;
    }
    const window = newWindow(limit, now);
    use.recent.push(window);
    if (use.recent.length > WINDOWS_KEPT) use.recent.shift();
    use.windows += 1;
    return window;
  }

  #noteUse(bucket: Bucket, window: Window): void {
    const use = this.#useOf(bucket);
    use.maxUsed = Math.max(use.maxUsed, window.used);
  }

  #useOf(bucket: Bucket): BucketUse {
    let use = this.#use.get(bucket);
    if (use === undefined) {
      use = { windows: 0, maxUsed: 0, refused: 0, recent: [] };
      this.#use.set(bucket, use);
    }
    return use;
  }
}

function newWindow(limit: number, startedAt: number): Window {
  return { startedAt, limit, used: 0, foreign: 0, refused: 0 };
}
