/** Outages: Redis is killed and comes back, a worker process is killed with a job in its hands. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisBinary, provideRedis, redisOptions } from '@fresh-scim/runtime';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { until } from '../support/poll.ts';
import { Bench, someKeys } from './queue-support.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A Redis on a socket of its own, which a test may kill and start again on the same data. */
class OwnRedis {
  readonly #binary: RedisBinary;
  readonly #dir: string;
  #server: ChildProcess | undefined;

  constructor(binary: RedisBinary, dir: string) {
    this.#binary = binary;
    this.#dir = dir;
  }

  get url(): string {
    return `unix://${join(this.#dir, 'redis.sock')}`;
  }

  async start(): Promise<void> {
    const settings = {
      port: '0',
      unixsocket: join(this.#dir, 'redis.sock'),
      dir: this.#dir,
      save: '',
      appendonly: 'yes',
      appendfsync: 'always',
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    this.#server = spawn(this.#binary.command, args, {
      env: { ...process.env, ...this.#binary.env },
      stdio: 'ignore',
    });
    const redis = new Redis({
      ...redisOptions(this.url),
      maxRetriesPerRequest: null,
      replyMapping: 'legacy',
    });
    redis.on('error', () => undefined);
    await redis.ping();
    redis.disconnect();
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
}

async function ownRedis(): Promise<OwnRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'queue-test-'));
  const redis = new OwnRedis(await provideRedis({ report: () => undefined }), dir);
  cleanUps.push(async () => {
    await redis.kill();
    await rm(dir, { recursive: true, force: true });
  });
  await redis.start();
  return redis;
}

function benchOn(url: string): Bench {
  const bench = new Bench(url);
  cleanUps.push(async () => bench.close());
  return bench;
}

describe('after kill -9 and a restart of Redis', () => {
  it('consumers and wakers go on by themselves, in both lanes', async () => {
    const redis = await ownRedis();
    const bench = benchOn(redis.url);
    const { scope, store } = bench.connection({ refeedNormalMs: 15_000 });
    const waker = bench.waker();
    for (const key of someKeys(400)) store.commit(key);
    let runs = 0;
    bench.consumer(async () => {
      runs += 1;
      return undefined;
    });
    await until('running', () => runs > 50);
    await redis.kill();
    for (const key of someKeys(20)) {
      store.commit(key, 'urgent');
      waker.wake(scope, key, 'urgent');
    }
    await redis.start();
    await until('urgent keys settled', () => store.due().urgent === 0);
    // Those that ran at that moment are fed again after 15 s, if their settling was lost; a job whose end was lost
    // holds its key until its lock has run out and somebody has noticed.
    await until('all settled', () => store.size === 0);
  });

  it('closing does not need Redis', async () => {
    const redis = await ownRedis();
    const bench = new Bench(redis.url);
    const { store, queues } = bench.connection();
    const consumer = bench.consumer(async () => undefined, { closeMs: 500 });
    store.commit('User-1');
    await until('settled', () => store.size === 0);
    await redis.kill();
    const startedAt = performance.now();
    await consumer.close();
    await queues.close();
    expect(performance.now() - startedAt).toBeLessThan(30_000); // It would wait for ever.
  });
});

describe('a job that a killed process left behind', () => {
  async function orphan(bench: Bench, key: string): Promise<ReturnType<Bench['connection']>> {
    const connection = bench.connection();
    const { scope, queues } = connection;
    bench.waker().wake(scope, key, 'urgent');
    await until('the job', async () => (await queues.counts()).urgent.waiting === 1);
    // What is left of a job whose worker died: active, and its lock has expired.
    const base = `{${scope.accountId}}:${scope.connectionId}-urgent`;
    const redis = new Redis({ ...redisOptions(inject('redisUrl')), replyMapping: 'legacy' });
    const [id = ''] = await redis.zpopmin(`${base}:prioritized`);
    await redis.lpush(`${base}:active`, id);
    redis.disconnect();
    return connection;
  }

  it('holds up its key for no longer than the stalled check', async () => {
    const bench = benchOn(inject('redisUrl'));
    const { store } = await orphan(bench, 'User-1');
    store.commit('User-1', 'urgent');
    bench.consumer(async () => undefined);
    await until('settled', () => store.size === 0); // every 5 s
  });

  it('is cleared away when nothing is due', async () => {
    const bench = benchOn(inject('redisUrl'));
    const { queues } = await orphan(bench, 'User-1');
    const consumer = bench.consumer(async () => undefined, { idleMs: 100 });
    await until('completed', async () => (await queues.counts()).urgent.completed === 1);
    await until('closed', () => consumer.usage().openConnections === 0);
    expect(consumer.events.filter((event) => event.type === 'stalled')).toHaveLength(1);
  });
});
