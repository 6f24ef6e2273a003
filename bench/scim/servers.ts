/** Starts the servers that are compared: each one process on a free port of the loopback, with a Redis of its own or none. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import { connectRedis, type RedisBinary, spawnNode } from '@fresh-scim/runtime';
import { startPrivateRedis } from '../../test/support/redis-server.ts';
import type { Target } from './load.ts';

/** When Redis asks the disk to keep what it was told: at each write, each second, or never. */
export type Fsync = 'always' | 'everysec' | 'no';

/** A running server. */
export interface Server extends Target {
  stop(): Promise<void>;
}

/** A running child of the bench and the ports that it told. */
export interface Program {
  readonly ports: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;

/** scim-api as it is run in production, with a durable Redis and one connection. */
export async function startFreshScim(binary: RedisBinary, fsync: Fsync): Promise<Server> {
  const redis = await startPrivateRedis(binary, ['--appendfsync', fsync]);
  const secret = randomBytes(32).toString('base64');
  const client = connectRedis(redis.url, 'commands');
  const { token } = await openConnections(client, parseSecret(secret)).add({
    name: 'Bench',
    domain: 'bench.freshservice.com',
    apiKey: 'never-used',
  });
  client.disconnect();
  const program = await startApp('scim-api', { REDIS_URL: redis.url, FRESH_SCIM_SECRET: secret });
  return toServer(program, token, redis);
}

export async function startFloor(binary: RedisBinary): Promise<Server> {
  const redis = await startPrivateRedis(binary, ['--appendfsync', 'everysec']);
  return toServer(await startProgram('./floor.ts', { REDIS_URL: redis.url }), '', redis);
}

/** One of peers/*.js. The Redis of a peer is the same as ours. */
export async function startPeer(name: 'scimmy' | 'jackson', binary?: RedisBinary): Promise<Server> {
  const redis = binary && (await startPrivateRedis(binary, ['--appendfsync', 'everysec']));
  const token = randomBytes(16).toString('hex');
  const env = { REDIS_URL: redis?.url ?? '', BENCH_TOKEN: token };
  return toServer(await startProgram(`./peers/${name}.js`, env), token, redis);
}

function toServer(program: Program, token: string, redis?: { stop(): Promise<void> }): Server {
  return {
    origin: `http://127.0.0.1:${program.ports['http']}`,
    token,
    stop: async () => {
      await program.stop();
      await redis?.stop();
    },
  };
}

/** A process of the product. */
export function startApp(app: 'scim-api' | 'worker', env: NodeJS.ProcessEnv): Promise<Program> {
  const ports = { SCIM_PORT: '0', SCIM_OPS_PORT: '0', WORKER_OPS_PORT: '0' };
  return startProgram(`../../apps/${app}/src/main.ts`, { LOG_LEVEL: 'warn', ...ports, ...env });
}

/** @throws when it does not tell its ports in time. */
export async function startProgram(
  path: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<Program> {
  const script = fileURLToPath(new URL(path, import.meta.url));
  const child = spawnNode({ script, args, env: { ...process.env, NODE_ENV: 'production', ...env } });
  let ended: string | undefined;
  void child.exited.then((why) => (ended = why));
  const deadline = performance.now() + START_WITHIN_MS;
  while (Object.keys(child.ports()).length === 0) {
    if (ended !== undefined || performance.now() > deadline) {
      await child.stop(0);
      throw new Error(`${path} did not start: ${ended ?? 'it took too long'}`);
    }
    await sleep(20);
  }
  return { ports: child.ports(), stop: () => child.stop(STOP_WITHIN_MS) };
}
