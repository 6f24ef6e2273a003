// Work on a large body that can be left for a while at each `yield`, so that whoever does it may let others in between.
// The work itself stays pure: it neither knows the time nor waits.

/** Work in steps; what it returns is its result, and it throws what it throws. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does the work in one go. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
