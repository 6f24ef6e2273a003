// The console's password: generated once, kept in a file that only its user can read. Whoever starts first makes the
// file; it is whole from the moment that it exists, so nobody reads half a password.
import { createHash, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Without 0, 1, i, l, o: it is read from a screen and typed. 20 of 31 characters are 99 bits.
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const GROUPS = 4;
const GROUP_CHARACTERS = 5;
const CHARACTERS_MIN = 12;
const CHARACTERS_MAX = 256;

/** Where the password is: `CONSOLE_PASSWORD_FILE`, or `console-password` in the data folder; undefined without either. */
export function consolePasswordPath(env: {
  readonly CONSOLE_PASSWORD_FILE?: string | undefined;
  readonly FRESH_SCIM_DATA_DIR?: string | undefined;
}): string | undefined {
  if (env.CONSOLE_PASSWORD_FILE) return env.CONSOLE_PASSWORD_FILE;
  return env.FRESH_SCIM_DATA_DIR ? join(env.FRESH_SCIM_DATA_DIR, 'console-password') : undefined;
}

/**
 * The password in the file, which is made (mode 0600) with a generated one if it is not there. An existing file is
 * never changed.
 *
 * @throws {Error} when the file cannot be read or made, or holds fewer than 12 or more than 256 characters
 */
export async function readOrCreatePassword(path: string): Promise<string> {
  const password = ((await readIfThere(path)) ?? (await create(path))).trim();
  if (password.length < CHARACTERS_MIN || password.length > CHARACTERS_MAX) {
    throw new Error(
      `${path} does not hold a password of ${CHARACTERS_MIN} to ${CHARACTERS_MAX} characters; delete it to have one made`,
    );
  }
  return password;
}

/** Whether two passwords are the same, in a time that does not depend on where they differ, nor on their length. */
export function isSamePassword(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function create(path: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, `${generatePassword()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // A link fails where a rename would replace: of two processes one wins, and both read its file.
    await link(temporary, path);
  } catch (error) {
    if (!isErrorCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(path, 'utf8');
}

function generatePassword(): string {
  const group = (): string =>
    Array.from({ length: GROUP_CHARACTERS }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
