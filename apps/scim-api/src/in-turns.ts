/** Does work in steps for some milliseconds at a time, between which other requests are served. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Steps } from '@fresh-scim/scim';

/** How long one goes on before others have their turn; a single step may take longer. */
const TURN_MS = 8;

/** @returns what the work returns; an error of it passes through */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const turnEndsAt = performance.now() + TURN_MS;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() < turnEndsAt);
    await othersTurn();
  }
}
