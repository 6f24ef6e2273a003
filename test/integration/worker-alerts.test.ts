/** Alerts as whoever is told sees them: a real webhook, real workers, a real store. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Connection, openConnections, parseSecret } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import { createLogger, createMetrics, redisOptions } from '@fresh-scim/runtime';
import { createAlerts, createWorkerMetrics, startWorker } from '@fresh-scim/worker';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { until } from '../support/poll.ts';

const KEY = 'Sealed-Key-0123456789';
const SECRET = parseSecret(randomBytes(32));

let redis: Redis;
let keyPrefix: string;
let webhook: Server;
let url: string;
/** What the webhook answers next. */
let answer: { status: number; location?: string };
let told: Record<string, unknown>[];
let lines: string[];
let connection: Connection;

const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(line) } });
const open = () => openConnections(redis, SECRET, { keyPrefix, allowAnyUpstream: true });
const alertsOf = (retryMs: number) => createAlerts({ redis, logger, url, retryMs });

beforeEach(async () => {
  redis = new Redis(inject('redisUrl'));
  keyPrefix = `test-${randomUUID()}`;
  [told, lines, answer] = [[], [], { status: 204 }];
  webhook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      told.push(JSON.parse(body) as Record<string, unknown>);
      const { status, location } = answer;
      response.writeHead(status, location === undefined ? {} : { location }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/services/hidden-part`;
  const domain = `t${randomUUID().slice(0, 8)}.freshservice.test`;
  // Nobody answers there.
  const baseUrl = 'http://127.0.0.1:9';
  ({ connection } = await open().add({ name: 'acme', domain, baseUrl, apiKey: KEY }));
  const { accountId, id } = connection;
  await redis.sadd(`{${accountId}}:${id}:parkedLeavers`, 'User-1');
});

afterEach(async () => {
  const { accountId, id } = connection;
  await openDirectory(redis, { accountId, connectionId: id }).erase();
  await redis.del(`${keyPrefix}:connections`, `${keyPrefix}:tokens`);
  redis.disconnect();
  webhook.closeAllConnections();
  webhook.close();
});

it('are told once, however many workers look', async () => {
  const workers = Array.from({ length: 4 }, () => alertsOf(60_000));
  await Promise.all(workers.map((alerts) => alerts.look(connection)));
  expect(told).toEqual([
    {
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      connection: { id: connection.id, name: 'acme' },
      cause: 'leavers',
      count: 1,
      text: 'acme: 1 person who left may still have access.',
      fix: 'fresh-scim failures acme',
    },
  ]);
});

it('are told again when it is twice as bad', async () => {
  await alertsOf(60_000).look(connection);
  await redis.sadd(`{${connection.accountId}}:${connection.id}:parkedLeavers`, 'User-2');
  await alertsOf(60_000).look(connection);
  await alertsOf(60_000).look(connection);
  expect(told.map(({ count }) => count)).toEqual([1, 2]);
});

it('are told at once of another leaver, after the one before is gone', async () => {
  const leavers = `{${connection.accountId}}:${connection.id}:parkedLeavers`;
  await alertsOf(60_000).look(connection);
  await redis.srem(leavers, 'User-1');
  await alertsOf(60_000).look(connection);
  await redis.sadd(leavers, 'User-2');
  await alertsOf(60_000).look(connection);
  expect(told.map(({ cause, count }) => [cause, count])).toEqual([
    ['leavers', 1],
    ['leavers', 1],
  ]);
});

it.each([{ status: 500 }, { status: 302, location: '/elsewhere' }])(
  'are told later when the webhook answers %j, and the log does not name it',
  async (refusal) => {
    answer = refusal;
    const alerts = alertsOf(50);
    await alerts.look(connection);
    expect(lines.join('\n')).toContain('an alert is told later');
    expect(lines.join('\n')).not.toContain('hidden-part');
    answer = { status: 200 };
    await until('the alert', async () => {
      await alerts.look(connection);
      return told.length > 1;
    });
    await alertsOf(50).look(connection);
    expect(told).toHaveLength(2);
  },
);

it('come from a worker when Freshservice refuses the key', async () => {
  await redis.del(`{${connection.accountId}}:${connection.id}:parkedLeavers`);
  await open().stop(connection.id, 'unauthorized');
  const worker = startWorker({
    connections: open(),
    redis,
    queueRedis: redisOptions(inject('redisUrl')),
    concurrency: 1,
    alertUrl: url,
    logger,
    metrics: createWorkerMetrics(createMetrics()),
  });
  try {
    await until('the alert', () => told.length > 0);
    expect(told).toMatchObject([{ cause: 'stopped', count: null, connection: { name: 'acme' } }]);
  } finally {
    await worker.close();
  }
});
