/**
 * The folder of a running `up`: private to its user, and held by at most one supervisor.
 *
 * The lock is an exclusive SQLite transaction on the empty file `lock`, because Node has no flock of its own. SQLite
 * takes a POSIX record lock, which the kernel drops when the holder ends in any way, SIGKILL included, and which no
 * child inherits; so there is no stale lock to detect and no process id to compare. Nothing is ever written to the
 * file. Nobody else may open it in the holder's process: closing any other descriptor of it would drop the lock.
 */
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK_FILE = 'lock';
const SQLITE_BUSY = 5;
/** How long taking the lock waits, so that a passing look by `isDataDirLocked` never refuses a start. */
const LOCK_WAIT_MS = 500;

/** The locks of this process: one that nobody refers to any more would be closed, and so lost, by the garbage collector. */
const held = new Set<DatabaseSync>();

/** A folder cannot be used; the message says why and what to do. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
  /** `locked`: another supervisor holds it. `unsafe`: others can read it. */
  readonly code: 'locked' | 'unsafe';

  constructor(code: 'locked' | 'unsafe', message: string) {
    super(message);
    this.code = code;
  }
}

/** Holds a data folder until it is released or the process ends. */
export interface DataDirLock {
  /** Safe to repeat. */
  release(): void;
}

/**
 * Makes the folder (mode 0700) if it is not there. An existing one that others can enter is closed to them if it is
 * empty, and refused otherwise: it may be somebody's home or /tmp.
 * @throws {DataDirError} unsafe
 */
export async function openDataDir(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await stat(dir);
  if (process.getuid !== undefined && found.uid !== process.getuid()) {
    throw new DataDirError(
      'unsafe',
      `${dir} belongs to another user; choose another folder or change its owner`,
    );
  }
  if ((found.mode & 0o077) === 0) return;
  if ((await readdir(dir)).length > 0) {
    throw new DataDirError('unsafe', `${dir} is open to other users; run: chmod 700 ${dir}`);
  }
  await chmod(dir, 0o700);
}

/**
 * Takes the folder for this process. Released by itself when the process ends, however it ends.
 * @throws {DataDirError} locked, when another process (or this one) holds it.
 */
export function lockDataDir(dir: string): DataDirLock {
  const database = tryTransaction(dir, 'BEGIN EXCLUSIVE', LOCK_WAIT_MS);
  if (database === undefined) {
    throw new DataDirError(
      'locked',
      `${dir} is in use by another fresh-scim that is running; stop that one, or choose another folder`,
    );
  }
  held.add(database);
  return {
    release: () => {
      if (held.delete(database)) database.close();
    },
  };
}

/** Whether some process holds the folder now. Takes nothing itself; false for a folder that is not there. */
export async function isDataDirLocked(dir: string): Promise<boolean> {
  try {
    await stat(join(dir, LOCK_FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  // A read needs a shared lock, which an exclusive one refuses.
  const database = tryTransaction(dir, 'PRAGMA user_version', 0);
  database?.close();
  return database === undefined;
}

function tryTransaction(dir: string, statement: string, timeout: number): DatabaseSync | undefined {
  const database = new DatabaseSync(join(dir, LOCK_FILE), { timeout });
  try {
    database.exec(statement);
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}
