/** The secret of an `up` that was given none: made once, kept in its data folder. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrivateFile } from './private-file.ts';

/**
 * 32 bytes in base64, from the file `secret` of the folder; made (mode 0600) on the first call and never replaced,
 * because everything sealed with it would be lost.
 * @throws when the file is there but holds something else; the text never shows the content.
 */
export async function readOrCreateSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret');
  await createPrivateFileIfAbsent(path);
  const secret = (await readFile(path, 'utf8')).trim();
  if (!/^[A-Za-z0-9+/]{43}=$/.test(secret)) {
    throw new Error(`${path} does not hold 32 bytes in base64; restore it from your backup`);
  }
  return secret;
}

async function createPrivateFileIfAbsent(path: string): Promise<void> {
  await createPrivateFile(path, `${randomBytes(32).toString('base64')}\n`);
}
