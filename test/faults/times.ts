/** How long things take in a case, ms: long enough for a busy machine, short enough for thousands of cases. */

/** A call to Freshservice is over after this. */
export const DEADLINE_MS = 150;
/** Longer than a call can be in flight. */
export const LEASE_MS = 400;
/** What a worker that is frozen in the middle of a call believes to be its deadline: its clock stands still. */
export const FROZEN_DEADLINE_MS = 20_000;
/** Within the deadline, and late enough for another worker to do a whole reconcile meanwhile. */
export const SLOW_MS = 90;
/** The client of a request that hangs gives up first. */
export const HANG_MS = 450;
