/**
 * Turns of those who met at one resource. The first try of a change goes at once; who finds that somebody was faster
 * tries again when those of this process who found so earlier have tried. Without it all of them load the same version
 * again and one of them is stored: on a busy machine, where a try takes longer than any pause, most are given up.
 *
 * Invariant: nobody waits for ever. A try that hangs holds the others up for five seconds each, and they go on.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MAX_MS = 5_000;

/** The end of the last turn of each name; by connection, because that is what a process has one of. */
const lastTurns = new WeakMap<object, Map<string, Promise<void>>>();

/**
 * Does the work when whoever came earlier for the same name has done theirs, however it ended.
 * @param of what the turns belong to, such as a connection to Redis
 * @param waitMaxMs then it goes on without its turn. @default 5000
 */
export async function oneByOne<T>(
  of: object,
  name: string,
  work: () => Promise<T>,
  waitMaxMs = WAIT_MAX_MS,
): Promise<T> {
  const turns = lastTurns.get(of) ?? new Map<string, Promise<void>>();
  lastTurns.set(of, turns);
  const before = turns.get(name);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  turns.set(name, ended);
  try {
    if (before !== undefined) await endOf(before, waitMaxMs);
    return await work();
  } finally {
    end();
    if (turns.get(name) === ended) turns.delete(name);
  }
}

async function endOf(turn: Promise<void>, waitMaxMs: number): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const longEnough = sleep(waitMaxMs, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error; // Aborted is what it is when the turn has ended.
  });
  await Promise.race([turn, longEnough]);
  over.abort();
}
