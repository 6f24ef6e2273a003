import { describe, expect, test } from 'vitest';
import { admitsToken, hashToken, isTokenShaped, mintToken, parseTokenRecord } from './tokens.ts';

describe('a token', () => {
  test('is short, url-safe, and different each time', () => {
    const tokens = Array.from({ length: 100 }, mintToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) {
      expect(token).toMatch(/^fsc_[A-Za-z0-9_-]{43}$/);
      expect(isTokenShaped(token)).toBe(true);
    }
  });

  test.each([
    '',
    'fsc_',
    'fsc_short',
    `fsc_${'a'.repeat(44)}`,
    `FSC_${'a'.repeat(43)}`,
    `fsc_${'a'.repeat(42)}:`,
  ])('%j is not one', (text) => {
    expect(isTokenShaped(text)).toBe(false);
  });
});

describe('admitsToken', () => {
  const hash = hashToken(mintToken());
  const record = { connectionId: 'c', sha256: hash, createdAt: 0 };

  test('admits the token itself, and no other', () => {
    expect(admitsToken(record, hash, 1)).toBe(true);
    expect(admitsToken(record, hashToken(mintToken()), 1)).toBe(false);
  });

  test('admits it until it expires', () => {
    expect(admitsToken({ ...record, expiresAt: 10 }, hash, 9)).toBe(true);
    expect(admitsToken({ ...record, expiresAt: 10 }, hash, 10)).toBe(false);
  });
});

test.each(['', '{', '{}', '{"connectionId":"c","sha256":"ab","createdAt":1}'])(
  '%j is no token record',
  (text) => {
    expect(() => parseTokenRecord(text)).toThrow(expect.objectContaining({ code: 'malformed-record' }));
  },
);
