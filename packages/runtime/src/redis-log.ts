/** The log that the embedded Redis writes: kept small, and quoted when the server does not start. */
import { open, rename, stat } from 'node:fs/promises';

const BYTES_MAX = 5 * 1024 * 1024;
const TAIL_BYTES = 1_000;

/** Sets a log that has grown beyond 5 MiB aside, as `.old`. Redis opens the file anew for every line. */
export async function rotateLog(path: string): Promise<void> {
  try {
    const { size } = await stat(path);
    if (size > BYTES_MAX) await rename(path, `${path}.old`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The last line, for an error's text; empty when there is no log. */
export async function lastLogLine(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const tail = Buffer.alloc(TAIL_BYTES);
    const { bytesRead } = await file.read(tail, 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES));
    return tail.toString('utf8', 0, bytesRead).trim().split('\n').at(-1) ?? '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}
