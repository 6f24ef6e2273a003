import { ConfigError } from '@fresh-scim/runtime';
import { expect, test } from 'vitest';
import { readConsoleConfig } from './config.ts';

const REDIS_URL = 'redis://127.0.0.1:6379';

test('needs an address of Redis and a data folder, and has defaults for the rest', () => {
  expect(readConsoleConfig({ REDIS_URL, FRESH_SCIM_DATA_DIR: '/data' })).toEqual({
    REDIS_URL,
    FRESH_SCIM_DATA_DIR: '/data',
    passwordPath: '/data/console-password',
    CONSOLE_HOST: '127.0.0.1',
    CONSOLE_PORT: 8081,
    OPS_HOST: '127.0.0.1',
    CONSOLE_OPS_PORT: 9103,
    LOG_LEVEL: 'info',
  });
});

test('without a data folder it needs the secret and a password file', () => {
  expect(() => readConsoleConfig({ REDIS_URL })).toThrow(
    expect.objectContaining({
      problems: [
        expect.stringContaining('FRESH_SCIM_SECRET'),
        expect.stringContaining('CONSOLE_PASSWORD_FILE'),
      ],
    }),
  );
  const secret = Buffer.alloc(32, 7).toString('base64');
  const given = { REDIS_URL, FRESH_SCIM_SECRET: secret, CONSOLE_PASSWORD_FILE: '/run/secrets/console' };
  expect(readConsoleConfig(given)).toMatchObject({
    passwordPath: '/run/secrets/console',
    FRESH_SCIM_SECRET: Buffer.alloc(32, 7),
  });
});

test.each([{ PUBLIC_URL: 'ftp://x' }, { CONSOLE_PORT: '70000' }, { LOG_LEVEL: 'loud' }, { REDIS_URL: '' }])(
  'refuses %j',
  (wrong) => {
    expect(() => readConsoleConfig({ REDIS_URL, FRESH_SCIM_DATA_DIR: '/data', ...wrong })).toThrow(
      ConfigError,
    );
  },
);
