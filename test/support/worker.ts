/**
 * A real worker in this process, with connections of its own to simulated Freshservice accounts: for what only the whole
 * of sweep, queue and chores can show.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import { type Directory, openDirectory } from '@fresh-scim/directory';
import { createSimulator, type Simulator } from '@fresh-scim/freshservice-sim';
import { connectRedis, createLogger, createMetrics, redisOptions } from '@fresh-scim/runtime';
import { createWorkerMetrics, startWorker } from '@fresh-scim/worker';
import type { Redis } from 'ioredis';
import { inject } from 'vitest';

const API_KEY = 'key-of-the-owner';

/** A connection that the worker works for. */
export interface WorkedConnection {
  readonly id: string;
  readonly directory: Directory;
  readonly sim: Simulator;
}

export interface TestWorker {
  readonly redis: Redis;
  /** Adds a connection to a simulated account of its own, and asks for its first import, as `connection add` does. */
  add(settings?: Readonly<Record<string, string>>): Promise<WorkedConnection>;
  close(): Promise<void>;
}

export function openWorker(): TestWorker {
  const redis = connectRedis(inject('redisUrl'), 'commands');
  const keyPrefix = `test-${randomUUID()}`;
  const connections = openConnections(redis, parseSecret(randomBytes(32)), {
    keyPrefix,
    allowAnyUpstream: true,
  });
  const worker = startWorker({
    connections,
    redis,
    queueRedis: redisOptions(inject('redisUrl')),
    concurrency: 10,
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: createWorkerMetrics(createMetrics()),
  });
  const added: WorkedConnection[] = [];
  return {
    redis,
    async add(settings = {}) {
      const sim = createSimulator({
        apiKey: API_KEY,
        samples: false,
        latencyMs: 0,
        jitterMs: 0,
        windowMs: 2000,
      });
      const { url } = await sim.listen();
      const name = `Test ${added.length + 1}`;
      const domain = `t${randomUUID().slice(0, 13)}.freshservice.test`;
      const account = { name, domain, baseUrl: url, apiKey: API_KEY, plan: 'pro', minuteMs: 2000, settings };
      const { connection } = await connections.add(account);
      const directory = openDirectory(redis, {
        accountId: connection.accountId,
        connectionId: connection.id,
      });
      await directory.startImport();
      const one = { id: connection.id, directory, sim };
      added.push(one);
      return one;
    },
    async close() {
      await worker.close();
      for (const { directory, sim } of added) {
        await sim.close();
        await directory.erase();
      }
      await redis.del(`${keyPrefix}:connections`, `${keyPrefix}:tokens`);
      redis.disconnect();
    },
  };
}
