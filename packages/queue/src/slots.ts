/**
 * A process's slots for work, handed out in turn over groups (connections): a group with 10,000 keys waiting gets as
 * many as one with ten. Pure: no clock, no Redis.
 *
 * Invariants: at most `total` slots are held; a slot is free only while nobody waits; `ring` holds exactly the groups
 * that have somebody waiting, each once, in the order in which they are served next.
 */

/** Gives the slot back. Safe to call more than once. */
export type Release = () => void;

/** A semaphore that is fair between groups, and first come first served within one. */
export interface Slots {
  /** @throws the signal's reason, when it aborts before a slot was given; a slot once given is not taken away. */
  acquire(group: string, signal: AbortSignal): Promise<Release>;
  readonly held: number;
  readonly waiting: number;
}

interface Waiter {
  grant(): void;
}

/** @param total slots of this process; an integer from 1 */
export function createSlots(total: number): Slots {
  if (!Number.isInteger(total) || total < 1) throw new RangeError('slots must be an integer from 1');
  const ring = new Map<string, Waiter[]>();
  let held = 0;
  let waiting = 0;

  /** Serves the group that is first in the ring and moves it to the end, if it has more. */
  function passOn(): void {
    const next = ring.entries().next();
    if (next.done) {
      held -= 1;
      return;
    }
    const [group, waiters] = next.value;
    const waiter = waiters.shift();
    ring.delete(group);
    if (waiters.length > 0) ring.set(group, waiters);
    waiting -= 1;
    waiter?.grant();
  }

  function releaseOnce(): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      passOn();
    };
  }

  function leave(group: string, waiter: Waiter): void {
    const rest = (ring.get(group) ?? []).filter((other) => other !== waiter);
    if (rest.length > 0) ring.set(group, rest);
    else ring.delete(group);
    waiting -= 1;
  }

  return {
    async acquire(group, signal) {
      signal.throwIfAborted();
      if (held < total) {
        held += 1;
        return releaseOnce();
      }
      return new Promise<Release>((resolve, reject) => {
        const onAbort = (): void => {
          leave(group, waiter);
          reject(signal.reason);
        };
        const waiter: Waiter = {
          grant: () => {
            signal.removeEventListener('abort', onAbort);
            resolve(releaseOnce());
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        const waiters = ring.get(group);
        if (waiters === undefined) ring.set(group, [waiter]);
        else waiters.push(waiter);
        waiting += 1;
      });
    },
    get held() {
      return held;
    },
    get waiting() {
      return waiting;
    },
  };
}
