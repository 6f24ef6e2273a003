/** How dirty keys come to BullMQ: in which order, through which lane, and that none is lost or handed out twice. */
import type { Directory, Key, Urgency } from '@fresh-scim/directory';
import { Redis } from 'ioredis';
import { openDirectory } from '@fresh-scim/directory';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { until } from '../support/poll.ts';
import {
  type Bench,
  feedAll,
  lease,
  NEVER_MS,
  openBench,
  person,
  postponement,
  settlement,
  settleNow,
} from './directory-support.ts';

let bench: Bench;
let directory: Directory;

beforeEach(() => {
  bench = openBench();
  ({ directory } = bench);
});
afterEach(() => bench[Symbol.asyncDispose]());

/** A person who waits since `age` ms ago. */
async function post(name: string, age = 0): Promise<Key> {
  const { key } = await directory.createUser(person(name));
  if (age > 0) await setAge(key, age);
  return key;
}

/** As if the key had become dirty that long ago. */
async function setAge(key: Key, age: number): Promise<void> {
  const [seconds] = await bench.redis.time();
  const since = Number(seconds) * 1000 - age;
  await bench.redis.zadd(`${bench.prefix}unsettled`, 'XX', since, key);
  await bench.redis.zadd(`${bench.prefix}ready:n`, 'XX', since, key);
}

async function settledPerson(name: string): Promise<Key> {
  const key = await post(name);
  await settleNow(directory, key);
  return key;
}

describe('the order', () => {
  test('is by waiting, the oldest first, a few at a time', async () => {
    const keys = [await post('c', 1000), await post('a', 3000), await post('b', 2000)];
    const feed = (max: number): Promise<Key[]> => directory.feed('normal', { max, refeedAfterMs: NEVER_MS });
    expect(await feed(2)).toEqual([keys[1], keys[2]]);
    expect(await feed(2)).toEqual([keys[0]]);
    expect(await feed(2)).toEqual([]);
  });

  test('puts bulk work behind all other, however long it has waited', async () => {
    const bulk = await settledPerson('bulk');
    await directory.wake([bulk], { urgency: 'bulk' });
    const normal = await post('normal');
    expect(await feedAll(directory, 'normal')).toEqual([normal, bulk]);
  });

  test('gives bulk work its place among the others once Entra changes that person', async () => {
    const bulk = await settledPerson('bulk');
    await directory.wake([bulk], { urgency: 'bulk' });
    await directory.mutateUser(bulk.slice('User-'.length), (user) => ({ ...user, title: 'Clerk' }));
    const later = await post('later');
    const other = await settledPerson('other');
    await directory.wake([other], { urgency: 'bulk' });
    expect(await directory.feed('normal', { max: 1, refeedAfterMs: NEVER_MS })).toEqual([bulk]);
    expect(await feedAll(directory, 'normal')).toEqual(expect.arrayContaining([bulk, later, other]));
  });

  test('keeps the place of a key that was looked at and has to be looked at again', async () => {
    const old = await post('old', 5000);
    const young = await post('young');
    await directory.feed('normal', { max: 1, refeedAfterMs: NEVER_MS });
    await directory.postpone(await lease(directory, old), postponement('dirty'));
    expect(await directory.feed('normal', { max: 2, refeedAfterMs: NEVER_MS })).toEqual([old, young]);
  });
});

describe('the urgent lane', () => {
  test('has what takes access away, and nothing else', async () => {
    const normal = await post('normal');
    const leaver = await settledPerson('leaver');
    const { urgency } = (await directory.removeUser(leaver.slice('User-'.length))) ?? {};
    expect(urgency).toBe('urgent');
    expect(await directory.due()).toEqual({ urgent: 1, normal: 1 });
    expect(await feedAll(directory, 'urgent')).toEqual([leaver]);
    expect(await feedAll(directory, 'normal')).toEqual([normal]);
  });

  test('takes a key over from the other lane', async () => {
    const key = await post('leaver');
    await directory.mutateUser(key.slice('User-'.length), (user) => ({ ...user, active: false }));
    expect(await feedAll(directory, 'urgent')).toEqual([key]);
    expect(await feedAll(directory, 'normal')).toEqual([]);
  });

  test('does not offer at once what the committer adds itself, and offers it when that add was lost', async () => {
    await directory.createUser(person('leaver', { active: false }));
    expect(await directory.feed('urgent', { max: 10, refeedAfterMs: NEVER_MS })).toEqual([]);
    await until('the key to be offered again', async () => {
      const keys = await directory.feed('urgent', { max: 10, refeedAfterMs: 50 });
      return keys.length === 1;
    });
  });

  test('keeps an urgent key through a back-off', async () => {
    const { key } = await directory.createUser(person('leaver', { active: false }));
    await directory.postpone(await lease(directory, key), postponement('deferred', { ms: 0 }));
    await directory.feed('normal', { max: 1, refeedAfterMs: NEVER_MS });
    expect(await feedAll(directory, 'urgent')).toEqual([key]);
  });
});

describe('several feeders', () => {
  test('never get the same key, and together get every one', async () => {
    const keys = await Promise.all(Array.from({ length: 60 }, (_, index) => post(`p${index}`)));
    const redis = new Redis(inject('redisUrl'));
    const other = openDirectory(redis, bench.scope);
    const fed: Key[] = [];
    const drain = async (by: Directory): Promise<void> => {
      for (;;) {
        const some = await by.feed('normal', { max: 3, refeedAfterMs: NEVER_MS });
        if (some.length === 0) return;
        fed.push(...some);
      }
    };
    await Promise.all([drain(directory), drain(other), drain(directory), drain(other)]);
    redis.disconnect();
    expect(fed).toHaveLength(60);
    expect(new Set(fed)).toEqual(new Set(keys));
  });

  test('get a key again only when it was handed out long enough ago', async () => {
    const key = await post('a');
    expect(await directory.feed('normal', { max: 1, refeedAfterMs: NEVER_MS })).toEqual([key]);
    expect(await directory.feed('normal', { max: 1, refeedAfterMs: NEVER_MS })).toEqual([]);
    await bench.redis.zadd(`${bench.prefix}fed:n`, 'XX', 1, key);
    expect(await directory.feed('normal', { max: 1, refeedAfterMs: NEVER_MS / 1000 })).toEqual([key]);
    expect(await directory.feed('normal', { max: 1, refeedAfterMs: NEVER_MS / 1000 })).toEqual([]);
  });
});

describe('what comes due', () => {
  test.each(['deferred', 'parked'] as const)('a %s key is left alone until then', async (state) => {
    const key = await post('a');
    await directory.postpone(await lease(directory, key), postponement(state));
    expect(await feedAll(directory, 'normal')).toEqual([]);
    await bench.redis.zadd(`${bench.prefix}${state}`, 'XX', 1, key);
    expect(await directory.due()).toEqual({ urgent: 0, normal: 1 });
    expect(await feedAll(directory, 'normal')).toEqual([key]);
    expect(await directory.story(key)).toMatchObject({ state: 'dirty', why: null, dueAt: null });
  });

  test('comes in slices of a hundred a call', async () => {
    const keys = await Promise.all(Array.from({ length: 130 }, (_, index) => post(`p${index}`)));
    for (const key of keys) {
      await directory.postpone(await lease(directory, key), postponement('deferred', { ms: 0 }));
    }
    const feed = (): Promise<Key[]> => directory.feed('normal', { max: 1000, refeedAfterMs: NEVER_MS });
    expect([(await feed()).length, (await feed()).length, (await feed()).length]).toEqual([100, 30, 0]);
  });

  test('a person who stays held does not', async () => {
    const { key } = await directory.createUser(person('a', { active: false }));
    await directory.postpone(await lease(directory, key), postponement('held', { ms: 0 }));
    expect([await feedAll(directory, 'urgent'), await feedAll(directory, 'normal')]).toEqual([[], []]);
    expect(await directory.due()).toEqual({ urgent: 0, normal: 0 });
  });
});

describe('those who wait for a key', () => {
  const waitFor = async (waiter: Key, awaited: Key, changes = '0'): Promise<unknown> =>
    directory.settle(await lease(directory, waiter), settlement({ awaits: [{ key: awaited, changes }] }));

  test('look again when it changes, and not when it does not', async () => {
    const [boss, report] = [await post('boss'), await post('report')];
    await waitFor(report, boss);
    await settleNow(directory, boss, { applied: false });
    expect(await feedAll(directory, 'normal')).toEqual([]);
    await directory.wake([boss], { urgency: 'normal' });
    await settleNow(directory, boss);
    expect(await feedAll(directory, 'normal')).toEqual([report]);
  });

  test('look again at once when it has changed before they began to wait', async () => {
    const [boss, report] = [await post('boss'), await post('report')];
    const held = await lease(directory, report);
    const changes = await directory.loadChanges(boss);
    await settleNow(directory, boss);
    expect(await directory.settle(held, settlement({ awaits: [{ key: boss, changes }] }))).toBe('again');
  });

  test('look again in slices when they are many', async () => {
    const boss = await post('boss');
    const reports = await Promise.all(Array.from({ length: 250 }, (_, index) => post(`p${index}`)));
    for (const report of reports) await waitFor(report, boss);
    await settleNow(directory, boss);
    expect(await directory.status()).toMatchObject({ dirty: 100 });
    const fed = new Set<Key>();
    for (const expected of [200, 250, 250]) {
      for (const key of await directory.feed('normal', { max: 1000, refeedAfterMs: NEVER_MS })) fed.add(key);
      expect(fed.size).toBe(expected);
    }
    expect(await bench.redis.exists(`${bench.prefix}awaited`, `${bench.prefix}aw:${boss}`)).toBe(0);
  });
});

describe('an urgency', () => {
  const strength = ['bulk', 'normal', 'urgent'] as const;
  test.each(strength.flatMap((first) => strength.map((second) => [first, second] as const)))(
    '%s, then %s: the stronger one holds until the key is settled',
    async (first: Urgency, second: Urgency) => {
      const key = await settledPerson('a');
      await directory.wake([key], { urgency: first });
      await directory.wake([key], { urgency: second });
      const stronger = strength[Math.max(strength.indexOf(first), strength.indexOf(second))];
      expect(await lease(directory, key)).toMatchObject({ urgency: stronger });
      expect(await feedAll(directory, stronger === 'urgent' ? 'urgent' : 'normal')).toEqual([key]);
    },
  );
});
