import { describe, expect, test } from 'vitest';
import { parseApiKey, parseMinuteMs, parseName, parsePlan, toNameKey } from './input.ts';

describe('a name', () => {
  test.each([
    [' Acme  ', 'Acme'],
    ['Zoe\u0301', 'Zoé'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('%j is taken as %j', (text, name) => {
    expect(parseName(text)).toBe(name);
  });

  test.each(['', '   ', 'x'.repeat(65), 'a\u0000b', 'a\nb', 'a\u200bb', 'c0123456789ab'])(
    '%j is refused',
    (text) => {
      expect(() => parseName(text)).toThrow(expect.objectContaining({ code: 'invalid-name' }));
    },
  );

  test('is compared without case and form', () => {
    expect(toNameKey('ZOE\u0301')).toBe(toNameKey('zoé'));
  });
});

describe('an API key', () => {
  test('loses the line end of its file', () => {
    expect(parseApiKey('Ab1:x-\n')).toBe('Ab1:x-');
  });

  test.each(['', ' \n', 'two words', 'two\nlines', 'é', 'k'.repeat(513)])(
    '%j is refused and not repeated',
    (text) => {
      expect(() => parseApiKey(text)).toThrow(expect.objectContaining({ code: 'invalid-api-key' }));
    },
  );
});

test('a plan is a word in lower case', () => {
  expect(parsePlan(' Pro ')).toBe('pro');
  expect(() => parsePlan('the big one')).toThrow(expect.objectContaining({ code: 'invalid-plan' }));
});

test('a minute is shorter than one for simulators only', () => {
  expect(parseMinuteMs(undefined, false)).toBe(60_000);
  expect(parseMinuteMs(60_000, false)).toBe(60_000);
  expect(parseMinuteMs(2_000, true)).toBe(2_000);
  for (const [ms, any] of [
    [2_000, false],
    [99, true],
    [60_001, true],
    [2.5, true],
    [Number.NaN, true],
  ] as const) {
    expect(() => parseMinuteMs(ms, any)).toThrow(expect.objectContaining({ code: 'invalid-minute' }));
  }
});
