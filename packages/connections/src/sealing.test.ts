import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seal, unseal } from './sealing.ts';
import { parseSecret } from './secret.ts';

const secret = parseSecret(randomBytes(32));
const owner = { connectionId: 'c0123456789ab', baseUrl: 'https://acme.freshservice.com' };

function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
}

describe('a sealed API key', () => {
  test('opens under its secret, for its connection and address', () => {
    expect(unseal(secret, owner, seal(secret, owner, 'key-ü'))).toBe('key-ü');
  });

  test('shows nothing of the key, and no two are alike', () => {
    const one = seal(secret, owner, 'the-api-key');
    const two = seal(secret, owner, 'the-api-key');
    expect(JSON.stringify(one)).not.toContain('the-api-key');
    expect(two.nonce).not.toBe(one.nonce);
    expect(two.box).not.toBe(one.box);
  });

  test('under another secret is refused by name', () => {
    const other = parseSecret(randomBytes(32));
    expect(() => unseal(other, owner, seal(secret, owner, 'k'))).toThrow(
      expect.objectContaining({
        code: 'secret-mismatch',
        message: expect.stringMatching(`${secret.fingerprint}.*${other.fingerprint}`),
      }),
    );
  });

  test.each(['box', 'tag', 'nonce'] as const)('does not open when its %s was altered', (part) => {
    const sealed = seal(secret, owner, 'key');
    expect(() => unseal(secret, owner, { ...sealed, [part]: flipped(sealed[part]) })).toThrow(
      expect.objectContaining({ code: 'seal-broken' }),
    );
  });

  test('does not open with a shortened tag', () => {
    const sealed = seal(secret, owner, 'key');
    const tag = Buffer.from(sealed.tag, 'base64').subarray(0, 4).toString('base64');
    expect(() => unseal(secret, owner, { ...sealed, tag })).toThrow(
      expect.objectContaining({ code: 'seal-broken' }),
    );
  });

  test.each([{ connectionId: 'cffffffffffff' }, { baseUrl: 'https://elsewhere.example' }])(
    'does not open for %j',
    (change) => {
      expect(() => unseal(secret, { ...owner, ...change }, seal(secret, owner, 'key'))).toThrow(
        expect.objectContaining({ code: 'seal-broken' }),
      );
    },
  );
});
