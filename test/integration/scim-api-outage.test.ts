/**
 * Redis away, frozen, or refusing to write: 503 with Retry-After and never a 404 or 400, which Entra would act on;
 * soon, and without anybody's help when Redis is back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { provideRedis, startEmbeddedRedis } from '@fresh-scim/runtime';
import type { EmbeddedRedis } from '@fresh-scim/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { type Answer, type Body, group, openScimApi, person, type TestApi } from '../support/scim-api.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

const binary = await provideRedis();
/** A command that Redis does not answer is given up after 3 s; the rest is for a machine that is busy. */
const ANSWER_WITHIN_MS = 20_000;
/** The outage is said again after so long. */
const SAID_EVERY_MS = 5_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let redis: EmbeddedRedis;
let api: TestApi;
let ines: Body;
let tier: Body;

beforeEach(async () => {
  folder = await temporaryFolder();
  redis = await startEmbeddedRedis({ dataDir: folder.path, binary });
  api = await openScimApi({ redisUrl: redis.url });
  ines = await api.create({ externalId: 'x-1', emails: [{ type: 'work', value: 'ines@larkspur.example' }] });
  tier = await api.createGroup({ members: [{ value: ines.id }] });
  ines = (await api.call('GET', `/Users/${ines.id}`)).body;
});
afterEach(async () => {
  await api.close();
  await redis.stop(5_000);
  await folder[Symbol.asyncDispose]();
});

const patch = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'add', path: 'title', value: 'x' }],
};

const reads = (): Promise<Answer>[] => [
  api.call('GET', `/Users/${ines.id}`),
  api.call('GET', '/Users/nobody'),
  api.call('GET', '/Users'),
  api.call('GET', '/Users?filter=userName+eq+%22a%22'),
  api.call('GET', '/Users?filter=externalId+eq+%22x-1%22'),
  api.call('GET', '/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22ines@larkspur.example%22'),
  api.call('GET', '/Users?filter=title+co+%22a%22'),
  api.call('POST', '/Users/.search', { filter: 'title pr' }),
  api.call('GET', `/Groups/${tier.id}`),
  api.call('GET', '/Groups?excludedAttributes=members&filter=displayName+eq+%22a%22'),
  api.call('GET', `/Groups?filter=members+eq+%22${ines.id}%22`),
  api.call('GET', ''),
];
const writes = (): Promise<Answer>[] => [
  api.call('POST', '/Users', person()),
  api.call('PUT', `/Users/${ines.id}`, person()),
  api.call('PATCH', `/Users/${ines.id}`, patch),
  api.call('DELETE', `/Users/${ines.id}`),
  api.call('POST', '/Groups', group()),
  api.call('PUT', `/Groups/${tier.id}`, group()),
  api.patchGroup(tier.id, { op: 'Remove', path: 'members', value: [{ value: ines.id }] }),
  api.call('DELETE', `/Groups/${tier.id}`),
];

async function expectUnavailable(requests: Promise<Answer>[]): Promise<void> {
  const askedAt = performance.now();
  const answers = await Promise.all(requests);
  expect(performance.now() - askedAt).toBeLessThan(ANSWER_WITHIN_MS);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
  for (const { headers, text } of answers) {
    expect(headers['retry-after']).toBe('10');
    expect(text).not.toMatch(/redis|socket|larkspur/i);
  }
}

async function expectServing(): Promise<void> {
  await until('the endpoint to recover', async () => (await api.call('GET', '/Users')).status === 200);
  expect((await api.call('GET', `/Users/${ines.id}`)).body).toMatchObject({ userName: ines['userName'] });
  expect((await api.call('GET', `/Groups/${tier.id}`)).body).toEqual(tier);
  expect((await api.call('PATCH', `/Users/${ines.id}`, patch)).body).toMatchObject({ title: 'x' });
  expect((await api.create()).id).not.toBe('');
}

async function killRedis(): Promise<void> {
  process.kill(redis.pid, 'SIGKILL');
  await redis.exited;
}

async function restartRedis(): Promise<void> {
  redis = await startEmbeddedRedis({ dataDir: folder.path, binary, url: redis.url });
}

describe('Redis that has stopped', () => {
  it('makes every verb a 503, and comes back with all that was acknowledged', async () => {
    await killRedis();
    await expectUnavailable([...reads(), ...writes()]);
    await expectUnavailable([...reads(), ...writes()]); // Also while it is being looked for.
    expect((await api.call('GET', '/ServiceProviderConfig')).status).toBe(200);
    const unknown = { authorization: `Bearer fsc_${'A'.repeat(43)}` };
    expect((await api.call('GET', '/Users', undefined, unknown)).status).toBe(503);
    await restartRedis();
    await expectServing();
  });

  it('in the middle of requests loses none that was answered 2xx, and nothing is answered otherwise', async () => {
    const posts = Array.from({ length: 400 }, async (_, index) => {
      await sleep(index / 2);
      return api.call('POST', '/Users', person());
    });
    await posts[20];
    await killRedis();
    const answers = await Promise.all([...posts, api.call('POST', '/Users', person())]);
    const created = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ status }) => status === 503).length).toBe(answers.length - created.length);
    expect(created.length).toBeGreaterThan(0);
    expect(created.length).toBeLessThan(answers.length);
    await restartRedis();
    await expectServing();
    for (const { body } of created) {
      expect((await api.call('GET', `/Users/${body.id}`)).body).toEqual(body);
      expect(await api.count(`userName eq "${String(body['userName'])}"`)).toBe(1);
    }
  });
});

describe('where pages have ended', () => {
  it('is no write to the disk, and is forgotten with Redis', async () => {
    for (const _ of [2, 3]) await api.create();
    const ids = async (query: string): Promise<string[]> =>
      (await api.call('GET', `/Users?${query}`)).body.Resources.map(({ id }) => id);
    const [first = '', second, third] = await ids('count=3');
    const sizeOf = async (): Promise<string | undefined> =>
      /aof_current_size:(\d+)/.exec(await api.redis.info('persistence'))?.[1];
    const before = await sizeOf();
    for (const query of ['count=1', 'count=1&sortBy=meta.created']) expect(await ids(query)).toEqual([first]);
    expect(before).toMatch(/^\d+$/);
    expect(await sizeOf()).toBe(before);
    await api.call('DELETE', `/Users/${first}`);
    expect(await ids('startIndex=2')).toEqual([second, third]);
    await killRedis();
    await restartRedis();
    await until('the endpoint to recover', async () => (await api.call('GET', '/Users')).status === 200);
    expect(await ids('startIndex=2')).toEqual([third]);
  });
});

describe('an outage', () => {
  it('takes a line of the log every 5 s, which says how often it was met', async () => {
    await killRedis();
    let met = 0;
    const startedAt = performance.now();
    for (let round = 0; round < 5; round += 1) {
      const requests = [...reads(), ...writes()];
      met += requests.length;
      await expectUnavailable(requests);
    }
    await api.app.close();
    const lines = api.logLines.flatMap((line) => {
      const { msg, times } = JSON.parse(line) as { msg: string; times: number };
      return msg === 'the store is not available' ? [times] : [];
    });
    expect(lines.reduce((sum, times) => sum + times, 0)).toBe(met);
    // At once, every 5 s, and what is left at the end.
    expect(lines.length).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / SAID_EVERY_MS);
  });
});

describe('Redis that hangs', () => {
  it('makes every verb a 503 within seconds', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    try {
      await expectUnavailable([...reads(), ...writes()]);
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    await until('the endpoint to recover', async () => (await api.call('GET', '/Users')).status === 200);
  });
});

describe('Redis that refuses to write', () => {
  it.each([
    [
      'for want of replicas',
      ['config', 'set', 'min-replicas-to-write', '1'],
      ['config', 'set', 'min-replicas-to-write', '0'],
    ],
    ['because it is a replica', ['replicaof', '127.0.0.1', '1'], ['replicaof', 'no', 'one']],
  ] as const)(
    '%s makes writes a 503, while reads are answered',
    async (_why, [command, ...args], [undo, ...undoArgs]) => {
      await api.redis.call(command, ...args);
      await expectUnavailable(writes());
      const answers = await Promise.all(reads());
      expect(answers.map(({ status }) => status)).toEqual([
        200,
        404,
        ...Array.from({ length: answers.length - 2 }, () => 200),
      ]);
      expect(answers[0]?.body).toEqual(ines);
      expect(answers[8]?.body).toEqual(tier);
      await api.redis.call(undo, ...undoArgs);
      await expectServing();
    },
  );
});

describe('Redis that is full', () => {
  it('makes what grows a 503, while reads are answered; a DELETE may pass, and then wholly', async () => {
    await api.redis.config('SET', 'maxmemory', '1');
    await expectUnavailable([
      api.call('POST', '/Users', person()),
      api.call('PATCH', `/Users/${ines.id}`, patch),
      api.call('POST', '/Groups', group()),
      api.patchGroup(tier.id, { op: 'Add', path: 'members', value: [{ value: 'somebody' }] }),
    ]);
    expect((await api.call('GET', `/Users/${ines.id}`)).body).toEqual(ines);
    for (const query of ['count=1', 'count=1&sortBy=userName']) {
      const { status, body } = await api.call('GET', `/Users?${query}`);
      expect({ status, ids: body.Resources.map(({ id }) => id) }).toEqual({ status: 200, ids: [ines.id] });
    }
    const { status } = await api.call('DELETE', `/Users/${ines.id}`);
    expect([204, 503]).toContain(status);
    expect((await api.call('GET', `/Users/${ines.id}`)).status).toBe(status === 204 ? 404 : 200);
    expect(await api.count('externalId eq "x-1"')).toBe(status === 204 ? 0 : 1);
    expect((await api.directory.story(`User-${ines.id}`))?.state).toBe('dirty');
    await api.redis.config('SET', 'maxmemory', '0');
    expect((await api.create()).id).not.toBe('');
  });
});

describe('a store of another version', () => {
  it('is not written to', async () => {
    const key = (await api.redis.keys('*layoutVersion'))[0] ?? '';
    const before = await api.redis.get(key);
    await api.redis.set(key, 'of the future');
    await expectUnavailable(writes());
    expect((await api.call('GET', `/Users/${ines.id}`)).body).toEqual(ines);
    await api.redis.set(key, String(before));
    await expectServing();
  });
});
