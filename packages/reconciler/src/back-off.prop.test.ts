import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

const failures = fc.nat({ max: 100_000 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a gap lies between three quarters of the shortest and the longest', () => {
  fc.assert(
    fc.property(failures, fc.boolean(), chance, (failures, isUrgent, random) => {
      const [first, last] = isUrgent ? [1000, 30_000] : [5000, 900_000];
      const gap = backOffMs(failures, isUrgent, () => random);
      expect(gap).toBeGreaterThanOrEqual(first * 0.75);
      expect(gap).toBeLessThanOrEqual(last);
      expect(Number.isInteger(gap)).toBe(true);
    }),
  );
});

test('one more failure never shortens a gap of the same luck, and urgent is never the longer one', () => {
  fc.assert(
    fc.property(failures, fc.boolean(), chance, (failures, isUrgent, random) => {
      const gap = (count: number, urgent: boolean): number => backOffMs(count, urgent, () => random);
      expect(gap(failures + 1, isUrgent)).toBeGreaterThanOrEqual(gap(failures, isUrgent));
      expect(gap(failures, true)).toBeLessThanOrEqual(gap(failures, false));
    }),
  );
});
