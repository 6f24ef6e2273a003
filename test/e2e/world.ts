/**
 * A running installation with a simulated Freshservice account and an Entra tenant, all in place to be disturbed: the
 * processes are real and may be killed; the account and the tenant live in the test and see everything.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { openDirectory } from '@fresh-scim/directory';
import type { Directory, Scope } from '@fresh-scim/directory';
import { compare, createProvisioner, createTenant, QuarantineError } from '@fresh-scim/entra-sim';
import type { Comparison, CycleReport, Provisioner, Tenant } from '@fresh-scim/entra-sim';
import { createSimulator } from '@fresh-scim/freshservice-sim';
import type { Simulator } from '@fresh-scim/freshservice-sim';
import { connectRedis } from '@fresh-scim/runtime';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/poll.ts';
import { isRunning } from '../support/runtime-process.ts';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment, runCommand, startCommand } from './command.ts';
import type { RunningCommand } from './command.ts';
import { childrenOf, redisPidOf } from './processes.ts';

const API_KEY = 'key-of-the-owner';
/** A lease and a lock, and what the slowest machine takes. */
const SETTLE_WITHIN_MS = 300_000;
const RETRY_AFTER_MS = 300;

/** What tests look at and disturb. */
export interface World {
  readonly dataDir: string;
  readonly token: string;
  readonly apiKey: string;
  readonly scope: Scope;
  readonly simulator: Simulator;
  readonly tenant: Tenant;
  readonly provisioner: Provisioner;
  readonly redis: Redis;
  readonly directory: Directory;
  /** The supervisor of now. */
  up(): RunningCommand;
  /** Starts it again after it was killed. */
  start(): Promise<void>;
  /** Process ids of all children, Redis not included. */
  children(): Promise<number[]>;
  /** One cycle; undefined when the endpoint was away. */
  cycle(): Promise<CycleReport | undefined>;
  /** Cycles until nobody fails. */
  reachEverybody(): Promise<void>;
  /** Waits until nothing waits: a key that a killed worker had in hand comes back when its lease has run out. */
  settle(): Promise<void>;
  compare(): Comparison;
  close(): Promise<void>;
}

/** @param minuteMs of the account, on the Pro plan: decides how long a cycle takes. */
export async function openWorld(options: {
  readonly people: number;
  readonly minuteMs: number;
  readonly workers: number;
}): Promise<World> {
  const { people, minuteMs, workers } = options;
  const folder = await temporaryFolder();
  const dataDir = join(folder.path, 'data');
  const env = environment(dataDir, {
    // The same over restarts, as behind a reverse proxy: Entra does not look for another one.
    SCIM_PORT: String(await freePort()),
    FRESH_SCIM_ALLOW_ANY_UPSTREAM: '1',
    LOG_LEVEL: 'debug',
  });
  const simulator = createSimulator({
    apiKey: API_KEY,
    samples: false,
    windowMs: minuteMs,
    latencyMs: 5,
    jitterMs: 10,
  });
  const { url } = await simulator.listen();
  let up: RunningCommand | undefined;
  const start = async (): Promise<void> => {
    up = startCommand(env, 'up', '--workers', String(workers));
    await up.line('ready');
  };
  const current = (): RunningCommand => {
    if (up === undefined) throw new Error('it was not started');
    return up;
  };
  await start();

  const account = ['--domain', 'acme.freshservice.test', '--base-url', url, '--plan', 'pro'];
  // So many days in one hour would stop at the brake.
  const settings = ['--set', 'brake=off', '--minute-ms', String(minuteMs)];
  const args = ['connection', 'add', '--name', 'acme', ...account, ...settings];
  const added = await runCommand(env, [...args, '--api-key-file', '-', '--json'], API_KEY);
  const { id, tenantUrl, token } = JSON.parse(added.stdout) as {
    id: string;
    tenantUrl: string;
    token: string;
  };
  const run = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as { redisUrl: string };
  const redis = connectRedis(run.redisUrl, 'commands');
  const record = JSON.parse((await redis.hget('fresh-scim:connections', id)) ?? '{}') as {
    accountId: string;
  };
  const scope: Scope = { accountId: record.accountId, connectionId: id };
  const directory = openDirectory(redis, scope);
  const tenant = createTenant({ seed: 11, size: people });
  const provisioner = createProvisioner({ tenant, baseUrl: tenantUrl, token });

  const cycle = async (): Promise<CycleReport | undefined> => {
    try {
      return await provisioner.runCycle();
    } catch (error) {
      if (error instanceof QuarantineError) return undefined; // The probe found nobody: it comes again.
      throw error;
    }
  };
  const children = async (): Promise<number[]> => {
    const names = ['scim-api', 'worker', 'console'] as const;
    return (await Promise.all(names.map((name) => childrenOf(current().pid, name)))).flat();
  };

  return {
    dataDir,
    token,
    apiKey: API_KEY,
    scope,
    simulator,
    tenant,
    provisioner,
    redis,
    directory,
    up: current,
    start,
    children,
    cycle,
    reachEverybody: async () => {
      await until(
        'Entra to reach everybody',
        async () => {
          const report = await cycle();
          if (report?.failures.length === 0) return true;
          await sleep(RETRY_AFTER_MS); // Not to flood an endpoint that is being started.
          return false;
        },
        SETTLE_WITHIN_MS,
      );
    },
    settle: async () => {
      await until('nothing to wait', async () => (await waiting(directory)) === 0, SETTLE_WITHIN_MS);
    },
    compare: () => compare(tenant, simulator.state.users.all('everyone')),
    close: async () => {
      const redisPid = await redisPidOf(dataDir);
      const left = [...(await children()), redisPid];
      await current().end('SIGKILL');
      for (const pid of left) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
      redis.disconnect();
      await provisioner.close();
      await simulator.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Keys that are not settled; undefined while the store is away. */
export async function waiting(directory: Directory): Promise<number | undefined> {
  try {
    return (await directory.status()).dirty;
  } catch {
    return undefined; // Redis was killed and comes back.
  }
}
