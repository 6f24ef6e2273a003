/**
 * A Freshservice account as its limits see it, for the tests and the bench of the budget: fixed windows, each opened by
 * the first request after the one before has ended; a list call debits both buckets and shows the list one. In memory,
 * without HTTP, and sharing no code with the budget or the simulator.
 */
import { setTimeout as delay } from 'node:timers/promises';

type BucketName = 'overall' | 'list';

/** What an answer carries. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly total: number; readonly remaining: number; readonly used: number };
  /** With 429 only; undefined when the account was told to leave it out. */
  readonly retryAfterMs: number | undefined;
}

/** One window of one bucket, as it was. */
export interface Window {
  readonly startedAt: number;
  used: number;
  /** Of `used`, by other applications. */
  foreign: number;
  refused: number;
}

export interface AccountOptions {
  readonly windowMs: number;
  readonly overall: number;
  readonly list: number;
  /** Each way, in milliseconds. @default 5 */
  readonly latencyMs?: number;
  /** Lets 429 go without Retry-After. @default true */
  readonly namesRetryAfter?: boolean;
}

export class Account {
  readonly #options: AccountOptions;
  readonly windows: Record<BucketName, Window[]> = { overall: [], list: [] };
  #foreignTimer: NodeJS.Timeout | undefined;

  constructor(options: AccountOptions) {
    this.#options = { ...options };
  }

  get limits(): Readonly<Record<BucketName, number>> {
    return { overall: this.#options.overall, list: this.#options.list };
  }

  /** How many of our requests were refused, in both buckets. */
  get refused(): number {
    return [...this.windows.overall, ...this.windows.list].reduce((sum, window) => sum + window.refused, 0);
  }

  /** Our credits in each finished window of a bucket but the first, which may have been entered in its middle. */
  ownUse(bucket: BucketName): number[] {
    return this.windows[bucket].slice(1, -1).map((window) => window.used - window.foreign);
  }

  /** One request: on its way, counted or refused, on its way back. */
  async call(bucket: BucketName): Promise<Answer> {
    const { latencyMs = 5 } = this.#options;
    await delay(latencyMs * (0.5 + Math.random()));
    const answer = this.admit(bucket);
    await delay(latencyMs * (0.5 + Math.random()));
    return answer;
  }

  /** Counts or refuses one request now. */
  admit(bucket: BucketName, isForeign = false): Answer {
    const now = performance.now();
    const names: BucketName[] = bucket === 'list' ? ['overall', 'list'] : ['overall'];
    const full = names.findLast((name) => this.#open(name, now).used >= this.limits[name]);
    for (const name of full === undefined ? names : []) {
      const window = this.#open(name, now);
      window.used += 1;
      window.foreign += isForeign ? 1 : 0;
    }
    const shown = full ?? bucket;
    const window = this.#open(shown, now);
    const headers = { total: this.limits[shown], remaining: this.limits[shown] - window.used, used: 1 };
    if (full === undefined) return { status: 200, headers, retryAfterMs: undefined };
    window.refused += isForeign ? 0 : 1;
    const seconds = Math.max(1, Math.ceil((window.startedAt + this.#options.windowMs - now) / 1000));
    return {
      status: 429,
      headers,
      retryAfterMs: this.#options.namesRetryAfter === false ? undefined : seconds * 1000,
    };
  }

  /** Other applications use `perWindow` credits, at irregular intervals, until `stop`. */
  startForeignLoad(perWindow: number): void {
    let nextAt = performance.now();
    const interval = this.#options.windowMs / perWindow;
    this.#foreignTimer = setInterval(() => {
      for (; nextAt <= performance.now(); nextAt += interval * -Math.log(1 - Math.random()))
        this.admit('overall', true);
    }, 2);
  }

  stop(): void {
    clearInterval(this.#foreignTimer);
  }

  #open(bucket: BucketName, now: number): Window {
    const windows = this.windows[bucket];
    const current = windows.at(-1);
    if (current !== undefined && now - current.startedAt < this.#options.windowMs) return current;
    const window = { startedAt: now, used: 0, foreign: 0, refused: 0 };
    windows.push(window);
    return window;
  }
}
