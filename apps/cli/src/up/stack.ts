// Everything that `up` and `demo` bring up: folder, Redis, children. Whatever has been started is ended again in
// reverse order, when starting fails half-way as well as at the end.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkRedis,
  keepRedis,
  lockDataDir,
  openDataDir,
  provideRedis,
  readOrCreateSecret,
  removeRunFile,
  startEmbeddedRedis,
  supervise,
  writeRunFile,
} from '@fresh-scim/runtime';
import type { Child } from '@fresh-scim/runtime';
import type { Io } from '../io.ts';
import { urlOf } from '../places.ts';
import { httpPortOf, planProcesses, toChild } from './children.ts';
import type { ProcessPlan } from './children.ts';
import type { UpConfig } from './config.ts';
import type { Ending } from './ending.ts';
import { openLogs } from './logs.ts';
import { watchChildren } from './watch.ts';
import { connectSimulator, forgetAccount, forgetConnection, prepareSimulator } from './simulator.ts';
import type { SimulatorSettings, SimulatorToken } from './simulator.ts';
import { openStore } from '../store.ts';
import type { Store } from '../store.ts';

const REDIS_STOP_MS = 30_000;

/** What to bring up. */
export interface StackOptions {
  /** Absolute. */
  readonly dataDir: string;
  readonly config: UpConfig;
  /** Worker processes. */
  readonly workers: number;
  readonly simulator?: SimulatorSettings;
  /** `any`: ports that are taken are replaced by free ones. */
  readonly busyPorts: 'refuse' | 'any';
  /** Forget the simulated account of an earlier run, and everything about its people. @default false */
  readonly isFresh?: boolean;
}

/** Everything is up and ready. */
export interface Stack extends Store {
  readonly dataDir: string;
  readonly logDir: string;
  /** Where scim-api listens. */
  readonly scimUrl: string;
  /** What Tenant URLs begin with: the same, unless PUBLIC_URL says otherwise. */
  readonly publicUrl: string;
  readonly consoleUrl: string;
  /** Where /livez, /readyz and /metrics can be asked for. */
  readonly opsHost: string;
  /** By the name of the process. */
  readonly opsPorts: Readonly<Record<string, number>>;
  readonly simulator?: SimulatorToken & { readonly url: string };
}

/**
 * Brings everything up; resolves when all answer that they are ready, or with undefined when it was ended before.
 * @param ending is given what there is to end, step by step
 * @throws {CliError} port-busy, redis-unreachable; {DataDirError}; {NoRedisError}; {ConnectionError} secret-mismatch
 */
export async function startStack(options: StackOptions, ending: Ending, io: Io): Promise<Stack | undefined> {
  const { dataDir, config, workers } = options;
  await openDataDir(dataDir);
  const lock = lockDataDir(dataDir);
  ending.add(() => lock.release());
  const whenBusy = options.busyPorts === 'refuse' && (await wasKilled(dataDir)) ? 'wait' : options.busyPorts;
  await removeRunFile(dataDir);
  const plans = await planProcesses(config, workers, whenBusy);

  const logs = openLogs(dataDir);
  ending.add(() => logs.close());
  if (options.isFresh) await forgetAccount(dataDir);
  const account = options.simulator && (await prepareSimulator(dataDir, options.simulator, logs, 'wait'));
  const { redisUrl, child: redisChild } = await provideStore(config, dataDir, ending, io);
  const allowAnyUpstream = config.FRESH_SCIM_ALLOW_ANY_UPSTREAM || account !== undefined;
  const store = await openStore(
    redisUrl,
    config.FRESH_SCIM_SECRET ?? (await readOrCreateSecret(dataDir)),
    allowAnyUpstream,
  );
  ending.add(() => store.redis.disconnect());
  await store.connections.verifySecret();
  for (const { message } of await checkRedis(store.redis)) io.hint(`Warning: ${message}.`);
  if (options.isFresh) await forgetConnection(store);

  const env = {
    ...io.env,
    REDIS_URL: redisUrl,
    FRESH_SCIM_DATA_DIR: dataDir,
    ...(allowAnyUpstream ? { FRESH_SCIM_ALLOW_ANY_UPSTREAM: '1' } : {}),
  };
  const children: Child[] = [
    ...(redisChild === undefined ? [] : [redisChild]),
    ...(account === undefined ? [] : [account.child]),
    ...plans.map((plan) => toChild(plan, env, logs)),
  ];
  const watch = watchChildren(children, logs, io);
  ending.add(() => watch.close());
  const supervisor = supervise(children, { onEvent: watch.onEvent });
  ending.add(() => supervisor.stop());
  if (!(await supervisor.ready)) return undefined;

  const settings = options.simulator;
  if (account) await settings?.furnish?.(account.url);
  const token = account && settings && (await connectSimulator(dataDir, store, account, settings));
  const simulator = account && token && { url: account.url, ...token };
  const stack = toStack(options, store, plans, logs.dir, simulator);
  await announce(stack);
  ending.add(() => removeRunFile(dataDir));
  return stack;
}

function toStack(
  { dataDir, config }: StackOptions,
  store: Store,
  plans: readonly ProcessPlan[],
  logDir: string,
  simulator: Stack['simulator'],
): Stack {
  const scimUrl = urlOf(config.SCIM_HOST, httpPortOf(plans, 'scim-api'));
  return {
    ...store,
    dataDir,
    logDir,
    scimUrl,
    publicUrl: config.PUBLIC_URL ?? scimUrl,
    consoleUrl: urlOf(config.CONSOLE_HOST, httpPortOf(plans, 'console')),
    opsHost: config.OPS_HOST,
    opsPorts: Object.fromEntries(plans.map(({ name, ports }) => [name, ports.ops])),
    ...(simulator === undefined ? {} : { simulator }),
  };
}

/** Where other commands find what runs here. */
async function announce({
  dataDir,
  redisUrl,
  publicUrl,
  consoleUrl,
  opsPorts,
  simulator,
}: Stack): Promise<void> {
  await writeRunFile(dataDir, {
    pid: process.pid,
    startedAt: Date.now(),
    redisUrl,
    publicUrl,
    consoleUrl,
    opsPorts,
    ...(simulator === undefined ? {} : { simulatorUrl: simulator.url }),
  });
}

async function provideStore(
  config: UpConfig,
  dataDir: string,
  ending: Ending,
  io: Io,
): Promise<{ redisUrl: string; child?: Child }> {
  if (config.REDIS_URL !== undefined) return { redisUrl: config.REDIS_URL };
  const options = { dataDir, binary: await provideRedis({ env: io.env, report: (line) => io.hint(line) }) };
  const redis = await startEmbeddedRedis(options);
  if (redis.takenOver) io.hint('The Redis of an earlier run was still there, and goes on.');
  const kept = keepRedis(redis, options);
  let isSupervised = false;
  ending.add(() => (isSupervised ? undefined : redis.stop(REDIS_STOP_MS)));
  const spawn = (): ReturnType<Child['spawn']> => {
    isSupervised = true;
    return kept.spawn();
  };
  return { redisUrl: redis.url, child: { ...kept, spawn } };
}

/** Whether the supervisor before this one could not end: its children may be there for some seconds more. */
async function wasKilled(dataDir: string): Promise<boolean> {
  try {
    await access(join(dataDir, 'run.json'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
