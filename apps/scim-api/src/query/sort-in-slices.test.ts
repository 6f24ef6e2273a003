import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortInSlices } from './sort-in-slices.ts';

it('sorts as the array does, and keeps the order of ties', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 3_000, size: 'max' }),
      async (keys) => {
        const items = keys.map((key, index) => ({ key, index }));
        const compare = (one: { key: number }, other: { key: number }): number => one.key - other.key;
        expect(await sortInSlices(items, compare)).toEqual(items.toSorted(compare));
      },
    ),
    { numRuns: 20 },
  );
});

it('lets others have their turn', async () => {
  const items = Array.from({ length: 20_000 }, (_, index) => (index * 7_919) % 20_000);
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const sorted = await sortInSlices(items, (one, other) => one - other);
  isDone = true;
  expect(sorted).toEqual(items.toSorted((one, other) => one - other));
  expect(turns).toBeGreaterThan(100);
});
