// Bounded concurrency over lanes: the items of one lane strictly in order, `concurrency` lanes at once.

/**
 * Works every lane. The first error stops the rest: `stop` is aborted, and the error is thrown once no work is under way.
 * An abort from outside, through `signal`, ends it without an error of its own.
 */
export async function workLanes<T>(
  lanes: readonly (readonly T[])[],
  concurrency: number,
  stop: AbortController,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = lanes.values();
  const takeLanes = async () => {
    for (const lane of waiting) {
      for (const item of lane) {
        if (signal.aborted) return;
        try {
          await work(item);
        } catch (error) {
          if (signal.aborted) return; // what an abort does to requests in flight is no error of theirs
          stop.abort();
          throw error;
        }
      }
    }
  };
  const takers = await Promise.allSettled(Array.from({ length: concurrency }, takeLanes));
  for (const taker of takers) if (taker.status === 'rejected') throw taker.reason;
}
