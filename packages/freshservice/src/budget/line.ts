/**
 * The waiting line of one class of calls (an urgency and a bucket) in one process. First come, first served; one
 * question to Redis at a time asks for everybody who waits. Knows no Redis and no windows: it is given `ask`.
 *
 * States: *idle* (nobody waits, no timer, nothing asked), *asking* (a question is under way; whoever joins is asked for
 * by the next one), *resting* (a timer runs until the time that the answer named). A timer exists only while somebody
 * waits. Every call that joins ends exactly once: with a grant, a BudgetExhausted, its signal's reason, or the error of
 * the question.
 */
import { BudgetExhausted } from './exhausted.ts';
import type { Taken } from './scripts.ts';
import type { Bucket } from './types.ts';

/** How long calls of a line may wait in place. All in milliseconds. */
export interface Patience {
  /** For a bucket that is closed or used up, and for the first in line of a paced list bucket. */
  readonly patienceMs: number;
  /** In all, since joining. */
  readonly waitMaxMs: number;
  /** Between two questions while somebody waits: an answer of another process may have changed the picture. */
  readonly restMaxMs: number;
  /** Who is sent away is told to come back within this, unless the bucket is known to be closed for longer. */
  readonly retryMaxMs: number;
}

const ASKED_FOR_MAX = 100;
const LIST_PATIENCE_MIN_MS = 100;

interface Waiter {
  readonly cost: number;
  readonly joinedAt: number;
  readonly resolve: (grant: string) => void;
  readonly reject: (reason: unknown) => void;
}

export class Line {
  readonly #ask: (costs: readonly number[], waiting: number) => Promise<Taken>;
  readonly #unused: (grant: string) => Promise<void>;
  readonly #patience: Patience;
  #waiters: Waiter[] = [];
  #isAsking = false;
  #timer: NodeJS.Timeout | undefined;
  /** The time up to which callers that were sent away have been told to come back. */
  #bookedUntil = 0;

  /** `unused` is given grants whose caller has left in the meantime. */
  constructor(
    ask: (costs: readonly number[], waiting: number) => Promise<Taken>,
    unused: (grant: string) => Promise<void>,
    patience: Patience,
  ) {
    this.#ask = ask;
    this.#unused = unused;
    this.#patience = patience;
  }

  /** @throws {BudgetExhausted} when a grant is too far away; the signal's reason; whatever `ask` throws */
  async join(cost: number, signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const waiter: Waiter = { cost, joinedAt: performance.now(), resolve, reject };
    const leave = (): void => this.#leave(waiter, signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    this.#waiters.push(waiter);
    if (!this.#isAsking && this.#timer === undefined) void this.#serve();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #leave(waiter: Waiter, reason: unknown): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    if (this.#waiters.length === 0) this.#stopResting();
    waiter.reject(reason);
  }

  #stopResting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Asks until nobody waits or the next credit is some time away. Never rejects. */
  async #serve(): Promise<void> {
    this.#isAsking = true;
    this.#stopResting();
    let restMs = 0;
    while (restMs === 0 && this.#waiters.length > 0) restMs = await this.#askOnce();
    this.#isAsking = false;
    if (this.#waiters.length > 0) this.#timer = setTimeout(() => void this.#serve(), restMs);
  }

  /** Returns how long to rest before the next question. */
  async #askOnce(): Promise<number> {
    const asked = this.#waiters.slice(0, ASKED_FOR_MAX);
    try {
      const costs = asked.map((waiter) => waiter.cost);
      const taken = await this.#ask(costs, this.#waiters.length);
      await this.#handOut(taken.grants, asked);
      if (taken.waitMs === 0) return 0;
      this.#sendAway(taken);
      return Math.ceil(Math.min(Math.max(taken.waitMs, 1), this.#patience.restMaxMs));
    } catch (error) {
      for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
      return 0;
    }
  }

  /** The grants are in the order of those asked for; one of them may have left meanwhile. */
  async #handOut(grants: readonly string[], asked: readonly Waiter[]): Promise<void> {
    const unused: string[] = [];
    for (const [i, grant] of grants.entries()) {
      const waiter = asked[i];
      const place = waiter === undefined ? -1 : this.#waiters.indexOf(waiter);
      if (waiter === undefined || place === -1) {
        unused.push(grant);
      } else {
        this.#waiters.splice(place, 1);
        waiter.resolve(grant);
      }
    }
    for (const grant of unused) await this.#unused(grant);
  }

  /** Rejects those for whom the wait would be too long. */
  #sendAway(taken: Taken): void {
    const { patienceMs, waitMaxMs, retryMaxMs } = this.#patience;
    const { heldBy, waitMs, intervalMs } = taken;
    const now = performance.now();
    const isFar = waitMs > patienceMs;
    // A paced list credit is worth about one interval of waiting: longer, and the slot is better used by other work.
    const listPatienceMs = Math.min(patienceMs, Math.max(LIST_PATIENCE_MIN_MS, intervalMs));
    const staying: Waiter[] = [];
    for (const waiter of this.#waiters) {
      const expectedMs = waitMs + staying.length * intervalMs;
      const isTired = now - waiter.joinedAt > waitMaxMs;
      const isListFar = heldBy === 'list' && expectedMs > listPatienceMs;
      if (isFar || isTired || isListFar) waiter.reject(this.#refusal(heldBy, now, taken, retryMaxMs));
      else staying.push(waiter);
    }
    this.#waiters = staying;
  }

  /** Each one that is sent away is told a time of its own, one interval after the one before. */
  #refusal(bucket: Bucket, now: number, { waitMs, intervalMs }: Taken, retryMaxMs: number): BudgetExhausted {
    const latest = now + Math.max(waitMs, retryMaxMs);
    this.#bookedUntil = Math.min(Math.max(this.#bookedUntil, now + waitMs) + intervalMs, latest);
    return new BudgetExhausted(bucket, Math.round(this.#bookedUntil - now));
  }
}
