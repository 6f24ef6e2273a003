// Whether other users of this machine can read what is secret in the data folder.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { notChecked, ok, wrong } from './check.ts';
import type { Check } from './check.ts';

const FOLDER = 'data folder';
const SECRET_FILE = 'secret file';
const OTHERS = 0o077;

/** Modes only; no content is read. */
export async function examineFolder(dataDir: string): Promise<Check[]> {
  const secretPath = join(dataDir, 'secret');
  return [
    judgeMode(FOLDER, dataDir, await modeOf(dataDir), '700'),
    judgeMode(SECRET_FILE, secretPath, await modeOf(secretPath), '600'),
  ];
}

/** @param mode undefined where there is no such file, or modes mean nothing */
export function judgeMode(name: string, path: string, mode: number | undefined, right: string): Check {
  if (mode === undefined) return notChecked(name, `There is no ${path} that this user can look at.`);
  if ((mode & OTHERS) === 0) return ok(name);
  return wrong(
    name,
    `Other users can get at ${path} (mode ${(mode & 0o777).toString(8).padStart(4, '0')}).`,
    `Run: chmod ${right} ${path}`,
  );
}

async function modeOf(path: string): Promise<number | undefined> {
  // Windows has no such modes.
  if (process.getuid === undefined) return undefined;
  try {
    return (await stat(path)).mode;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
