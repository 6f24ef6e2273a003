// Reads an API key from a file or from stdin: never from an argument, which every user of the machine can see.
import { readFile, stat } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError, EXIT } from '../failure.ts';
import type { Io } from '../io.ts';

const KEY_CHARACTERS_MAX = 4_096;

/**
 * The key in `path`, or in stdin for `-`, without the space around it.
 * @throws {CliError} no-api-key; it never repeats what was read
 */
export async function readKeyFile(path: string, io: Io): Promise<string> {
  const key = (path === '-' ? await text(process.stdin) : await readIt(path, io)).trim();
  if (key === '' || key.length > KEY_CHARACTERS_MAX) {
    throw noKey(path === '-' ? 'Stdin holds no API key.' : `${path} holds no API key.`);
  }
  return key;
}

async function readIt(path: string, io: Io): Promise<string> {
  try {
    const { mode, size } = await stat(path);
    if (size > KEY_CHARACTERS_MAX) throw noKey(`${path} is too large to be an API key.`);
    if ((mode & 0o044) !== 0) io.hint(`Warning: other users can read ${path}; run: chmod 600 ${path}`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw noKey(
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code ?? 'unknown'}).`,
    );
  }
}

function noKey(message: string): CliError {
  return new CliError(
    EXIT.wrongUsage,
    'no-api-key',
    message,
    'Put the key, one line and nothing else, into a file that only you can read, or pass it with --api-key-file - on stdin.',
  );
}
