/**
 * How many wakes BullMQ holds at a time. The store holds the rest, in the right order and for a fraction of the
 * memory (a waiting job costs about 1 kB), and an urgent change never has a long tail of stale jobs before it.
 */
import { type Lane, wakeJob } from './names.ts';
import { type WakeQueue, countsOf } from './queues.ts';

/**
 * Keys that may wait in BullMQ. Normal: a dozen seconds of work at the largest plan's rate, so order stays fresh.
 * Urgent: far above what the brake lets through in an hour. With n processes that fill at the same instant the
 * window may be exceeded by n steps.
 */
export const WINDOW_KEYS: Readonly<Record<Lane, number>> = { urgent: 1_000, normal: 100 };

/** Keys that may be put back for later (`rateLimited`) besides; they take no worker's time, only memory. */
const DELAYED_KEYS_MAX = 2_000;

/** Keys asked of the store, and added, at once. */
const STEP_KEYS = 50;

/**
 * Gives the keys that should wake a worker now, at most `max`, and remembers that it gave them; `[]` when there are
 * none. Implemented by the directory in one script, so that two processes are never given the same keys. It offers a
 * key again when its wake seems lost (15 s, urgent 1 s).
 */
export type Offer = (max: number) => Promise<readonly string[]>;

/**
 * Moves keys from the store to the queue until the window is full or the store offers fewer than it was asked for.
 * An offered key that is in BullMQ already is dropped by it. Rejects with what Redis or `offer` rejected with; keys
 * that were offered and not added are offered again later.
 */
export async function fillWindow(queue: WakeQueue, lane: Lane, offer: Offer): Promise<void> {
  let room = await roomIn(queue, lane);
  // A normal window is filled again when half of it is used, so that a busy connection is not asked 20 times a second.
  if (lane === 'normal' && room < WINDOW_KEYS.normal / 2) return;
  while (room > 0) {
    const max = Math.min(STEP_KEYS, room);
    const keys = await offer(max);
    if (keys.length > 0) await queue.addBulk(keys.map(wakeJob));
    if (keys.length < max) return;
    room -= keys.length;
  }
}

/** Adds keys that the caller knows to be due, as many as the window takes; the rest waits for the sweep. */
export async function addWakes(queue: WakeQueue, lane: Lane, keys: readonly string[]): Promise<void> {
  const room = await roomIn(queue, lane);
  const taken = keys.slice(0, room);
  if (taken.length > 0) await queue.addBulk(taken.map(wakeJob));
}

async function roomIn(queue: WakeQueue, lane: Lane): Promise<number> {
  const { waiting, delayed } = await countsOf(queue);
  return Math.max(0, Math.min(WINDOW_KEYS[lane] - waiting, DELAYED_KEYS_MAX - delayed));
}
