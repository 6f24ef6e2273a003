import { describe, expect, test } from 'vitest';
import { findByTotal, PLANS } from './plans.ts';

describe('findByTotal', () => {
  test('finds the bucket and its twin', () => {
    expect(findByTotal(400)).toEqual({ bucket: 'overall', other: 120 });
    expect(findByTotal(140)).toEqual({ bucket: 'list', other: 500 });
  });

  test('knows nothing of hourly accounts', () => {
    expect(findByTotal(5000)).toBeUndefined();
  });

  test('is never in doubt: no total stands twice in the table', () => {
    const totals = Object.values(PLANS).flatMap(({ overall, list }) => [overall, list]);
    expect(new Set(totals).size).toBe(totals.length);
  });
});
