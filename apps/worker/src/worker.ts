/**
 * A worker: woken keys of all connections, one reconcile each; and what has to be done now and then. Any number of
 * workers may run; they share nothing but Redis.
 */
import type { Connection, Connections } from '@fresh-scim/connections';
import { type Key, openDirectory } from '@fresh-scim/directory';
import { type Consumer, createConsumer, type QueueScope } from '@fresh-scim/queue';
import { reconcile, refreshAwaitedCatalogs } from '@fresh-scim/reconciler';
import type { Logger } from '@fresh-scim/runtime';
import type { Redis, RedisOptions } from 'ioredis';
import { createImports } from './imports.ts';
import type { WorkerMetrics } from './metrics.ts';
import { createWorlds } from './worlds.ts';

export interface WorkerOptions {
  readonly connections: Connections;
  readonly redis: Redis;
  readonly queueRedis: RedisOptions;
  readonly concurrency: number;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
}

export interface Worker {
  readonly consumer: Consumer;
  close(): Promise<void>;
}

/** Jobs of one connection at a time: Freshservice is not asked for more at once. */
const CONNECTION_CONCURRENCY = 5;
const URGENT_SLOTS = 2;
/** A dirty key that was handed to BullMQ this long ago is handed over again: its job was lost. Below the sweep's second. */
const REFEED_MS = { urgent: 900, normal: 15_000 } as const;
/** Freshservice is asked this often whether it accepts a refused key again. */
const PROBE_MS = 60_000;
/** Lists of names are read again this often while somebody waits for one. */
const NAMES_MS = 15 * 60_000;
const CHORES_MS = 5_000;
const DAY_MS = 86_400_000;

export function startWorker(options: WorkerOptions): Worker {
  const { connections, redis, logger, metrics } = options;
  const worlds = createWorlds({
    connections,
    redis,
    onCall: (_connection, event) => metrics.call(event),
    onStop: ({ id }, reason) =>
      logger.error({ connection: id, reason }, 'alert: Freshservice refuses our API key'),
  });
  const consumer = createConsumer({
    redis: options.queueRedis,
    concurrency: options.concurrency,
    connectionConcurrency: CONNECTION_CONCURRENCY,
    urgentSlots: URGENT_SLOTS,
    scopes: async () => (await connections.listCached()).filter(isRunning).map(scopeOf),
    due: (scope) => openDirectory(redis, scope).due(),
    feed: (scope, lane, max) =>
      openDirectory(redis, scope).feed(lane, { max, refeedAfterMs: REFEED_MS[lane] }),
    reconcile: async ({ connectionId }, key, _lane, signal) => {
      const world = await worlds.worldOf(connectionId);
      if (!world) return { kind: 'settled', notes: 0 };
      return reconcile(world, key as Key, signal);
    },
    onEvent: (event) => {
      metrics.event(event);
      if (event.type === 'error') logger.warn({ err: event.error }, 'a worker goes on after an error');
      if (event.type === 'job' && event.outcome === 'terminal') {
        logger.warn({ connection: event.scope.connectionId, why: event.why }, 'a change needs a person');
      }
    },
  });

  const imports = createImports({ redis, logger, worldOf: (id) => worlds.worldOf(id) });

  const probedAt = new Map<string, number>();
  async function probeStopped(connection: Connection): Promise<void> {
    const last = probedAt.get(connection.id) ?? 0;
    if (performance.now() - last < PROBE_MS && last !== 0) return;
    probedAt.set(connection.id, performance.now());
    const world = await worlds.worldOf(connection.id);
    await world?.freshservice.agents.me({ urgency: 'bulk' });
    await connections.resume(connection.id);
    logger.info({ connection: connection.id }, 'Freshservice accepts our API key again');
  }

  const namesLookedForAt = new Map<string, number>();
  /** Departments and locations that somebody waits for may have been made in Freshservice by hand. */
  async function lookForNames({ id }: Connection): Promise<void> {
    const last = namesLookedForAt.get(id);
    if (last !== undefined && performance.now() - last < NAMES_MS) return;
    namesLookedForAt.set(id, performance.now());
    const world = await worlds.worldOf(id);
    if (world) await refreshAwaitedCatalogs(world);
  }

  async function chores(): Promise<void> {
    for (const connection of await connections.listCached()) {
      if (connection.stopped) {
        await probeStopped(connection).catch(() => undefined); // still refused: asked again in a minute
      } else {
        probedAt.delete(connection.id);
      }
      const keepMs = connection.settings['retention.deletedDays'] * DAY_MS;
      await openDirectory(redis, scopeOf(connection)).purge(keepMs);
      if (!isRunning(connection)) continue;
      await imports.look(connection);
      await lookForNames(connection);
    }
    await worlds.closeIdle();
  }
  const timer = setInterval(() => {
    chores().catch((error: unknown) => logger.warn({ err: error }, 'chores are done later'));
  }, CHORES_MS);

  return {
    consumer,
    close: async () => {
      clearInterval(timer);
      await Promise.all([imports.close(), consumer.close()]);
      await worlds.close();
    },
  };
}

/** Paused by a person or stopped by a refused key: Entra is still acknowledged, nothing is sent. */
const isRunning = ({ paused, stopped }: Connection): boolean => !paused && stopped === undefined;

const scopeOf = ({ accountId, id }: Connection): QueueScope => ({ accountId, connectionId: id });
