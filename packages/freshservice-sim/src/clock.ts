// The account's clock. It can be moved forward, so that a test need not wait for a rate window or the search index.

/** Epoch milliseconds that may run ahead of the machine's clock. */
export interface Clock {
  now(): number;
  /** Moves the clock forward by this many milliseconds. */
  advance(ms: number): void;
}

/** Starts a clock over `source` (epoch milliseconds). */
export function createClock(source: () => number): Clock {
  let offsetMs = 0;
  return {
    now: () => source() + offsetMs,
    advance: (ms) => {
      offsetMs += ms;
    },
  };
}

/** Writes a time as Freshservice does: UTC, whole seconds, `Z`. */
export function toTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The same with milliseconds, as departments have it. */
export function toMillisecondTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}
