// The installation that a command works on: the `up` that runs in the data folder, or the one that REDIS_URL names.
import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Connection, Connections } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import type { Directory } from '@fresh-scim/directory';
import {
  booleanVariable,
  portVariable,
  readConfig,
  readOrCreateSecret,
  readRunFile,
  redisUrlVariable,
} from '@fresh-scim/runtime';
import { CliError, EXIT } from './failure.ts';
import type { Io } from './io.ts';
import { dataDirOf, demoDirOf, urlOf } from './places.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const schema = z.object({
  REDIS_URL: redisUrlVariable().optional(),
  FRESH_SCIM_SECRET: z.string().optional(),
  FRESH_SCIM_ALLOW_ANY_UPSTREAM: booleanVariable(false),
  PUBLIC_URL: z
    .url({ error: 'give an http or https address, or leave it out', protocol: /^https?$/ })
    .optional(),
  SCIM_HOST: z.string().default('127.0.0.1'),
  SCIM_PORT: portVariable(8080),
});

/** What a command needs of an installation. Close it at the end. */
export interface Installation extends Store {
  /** What Tenant URLs begin with. */
  readonly publicUrl: string;
  readonly allowsAnyUpstream: boolean;
  close(): void;
}

/**
 * Finds the installation and makes sure that its Redis answers.
 * @throws {CliError} not-running, redis-unreachable; {ConfigError}; {ConnectionError} invalid-secret
 */
async function openInstallation(io: Io): Promise<Installation> {
  const config = readConfig(schema, io.env);
  const dataDir = dataDirOf(io.env);
  const here = config.REDIS_URL === undefined ? await findRun(dataDir, io) : await runHere(dataDir);
  const redisUrl = config.REDIS_URL ?? here.run?.redisUrl;
  if (redisUrl === undefined) throw notRunning(dataDir);
  const secret = config.FRESH_SCIM_SECRET ?? (await secretOf(here));
  const store = await openStore(redisUrl, secret, config.FRESH_SCIM_ALLOW_ANY_UPSTREAM);
  return {
    ...store,
    publicUrl: config.PUBLIC_URL ?? here.run?.publicUrl ?? urlOf(config.SCIM_HOST, config.SCIM_PORT),
    allowsAnyUpstream: config.FRESH_SCIM_ALLOW_ANY_UPSTREAM,
    close: () => store.redis.disconnect(),
  };
}

/** Opens the installation for one piece of work and closes it, whatever happens. */
export async function withInstallation<T>(
  io: Io,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation(io);
  try {
    return await work(installation);
  } finally {
    installation.close();
  }
}

/** @throws {CliError} unknown-connection, naming those that there are */
export async function needConnection(connections: Connections, idOrName: string): Promise<Connection> {
  const found = await connections.get(idOrName);
  if (found !== undefined) return found;
  const names = (await connections.list()).map(({ name }) => name);
  const known = names.length === 0 ? 'There is none yet.' : `There are: ${names.slice(0, 20).join(', ')}.`;
  throw new CliError(
    EXIT.wrongUsage,
    'unknown-connection',
    `There is no connection "${idOrName.slice(0, 64)}". ${known}`,
    'Give a name or an id from: fresh-scim connection list',
  );
}

/** The directory of a connection. */
export function directoryOf(redis: Redis, connection: Connection): Directory {
  return openDirectory(redis, { accountId: connection.accountId, connectionId: connection.id });
}

interface Found {
  readonly dir: string;
  readonly run: Awaited<ReturnType<typeof readRunFile>>;
}

/** A running demo keeps to a folder below: it is found when nothing else runs, and said. */
async function findRun(dataDir: string, io: Io): Promise<Found> {
  const here = await runHere(dataDir);
  if (here.run !== undefined) return here;
  const demo = await runHere(demoDirOf(dataDir));
  if (demo.run === undefined) return here;
  io.hint(`(this is the demo that runs in ${demo.dir})`);
  return demo;
}

async function runHere(dir: string): Promise<Found> {
  return { dir, run: await readRunFile(dir) };
}

async function secretOf({ dir, run }: Found): Promise<string> {
  if (run !== undefined) return readOrCreateSecret(dir);
  throw new CliError(
    EXIT.wrongUsage,
    'no-secret',
    'REDIS_URL is set, but FRESH_SCIM_SECRET is not.',
    'Set FRESH_SCIM_SECRET to the secret of that installation.',
  );
}

function notRunning(dataDir: string): CliError {
  return new CliError(
    EXIT.notReachable,
    'not-running',
    `No fresh-scim runs in ${dataDir}.`,
    'Start it with "npm start", or set FRESH_SCIM_DATA_DIR, or REDIS_URL and FRESH_SCIM_SECRET.',
  );
}
