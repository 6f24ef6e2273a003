// Where `doctor` has to look. Unlike other commands it goes on when a part is missing, because that is what it is asked
// about; and it makes nothing, the secret included.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { httpUrlVariable, readConfig, readRunFile, redisUrlVariable } from '@fresh-scim/runtime';
import type { RunFile } from '@fresh-scim/runtime';
import * as z from 'zod';
import { CliError, EXIT } from '../failure.ts';
import type { Io } from '../io.ts';
import { dataDirOf, demoDirOf } from '../places.ts';

const schema = z.object({
  REDIS_URL: redisUrlVariable().optional(),
  FRESH_SCIM_SECRET: z.string().optional(),
  PUBLIC_URL: httpUrlVariable().optional(),
});

/** What is known of an installation without asking anything of it. */
export interface Place {
  readonly dataDir: string;
  /** What the `up` of this folder says of itself; undefined where none runs. */
  readonly run: RunFile | undefined;
  /** May hold a password: never print it. */
  readonly redisUrl: string;
  /** As it was given, unchecked; undefined where there is none. */
  readonly secret: string | undefined;
  /** What Tenant URLs begin with; undefined where nobody said so. */
  readonly publicUrl: string | undefined;
}

/** @throws {CliError} not-running; {ConfigError} */
export async function findPlace(io: Io): Promise<Place> {
  const config = readConfig(schema, io.env);
  const { dataDir, run } = await findRun(dataDirOf(io.env), config.REDIS_URL === undefined, io);
  const redisUrl = config.REDIS_URL ?? run?.redisUrl;
  if (redisUrl === undefined) {
    throw new CliError(
      EXIT.notReachable,
      'not-running',
      `No fresh-scim runs in ${dataDir}.`,
      'Start it with "npm start", or set FRESH_SCIM_DATA_DIR, or REDIS_URL and FRESH_SCIM_SECRET.',
    );
  }
  // As the processes have it: the folder counts where it is theirs, and not only the default of a command.
  const isTheirs = run !== undefined || Boolean(io.env['FRESH_SCIM_DATA_DIR']?.trim());
  return {
    dataDir,
    run,
    redisUrl,
    secret: config.FRESH_SCIM_SECRET ?? (isTheirs ? await loadSecretFile(dataDir) : undefined),
    publicUrl: config.PUBLIC_URL ?? run?.publicUrl,
  };
}

/** A running demo keeps to a folder below: it is found when nothing else runs, and said. */
async function findRun(
  dataDir: string,
  maySeekDemo: boolean,
  io: Io,
): Promise<{ dataDir: string; run: RunFile | undefined }> {
  const run = await readRunFile(dataDir);
  if (run !== undefined || !maySeekDemo) return { dataDir, run };
  const demoDir = demoDirOf(dataDir);
  const demo = await readRunFile(demoDir);
  if (demo === undefined) return { dataDir, run };
  io.hint(`(this is the demo that runs in ${demoDir})`);
  return { dataDir: demoDir, run: demo };
}

async function loadSecretFile(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, 'secret'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
