import { describe, expect, test } from 'vitest';
import { backOffMs, LICENCE_MS, PARKED_LEAVER_MS, parkedMs } from './back-off.ts';

const HOUR = 3_600_000;

describe('backOffMs', () => {
  const withoutJitter = (isUrgent: boolean): number[] =>
    Array.from({ length: 10 }, (_, failures) => backOffMs(failures, isUrgent, () => 0) / 1000);

  test('doubles from 1 s to 30 s for what takes access away', () => {
    expect(withoutJitter(true)).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 30]);
  });

  test('doubles from 5 s to 15 min for everything else', () => {
    expect(withoutJitter(false)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });
});

describe('parkedMs', () => {
  test('goes from 6 h to a day, and stays there', () => {
    expect([0, 1, 2, 3, 100].map((times) => parkedMs(times, false) / HOUR)).toEqual([6, 12, 24, 24, 24]);
  });

  test('is a quarter of an hour for a leaver, however often', () => {
    expect([0, 1, 100].map((times) => parkedMs(times, true))).toEqual(Array(3).fill(PARKED_LEAVER_MS));
    expect([PARKED_LEAVER_MS, LICENCE_MS]).toEqual([HOUR / 4, HOUR]);
  });
});
