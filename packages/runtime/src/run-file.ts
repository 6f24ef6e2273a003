/** Where commands find a running `up`: the file `run.json` of its data folder. It is believed only while the lock is held. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isDataDirLocked } from './data-dir.ts';
import { writePrivateFile } from './private-file.ts';

const runSchema = z.object({
  pid: z.int().positive(),
  startedAt: z.number(),
  redisUrl: z.string(),
  publicUrl: z.string(),
  consoleUrl: z.string(),
  /** Ports of /livez, /readyz and /metrics by the child's name. */
  opsPorts: z.record(z.string(), z.number()),
  /** Address of the simulated Freshservice account, where one runs. */
  simulatorUrl: z.string().optional(),
});

/** What `up` tells about itself. `redisUrl` may hold a password: the file is private, and it is never printed. */
export type RunFile = z.infer<typeof runSchema>;

/** Writes `run.json` in one step, mode 0600. Call it while holding the lock. */
export async function writeRunFile(dataDir: string, run: RunFile): Promise<void> {
  await writePrivateFile(pathOf(dataDir), `${JSON.stringify(run)}\n`);
}

/** The running `up` of this folder; undefined when none runs, whatever a killed one left behind. */
export async function readRunFile(dataDir: string): Promise<RunFile | undefined> {
  if (!(await isDataDirLocked(dataDir))) return undefined;
  try {
    return runSchema.parse(JSON.parse(await readFile(pathOf(dataDir), 'utf8')));
  } catch (error) {
    // It is starting: it has the lock and has not said yet where it listens.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes `run.json`; safe to repeat. Call it at the start, before listening, and at the end. */
export async function removeRunFile(dataDir: string): Promise<void> {
  await rm(pathOf(dataDir), { force: true });
}

function pathOf(dataDir: string): string {
  return join(dataDir, 'run.json');
}
