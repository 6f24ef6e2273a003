/** How long things take in a case, ms: long enough for the machine as it is now, short enough for thousands of cases. */
export interface Times {
  /** A call to Freshservice is over after this. */
  readonly deadlineMs: number;
  /** Longer than a call can be in flight. */
  readonly leaseMs: number;
  /** What a worker that is frozen in the middle of a call believes to be its deadline: its clock stands still. */
  readonly frozenDeadlineMs: number;
  /** Within the deadline, and late enough for another worker to do a whole reconcile meanwhile. */
  readonly slowMs: number;
  /** The client of a request that hangs gives up first. */
  readonly hangMs: number;
}

/** @param slowness how much longer everything takes than on a machine that has nothing else to do; whole, from 1 */
export const timesOf = (slowness: number): Times => ({
  deadlineMs: 150 * slowness,
  leaseMs: 400 * slowness,
  frozenDeadlineMs: 20_000 * slowness,
  slowMs: 90 * slowness,
  hangMs: 450 * slowness,
});
