/** For what may go wrong a thousand times a second: said at most once in a while, with how often it happened. */

export interface SparseLog<T> {
  /** It happened once more; the newest is what will be said. */
  readonly note: (what: T) => void;
  /** Says what is not said yet. */
  readonly end: () => void;
}

const EVERY_MS = 5_000;

/** The first is said at once, then what happened within 5 s in one go. */
export function createSparseLog<T>(say: (newest: T, times: number) => void): SparseLog<T> {
  let unsaid: { readonly newest: T; readonly times: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): boolean => {
    if (!unsaid) return false;
    const { newest, times } = unsaid;
    unsaid = undefined;
    say(newest, times);
    return true;
  };
  const tick = (): void => {
    timer = flush() ? setTimeout(tick, EVERY_MS).unref() : undefined;
  };
  return {
    note: (newest) => {
      unsaid = { newest, times: (unsaid?.times ?? 0) + 1 };
      if (timer === undefined) tick();
    },
    end: () => {
      clearTimeout(timer);
      timer = undefined;
      flush();
    },
  };
}
