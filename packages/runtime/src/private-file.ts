/** Files of mode 0600 that are either whole or not there, whatever dies in between. */
import { link, open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';

/** Replaces the file's content in one step. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const temporary = await writeTemporary(path, content);
  await rename(temporary, path);
}

/** Makes the file, once: false, and nothing changed, when it exists already. */
export async function createPrivateFile(path: string, content: string): Promise<boolean> {
  const temporary = await writeTemporary(path, content);
  try {
    // A link fails where a rename would replace: of two processes one wins, and both find a whole file.
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeTemporary(path: string, content: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}
