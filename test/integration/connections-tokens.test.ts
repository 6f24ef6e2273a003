// Inbound tokens over a real Redis: several at once, rotation without a gap, expiry, revocation, last use.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import type { Connections } from '@fresh-scim/connections';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { until } from '../support/poll.ts';

const HOUR_MS = 3_600_000;

let redis: Redis;
let keyPrefix: string;
let clock: { now: number };
let first: string;
let connections: Connections;
let open: () => Connections;
const prefixes: string[] = [];

beforeAll(() => {
  redis = new Redis(inject('redisUrl'));
});

beforeEach(async () => {
  keyPrefix = `test-${randomUUID()}`;
  prefixes.push(keyPrefix);
  clock = { now: Date.now() };
  const secret = parseSecret(randomBytes(32));
  open = () => openConnections(redis, secret, { keyPrefix, now: () => clock.now });
  connections = open();
  first = (await connections.add({ name: 'Acme', domain: 'acme.freshservice.com', apiKey: 'k' })).token;
});

afterAll(async () => {
  await redis.del(prefixes.flatMap((prefix) => [`${prefix}:connections`, `${prefix}:tokens`]));
  redis.disconnect();
});

async function isLive(token: string): Promise<boolean> {
  return (await open().authenticate(token)) !== undefined;
}

test('a rotation leaves the old token valid for a day', async () => {
  const { token: second } = await connections.rotateToken('Acme');
  expect(await Promise.all([isLive(first), isLive(second)])).toEqual([true, true]);
  clock.now += 24 * HOUR_MS - 1;
  expect(await isLive(first)).toBe(true);
  clock.now += 1;
  expect(await Promise.all([isLive(first), isLive(second)])).toEqual([false, true]);
  expect(await connections.tokens('Acme')).toHaveLength(1);
});

test('a rotation may revoke at once; another process that remembers the token follows within 5 s', async () => {
  const elsewhere = open();
  expect(await elsewhere.authenticate(first)).toBeDefined();
  const { token: second } = await connections.rotateToken('Acme', { oldValidMs: 0 });
  expect(await connections.authenticate(first)).toBeUndefined();
  clock.now += 4_999;
  expect(await elsewhere.authenticate(first)).toBeDefined();
  clock.now += 1;
  expect(await elsewhere.authenticate(first)).toBeUndefined();
  expect(await isLive(second)).toBe(true);
});

test('a remembered token expires on time', async () => {
  await connections.rotateToken('Acme', { oldValidMs: 3_000 });
  const elsewhere = open();
  expect(await elsewhere.authenticate(first)).toBeDefined();
  clock.now += 3_000;
  expect(await elsewhere.authenticate(first)).toBeUndefined();
});

test('a later rotation never lengthens the life of a token', async () => {
  await connections.rotateToken('Acme', { oldValidMs: HOUR_MS });
  await connections.rotateToken('Acme', { oldValidMs: 10 * HOUR_MS });
  clock.now += HOUR_MS;
  expect(await isLive(first)).toBe(false);
});

test('ten tokens may live at once, not more', async () => {
  for (let n = 0; n < 9; n += 1) await connections.rotateToken('Acme');
  expect(await connections.tokens('Acme')).toHaveLength(10);
  await expect(connections.rotateToken('Acme')).rejects.toMatchObject({ code: 'too-many-tokens' });
  expect(await isLive(first)).toBe(true);
  await connections.rotateToken('Acme', { oldValidMs: 0 });
  expect(await connections.tokens('Acme')).toHaveLength(1);
});

test('an unknown, a malformed and a removed token open nothing', async () => {
  const unknown = `fsc_${randomBytes(32).toString('base64url')}`;
  const malformed = ['', 'Bearer', first.slice(0, -1), `${first}A`, first.toUpperCase(), '__proto__'];
  for (const token of [unknown, ...malformed]) expect(await isLive(token)).toBe(false);
  await connections.remove('Acme');
  expect(await isLive(first)).toBe(false);
});

test('a record under the hash of another token opens nothing', async () => {
  // Whoever can move records inside Redis still needs the token that a record was made for.
  const forged = `fsc_${randomBytes(32).toString('base64url')}`;
  const hash = (token: string): string => createHash('sha256').update(token).digest('hex');
  const record = await redis.hget(`${keyPrefix}:tokens`, hash(first));
  await redis.hset(`${keyPrefix}:tokens`, hash(forged), record ?? '');
  expect(await isLive(forged)).toBe(false);
});

test('last use is written beside the request, at most once a minute', async () => {
  const lastUse = async (): Promise<number | undefined> => (await connections.tokens('Acme'))[0]?.lastUsedAt;
  expect(await lastUse()).toBeUndefined();
  const usedAt = clock.now;
  await isLive(first);
  await until('the use to be written', async () => (await lastUse()) === usedAt);
  clock.now += 59_999;
  await isLive(first);
  expect(await lastUse()).toBe(usedAt);
  clock.now += 1;
  await isLive(first);
  await until('the next use to be written', async () => (await lastUse()) === usedAt + 60_000);
});

test('a use that is being written does not bring a revoked token back', async () => {
  for (let n = 0; n < 10; n += 1) {
    const { token } = await connections.rotateToken('Acme', { oldValidMs: 0 });
    await Promise.all([open().authenticate(token), connections.rotateToken('Acme', { oldValidMs: 0 })]);
    expect(await isLive(token)).toBe(false);
    expect(await connections.tokens('Acme')).toHaveLength(1);
  }
});
