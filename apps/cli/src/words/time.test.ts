import { expect, test } from 'vitest';
import { toDuration, toTime, toUntil } from './time.ts';

test.each([
  [0, '0 s'],
  [119, '119 s'],
  [121, '2 min'],
  [7_300, '2 h'],
  [400_000, '5 d'],
])('%i seconds are %s', (seconds, words) => {
  expect(toDuration(seconds)).toBe(words);
});

test('times are UTC, and what is past is now', () => {
  expect(toTime(0)).toBe('1970-01-01 00:00:00Z');
  expect(toUntil(5_000, 10_000)).toBe('now');
  expect(toUntil(70_000, 10_000)).toBe('in 60 s');
});
