/** Sorting thousands of resources without holding up other requests: small runs first, then merged in small steps. */
import { setImmediate as othersTurn } from 'node:timers/promises';

/** Sorted or merged in one go: well below a millisecond. */
const SLICE = 500;

/** Stable. The order of `compare` must not change meanwhile. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: (one: T, other: T) => number,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += SLICE) {
    runs.push(items.slice(start, start + SLICE).sort(compare));
    await othersTurn();
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      longer.push(await merge(runs[index] ?? [], runs[index + 1] ?? [], compare));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (one: T, other: T) => number,
): Promise<T[]> {
  const merged: T[] = [];
  let [fromLeft, fromRight] = [0, 0];
  while (fromLeft < left.length && fromRight < right.length) {
    const [one, other] = [left[fromLeft] as T, right[fromRight] as T]; // both indexes are within bounds
    if (compare(one, other) <= 0) {
      merged.push(one);
      fromLeft += 1;
    } else {
      merged.push(other);
      fromRight += 1;
    }
    if (merged.length % SLICE === 0) await othersTurn();
  }
  return merged.concat(left.slice(fromLeft), right.slice(fromRight));
}
