import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { parseSecret } from './secret.ts';

test('takes 32 bytes as base64, base64url or bytes, and tells secrets apart by fingerprint', () => {
  const bytes = Buffer.alloc(32, 0xfb);
  const fingerprints = [
    parseSecret(bytes.toString('base64')),
    parseSecret(` ${bytes.toString('base64url')}\n`),
    parseSecret(new Uint8Array(bytes)),
  ].map((secret) => secret.fingerprint);
  expect(new Set(fingerprints).size).toBe(1);
  expect(fingerprints[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(parseSecret(randomBytes(32)).fingerprint).not.toBe(fingerprints[0]);
});

test.each([
  '',
  'short',
  randomBytes(31).toString('base64'),
  randomBytes(33).toString('base64'),
  '!'.repeat(43),
])('refuses %j without repeating it', (text) => {
  expect(() => parseSecret(text)).toThrow(expect.objectContaining({ code: 'invalid-secret' }));
  if (text !== '') expect(() => parseSecret(text)).not.toThrow(text);
});

test('printing a secret shows none of its bytes', () => {
  const bytes = randomBytes(32);
  const printed = inspect(parseSecret(bytes), { depth: 5 }) + JSON.stringify(parseSecret(bytes));
  expect(printed).not.toContain(bytes.toString('base64').slice(0, 8));
  expect(printed).not.toContain(bytes.toString('hex').slice(0, 8));
});
