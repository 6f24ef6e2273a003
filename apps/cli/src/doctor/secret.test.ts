import { expect, test } from 'vitest';
import { openSecret } from './secret.ts';

test('a secret that is missing or malformed is a problem, and is not repeated', () => {
  expect(openSecret(undefined)).toMatchObject({ state: 'problem' });
  const check = openSecret('not-a-secret-of-ours');
  expect(check).toMatchObject({ state: 'problem' });
  expect(JSON.stringify(check)).not.toContain('not-a-secret-of-ours');
  expect(openSecret(Buffer.alloc(32).toString('base64'))).toHaveProperty('key');
});
