import { expect, it } from 'vitest';
import { quoted } from './redis-settings.ts';

it.each([
  ['/home/ines/data', '"/home/ines/data"'],
  ['/with space/é', '"/with space/é"'],
  ['/a"b\\c', '"/a\\"b\\\\c"'],
])('quotes %s', (path, expected) => {
  expect(quoted(path)).toBe(expected);
});
