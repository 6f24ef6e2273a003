// The connections over a real Redis: what is stored, who may open it, and what parallel changes do to each other.
import { randomBytes, randomUUID } from 'node:crypto';
import { ConnectionError, openConnections, parseSecret } from '@fresh-scim/connections';
import type { ConnectionErrorCode, Connections, ConnectionsOptions } from '@fresh-scim/connections';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';

const API_KEY = 'Sealed-Key-0123456789';
const input = { name: 'Acme', domain: 'acme.freshservice.com', apiKey: API_KEY };

let redis: Redis;
let keyPrefix: string;
let secret: ReturnType<typeof parseSecret>;
let connections: Connections;
const prefixes: string[] = [];

function open(options: ConnectionsOptions = {}): Connections {
  return openConnections(redis, secret, { keyPrefix, ...options });
}

async function refusalOf(work: Promise<unknown>): Promise<ConnectionErrorCode> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectionError)) throw new Error('was not refused', { cause: error });
  expect(error.message + error.fix).not.toContain(API_KEY);
  return error.code;
}

async function everythingStored(): Promise<string> {
  const hashes = [`${keyPrefix}:connections`, `${keyPrefix}:tokens`];
  return JSON.stringify(await Promise.all(hashes.map((key) => redis.hgetall(key))));
}

beforeAll(() => {
  redis = new Redis(inject('redisUrl'));
});

beforeEach(() => {
  keyPrefix = `test-${randomUUID()}`;
  prefixes.push(keyPrefix);
  secret = parseSecret(randomBytes(32));
  connections = open();
});

afterAll(async () => {
  await redis.del(prefixes.flatMap((prefix) => [`${prefix}:connections`, `${prefix}:tokens`]));
  redis.disconnect();
});

describe('adding', () => {
  test('gives a connection with its defaults and a token that opens it', async () => {
    const { connection, token } = await connections.add({
      ...input,
      plan: 'Pro',
      settings: { drift: 'off' },
    });
    expect(connection).toMatchObject({
      id: expect.stringMatching(/^c[0-9a-f]{12}$/),
      accountId: expect.stringMatching(/^a[0-9a-f]{12}$/),
      name: 'Acme',
      domain: 'acme.freshservice.com',
      baseUrl: 'https://acme.freshservice.com',
      plan: 'pro',
      minuteMs: 60_000,
      paused: false,
      settings: { drift: 'off', 'budget.share': 0.8 },
    });
    expect(await connections.authenticate(token)).toEqual(connection);
    expect(await connections.apiKey(connection.id)).toBe(API_KEY);
    for (const idOrName of [connection.id, 'Acme', ' aCME ']) {
      expect(await open().get(idOrName)).toEqual(connection);
    }
    expect(await open().list()).toEqual([connection]);
  });

  test('keeps neither the API key nor the token in the clear', async () => {
    const { token } = await connections.add(input);
    const stored = await everythingStored();
    for (const clear of [API_KEY, Buffer.from(API_KEY).toString('base64'), token, token.slice(4)]) {
      expect(stored).not.toContain(clear);
    }
  });

  test('of many parallel ones with one name, one wins and nothing is left of the others', async () => {
    const names = ['Acme', 'ACME', 'acme', 'aCmE', 'Acme ', 'AcMe'];
    const outcomes = await Promise.allSettled(names.map((name) => open().add({ ...input, name })));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await connections.list()).toHaveLength(1);
    expect(await redis.hlen(`${keyPrefix}:tokens`)).toBe(1);
    expect(await refusalOf(connections.add(input))).toBe('name-taken');
  });

  test.each([
    [{ name: '' }, 'invalid-name'],
    [{ domain: 'acme.example' }, 'invalid-domain'],
    [{ baseUrl: 'http://127.0.0.1:1' }, 'invalid-base-url'],
    [{ minuteMs: 2_000 }, 'invalid-minute'],
    [{ apiKey: ' ' }, 'invalid-api-key'],
    [{ settings: { drift: 'maybe' } }, 'invalid-setting'],
    [{ settings: { drifts: 'off' } }, 'unknown-setting'],
  ] as const)('%j is refused as %s, and nothing is stored', async (wrong, code) => {
    expect(await refusalOf(connections.add({ ...input, ...wrong }))).toBe(code);
    expect(await everythingStored()).toBe('[{},{}]');
  });

  test('a simulator is allowed where the operator says so', async () => {
    const simulators = open({ allowAnyUpstream: true });
    const baseUrl = 'http://127.0.0.1:9400';
    const added = await simulators.add({ ...input, domain: 'sim.example', baseUrl, minuteMs: 2_000 });
    expect(added.connection).toMatchObject({ domain: 'sim.example', baseUrl, minuteMs: 2_000 });
  });

  test('two connections to one account share its id', async () => {
    const one = await connections.add(input);
    const two = await connections.add({ ...input, name: 'Acme 2', domain: 'ACME.freshservice.com' });
    expect(two.connection.accountId).toBe(one.connection.accountId);
    expect(two.connection.id).not.toBe(one.connection.id);
  });
});

describe('another secret', () => {
  test('is refused by name, changes nothing, and may only remove', async () => {
    const { connection, token } = await connections.add(input);
    const before = await everythingStored();
    const theirs = parseSecret(randomBytes(32));
    const stranger = openConnections(redis, theirs, { keyPrefix });
    for (const work of [
      () => stranger.verifySecret(),
      () => stranger.apiKey(connection.id),
      () => stranger.add({ ...input, name: 'Other' }),
      () => stranger.setKey(connection.id, 'new-key'),
      () => stranger.set(connection.id, { drift: 'off' }),
      () => stranger.setPaused(connection.id, true),
      () => stranger.rotateToken(connection.id),
    ]) {
      expect(await refusalOf(work())).toBe('secret-mismatch');
    }
    await expect(stranger.verifySecret()).rejects.toThrow(secret.fingerprint);
    expect(await everythingStored()).toBe(before);
    await connections.verifySecret();
    expect(await connections.authenticate(token)).toEqual(connection);

    await stranger.remove(connection.id);
    await stranger.add(input);
    expect(await refusalOf(connections.verifySecret())).toBe('secret-mismatch');
  });
});

describe('changing', () => {
  test('settings are set together or not at all', async () => {
    const { connection } = await connections.add(input);
    const changes = { 'budget.share': '0.5', drift: 'repair' };
    expect((await connections.set('acme', changes)).settings).toMatchObject({
      'budget.share': 0.5,
      drift: 'repair',
    });
    const wrong = connections.set('acme', { mode: 'observe', drift: 'maybe' });
    expect(await refusalOf(wrong)).toBe('invalid-setting');
    expect((await open().get(connection.id))?.settings).toMatchObject({ mode: 'apply', drift: 'repair' });
  });

  test('parallel changes of different processes are all kept', async () => {
    const { connection } = await connections.add(input);
    await Promise.all([
      open().set(connection.id, { drift: 'off' }),
      open().set(connection.id, { mode: 'observe' }),
      open().setPaused(connection.id, true),
      open().stop(connection.id, 'the key was refused'),
    ]);
    expect(await connections.get(connection.id)).toMatchObject({
      settings: { drift: 'off', mode: 'observe' },
      paused: true,
      stopped: { reason: 'the key was refused' },
    });
  });

  test('a stop keeps its first time, and ends by resume; a pause is apart from it', async () => {
    const clock = { now: 1_000 };
    const timed = open({ now: () => clock.now });
    await timed.add(input);
    await timed.setPaused('Acme', true);
    await timed.stop('Acme', '401');
    clock.now = 2_000;
    expect((await timed.stop('Acme', '401 again')).stopped).toEqual({ reason: '401 again', at: 1_000 });
    const resumed = await timed.resume('Acme');
    expect(resumed).not.toHaveProperty('stopped');
    expect(resumed.paused).toBe(true);
    expect(await timed.resume('Acme')).toEqual(resumed);
  });

  test('a new API key replaces the old one', async () => {
    await connections.add(input);
    await connections.setKey('Acme', 'another-key\n');
    expect(await open().apiKey('Acme')).toBe('another-key');
  });

  test('a change keeps what a newer version has stored beside', async () => {
    const { connection } = await connections.add(input);
    const key = `${keyPrefix}:connections`;
    const record = JSON.parse((await redis.hget(key, connection.id)) ?? '');
    await redis.hset(key, connection.id, JSON.stringify({ ...record, region: 'eu' }));
    await connections.setPaused('Acme', true);
    expect(JSON.parse((await redis.hget(key, connection.id)) ?? '')).toMatchObject({
      region: 'eu',
      paused: true,
    });
  });

  test('what does not exist is refused', async () => {
    expect(await connections.get('nobody')).toBeUndefined();
    expect(await refusalOf(connections.set('nobody', {}))).toBe('unknown-connection');
    expect(await refusalOf(connections.remove('nobody'))).toBe('unknown-connection');
    expect(await refusalOf(connections.apiKey('nobody'))).toBe('unknown-connection');
  });
});

test('an API key does not open when somebody changed, in Redis, where it would be sent', async () => {
  const { connection } = await connections.add(input);
  const key = `${keyPrefix}:connections`;
  const record = JSON.parse((await redis.hget(key, connection.id)) ?? '');
  await redis.hset(key, connection.id, JSON.stringify({ ...record, baseUrl: 'https://evil.example' }));
  expect(await refusalOf(connections.apiKey(connection.id))).toBe('seal-broken');
});

test('a record that cannot be read is named, not hidden', async () => {
  await redis.hset(`${keyPrefix}:connections`, 'c000000000000', '{"v":2}');
  expect(await refusalOf(connections.list())).toBe('malformed-record');
});

test('removing takes the connection and its tokens, and nothing of the others', async () => {
  const acme = await connections.add(input);
  const other = await connections.add({ ...input, name: 'Other' });
  await connections.rotateToken('Acme');
  expect(await connections.remove('ACME')).toEqual(acme.connection);
  expect(await connections.list()).toEqual([other.connection]);
  expect(await redis.hlen(`${keyPrefix}:tokens`)).toBe(1);
  expect(await connections.authenticate(acme.token)).toBeUndefined();
  expect(await connections.authenticate(other.token)).toEqual(other.connection);
  await connections.add(input);
});

test('the cached list is at most 2 s behind other processes, and never behind this one', async () => {
  const clock = { now: 0 };
  const cached = open({ now: () => clock.now });
  expect(await cached.listCached()).toEqual([]);
  const { connection } = await connections.add(input);
  clock.now = 1_999;
  expect(await cached.listCached()).toEqual([]);
  clock.now = 2_000;
  expect(await cached.listCached()).toEqual([connection]);
  await cached.setPaused('Acme', true);
  expect(await cached.listCached()).toEqual([{ ...connection, paused: true }]);
});

test('a Redis that does not answer is no missing connection', async () => {
  const closed = new Redis(inject('redisUrl'), { lazyConnect: true });
  closed.disconnect();
  const unreachable = openConnections(closed, secret, { keyPrefix });
  const { token } = await connections.add(input);
  expect(await refusalOf(unreachable.list())).toBe('store-unavailable');
  expect(await refusalOf(unreachable.authenticate(token))).toBe('store-unavailable');
});
