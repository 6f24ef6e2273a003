/**
 * Small limits: errors that come in floods are told at a bearable rate, and a wait has an end.
 */

/** A sink for errors. */
export type ErrorSink = (error: Error) => void;

/**
 * Passes on the first error and then at most one in `intervalMs`; the others are dropped.
 *
 * @param now milliseconds that only grow
 */
export function throttled(sink: ErrorSink, intervalMs: number, now: () => number): ErrorSink {
  let quietUntil = Number.NEGATIVE_INFINITY;
  return (error) => {
    const at = now();
    if (at < quietUntil) return;
    quietUntil = at + intervalMs;
    sink(error);
  };
}

/** What was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('something that is no Error was thrown');
}

/** Waits for `work` at most `ms`: true when it has ended in time, however it ended. Never rejects. */
export async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Does `visit` for each item, at most `limit` at a time. Rejects with the first failure, after which no new one is begun. */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  visit: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const takeTurns = async (): Promise<void> => {
    for (const item of rest) await visit(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, takeTurns));
}

/**
 * The result of `work`, or, should `signal` abort first, its reason; `work` then runs on unheard.
 * (Promise.race with one promise that outlives many races would keep a reaction of each.)
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
