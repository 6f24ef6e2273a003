import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consolePasswordPath, isSamePassword, readOrCreatePassword } from './password.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fresh-scim-console-'));
  path = join(folder, 'console-password');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('readOrCreatePassword', () => {
  test('makes a private file once, and reads it from then on', async () => {
    const password = await readOrCreatePassword(path);
    expect(password).toMatch(/^[2-9a-z]{5}(-[2-9a-z]{5}){3}$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readOrCreatePassword(path)).toBe(password);
  });

  test('gives the same password to all that start at once, and leaves nothing else behind', async () => {
    const passwords = await Promise.all(Array.from({ length: 20 }, () => readOrCreatePassword(path)));
    expect(new Set(passwords).size).toBe(1);
    expect(await readdir(folder)).toEqual(['console-password']);
  });

  test('takes the password of an operator, without its line end', async () => {
    await writeFile(path, 'correct horse battery\n');
    expect(await readOrCreatePassword(path)).toBe('correct horse battery');
  });

  test.each(['', '\n', 'too short\n', 'x'.repeat(257)])(
    'refuses a file that holds %j, and keeps it',
    async (text) => {
      await writeFile(path, text);
      await expect(readOrCreatePassword(path)).rejects.toThrow('does not hold a password');
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  test('fails where the folder is not there', async () => {
    await expect(readOrCreatePassword(join(folder, 'no', 'password'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

test('the file of an operator goes before that of the data folder', () => {
  expect(consolePasswordPath({ CONSOLE_PASSWORD_FILE: '/p', FRESH_SCIM_DATA_DIR: '/d' })).toBe('/p');
  expect(consolePasswordPath({ FRESH_SCIM_DATA_DIR: '/d' })).toBe('/d/console-password');
  expect(consolePasswordPath({})).toBeUndefined();
});

test('passwords are compared whole', () => {
  expect(isSamePassword('secret', 'secret')).toBe(true);
  for (const other of ['', 'Secret', 'secre', 'secret ', 'secretsecret']) {
    expect(isSamePassword(other, 'secret')).toBe(false);
  }
});
