/** One holder per key, and what becomes of one who is late. */
import { randomUUID } from 'node:crypto';
import { type Directory, type Key, type Leased, openDirectory } from '@fresh-scim/directory';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { until } from '../support/poll.ts';
import {
  type Bench,
  expireLease,
  lease,
  LEASE_MS,
  observed,
  openBench,
  person,
  postponement,
  settlement,
  settleNow,
} from './directory-support.ts';

let bench: Bench;
let directory: Directory;
let key: Key;

beforeEach(async () => {
  bench = openBench();
  ({ directory } = bench);
  ({ key } = await directory.createUser(person('ines')));
});
afterEach(() => bench[Symbol.asyncDispose]());

const idOf = (key: Key): string => key.slice('User-'.length);

/** The holder stops for too long, and somebody else takes over. */
async function overtaken(): Promise<{ late: Leased; present: Leased }> {
  const late = await lease(directory, key);
  await expireLease(bench, key);
  return { late, present: await lease(directory, key) };
}

describe('a lease', () => {
  test('is given to one of ten callers, of several processes', async () => {
    const redises = Array.from({ length: 10 }, () => new Redis(inject('redisUrl')));
    const asked = await Promise.all(
      redises.map((redis) => openDirectory(redis, bench.scope).acquire(key, LEASE_MS)),
    );
    for (const redis of redises) redis.disconnect();
    expect(asked.filter((answer) => !('state' in answer))).toHaveLength(1);
    const busy = asked.filter((answer) => 'state' in answer);
    expect(busy.map((answer) => 'state' in answer && answer.state)).toEqual(Array(9).fill('busy'));
  });

  test('is not given for a key that has nothing to do, or that nobody knows', async () => {
    await settleNow(directory, key);
    expect(await directory.acquire(key, LEASE_MS)).toEqual({ state: 'idle' });
    expect(await directory.acquire(`User-${randomUUID()}`, LEASE_MS)).toEqual({ state: 'idle' });
  });

  test('runs out by itself, and not while it is renewed', async () => {
    const leased = await directory.acquire(key, 150);
    if ('state' in leased) throw new Error('no lease');
    const next = await until('the lease to run out', async () => {
      const answer = await directory.acquire(key, LEASE_MS);
      return 'state' in answer ? undefined : answer;
    });
    expect(Number(next.fence)).toBe(Number(leased.fence) + 1);
    expect([await directory.renew(leased), await directory.renew(next)]).toEqual([false, true]);
  });

  test('is given back by every ending', async () => {
    for (const state of ['dirty', 'fed'] as const) {
      await directory.postpone(await lease(directory, key), postponement(state));
    }
    await settleNow(directory, key);
  });
});

describe('a settle', () => {
  test('leaves the key dirty when there was a reason to look again, whatever it was', async () => {
    const reasons = [
      () => directory.mutateUser(idOf(key), (user) => ({ ...user, title: 'Clerk' })),
      () => directory.wake([key], { urgency: 'bulk' }),
      () => directory.removeUser(idOf(key)),
    ];
    for (const reason of reasons) {
      const leased = await lease(directory, key);
      await reason();
      expect(await directory.settle(leased, settlement())).toBe('again');
      expect(await directory.status()).toMatchObject({ dirty: 1 });
    }
    await settleNow(directory, key);
    expect(await directory.status()).toMatchObject({ dirty: 0, oldestDirtySeconds: null, applied: 4 });
  });

  test.each(['deferred', 'parked', 'held'] as const)('and so does a postponement to %s', async (state) => {
    const leased = await lease(directory, key);
    await directory.mutateUser(idOf(key), (user) => ({ ...user, active: false }));
    expect(await directory.postpone(leased, postponement(state))).toBe('again');
    expect(await lease(directory, key)).toMatchObject({ urgency: 'urgent', active: false });
  });

  test('is possible once', async () => {
    const leased = await lease(directory, key);
    expect(await directory.settle(leased, settlement())).toBe('settled');
    expect(await directory.settle(leased, settlement())).toBe('lost');
  });
});

describe('a leaver who is parked', () => {
  const park = async (): Promise<void> => {
    await directory.postpone(await lease(directory, key), postponement('parked', { leaver: true }));
    expect(await directory.status()).toMatchObject({ parked: 1, parkedLeavers: 1, dirty: 0 });
  };

  test('is counted apart until somebody looks again, and its parks until it is settled', async () => {
    await park();
    await directory.wake([key], { urgency: 'normal' });
    expect(await directory.status()).toMatchObject({ parked: 0, parkedLeavers: 0, dirty: 1 });
    await park();
    await directory.mutateUser(idOf(key), (user) => ({ ...user, title: 'Clerk' }));
    const leased = await lease(directory, key);
    expect(leased).toMatchObject({ parks: 2 });
    await directory.settle(leased, settlement());
    await directory.wake([key], { urgency: 'normal' });
    expect(await lease(directory, key)).toMatchObject({ parks: 0 });
    expect(await directory.status()).toMatchObject({ parkedLeavers: 0 });
  });
});

describe('a holder who is late', () => {
  test('changes nothing but the suspicion', async () => {
    const { late, present } = await overtaken();
    await directory.record(present, { observed: observed(7), claim: { remoteId: 7 }, intent: 'keep' });
    const planned = {
      step: 'update' as const,
      generation: late.generation,
      looks: 0,
      lookupBy: { emails: [] },
    };
    const before = await directory.story(key);

    expect(await directory.renew(late)).toBe(false);
    expect(await directory.intend(late, planned, 1000)).toEqual({ result: 'lost' });
    expect(
      await directory.record(late, {
        observed: observed(8),
        claim: { remoteId: 8 },
        intent: 'clear',
        event: { what: 'x' },
      }),
    ).toEqual({ result: 'lost' });
    expect(await directory.settle(late, settlement({ event: { what: 'x' } }))).toBe('lost');
    expect(await directory.postpone(late, postponement('parked', { event: { what: 'x' } }))).toBe('lost');

    expect(await directory.story(key)).toEqual(before);
    expect(await directory.ownerOf(8)).toBeUndefined();
    expect(await directory.settle(present, settlement())).toBe('again');
    expect(await lease(directory, key)).toMatchObject({ suspect: true });
  });

  test('makes a settled key dirty again', async () => {
    const { late, present } = await overtaken();
    expect(await directory.settle(present, settlement())).toBe('settled');
    expect(await directory.settle(late, settlement())).toBe('lost');
    expect(await lease(directory, key)).toMatchObject({ suspect: true, urgency: 'normal' });
  });

  test('names the account that it made, until that is dealt with', async () => {
    const { late, present } = await overtaken();
    await directory.record(late, { observed: observed(8), claim: { remoteId: 8 }, intent: 'clear', made: 8 });
    expect(await directory.settle(present, settlement())).toBe('again');
    const next = await lease(directory, key);
    expect(next).toMatchObject({ strays: [8], suspect: true });
    expect(await directory.settle(next, settlement())).toBe('settled');
    await directory.wake([key], { urgency: 'normal' });
    expect(await lease(directory, key)).toMatchObject({ strays: [], suspect: false });
  });

  test('is suspected even if the present holder records an answer from before', async () => {
    // Freshservice answers the present holder, then takes the late one's write, whose answer comes first.
    const { late, present } = await overtaken();
    await directory.record(late, { observed: observed(7), intent: 'clear' });
    await directory.record(present, { observed: observed(7), claim: { remoteId: 7 }, intent: 'clear' });
    expect(await directory.settle(present, settlement())).toBe('again');
    const next = await lease(directory, key);
    expect(next).toMatchObject({ suspect: true });
    await directory.record(next, { observed: observed(7), claim: { remoteId: 7 }, intent: 'clear' });
    expect(await directory.settle(next, settlement())).toBe('settled');
    await directory.wake([key], { urgency: 'normal' });
    expect(await lease(directory, key)).toMatchObject({ suspect: false });
  });
});

describe('an intent', () => {
  const planned = (leased: Leased, remoteId?: number) => ({
    step: 'update' as const,
    generation: leased.generation,
    looks: 0,
    lookupBy: { emails: ['ines@larkspur.example'] },
    ...(remoteId === undefined ? {} : { remoteId }),
  });

  test('is loaded by the next holder, with the time until which the call may be in flight', async () => {
    const leased = await lease(directory, key);
    expect(await directory.intend(leased, planned(leased, 7), 1000)).toEqual({ result: 'ok' });
    await expireLease(bench, key);
    const { intent, loadedAt } = await lease(directory, key);
    expect(intent).toMatchObject(planned(leased, 7));
    expect(intent?.deadlineAt).toBe((intent?.startedAt ?? 0) + 1000);
    expect(intent?.startedAt).toBeLessThanOrEqual(loadedAt);
  });

  test('stays when the effect is unknown, but nothing is in flight any more', async () => {
    const leased = await lease(directory, key);
    await directory.intend(leased, planned(leased), 1_000_000);
    await directory.record(leased, { intent: 'answered' });
    await directory.postpone(leased, postponement('dirty'));
    const { intent, loadedAt } = await lease(directory, key);
    expect(intent?.deadlineAt).toBeLessThanOrEqual(loadedAt);
  });

  test('is refused for what Entra has changed meanwhile, and for an account that another key owns', async () => {
    const leased = await lease(directory, key);
    const { key: other } = await directory.createUser(person('bo'));
    const rival = await lease(directory, other);
    await directory.record(rival, { observed: observed(7), claim: { remoteId: 7 }, intent: 'keep' });
    expect(await directory.intend(leased, planned(leased, 7), 1000)).toEqual({
      result: 'owned',
      owner: `c1/${other}`,
    });
    await directory.mutateUser(idOf(key), (user) => ({ ...user, title: 'Clerk' }));
    expect(await directory.intend(leased, planned(leased), 1000)).toEqual({ result: 'moved' });
    expect(await directory.story(key)).toMatchObject({ intent: undefined });
  });
});

describe('an account', () => {
  const claim = async (by: Key, takeoverFrom?: Key): Promise<string> => {
    const leased = await lease(directory, by);
    const permission = await directory.record(leased, {
      observed: observed(7),
      claim: { remoteId: 7, ...(takeoverFrom ? { takeoverFrom } : {}) },
      intent: 'keep',
    });
    await directory.postpone(leased, postponement('dirty'));
    return permission.result;
  };

  test('has one owner: of many at once one claims it', async () => {
    const keys = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => (await directory.createUser(person(`p${index}`))).key),
    );
    const results = await Promise.all(keys.map((one) => claim(one)));
    expect(results.filter((result) => result === 'ok')).toHaveLength(1);
    const owner = await directory.ownerOf(7);
    expect(owner).toBe(keys[results.indexOf('ok')]);
    for (const one of keys) {
      expect((await directory.story(one))?.observed?.remoteId).toBe(one === owner ? 7 : undefined);
    }
  });

  test('moves from a deleted person, from a disabled one if named, and from nobody else', async () => {
    await claim(key);
    const { key: other } = await directory.createUser(person('bo'));
    expect([await claim(other), await claim(other, key)]).toEqual(['owned', 'owned']);
    await directory.mutateUser(idOf(key), (user) => ({ ...user, active: false }));
    expect(await claim(other)).toBe('owned');
    expect(await claim(other, key)).toBe('taken');
    expect(await lease(directory, key)).toMatchObject({ owned: false });

    await directory.removeUser(idOf(other));
    const { key: third } = await directory.createUser(person('cy'));
    expect(await claim(third)).toBe('taken');
    expect(await directory.ownerOf(7)).toBe(third);
  });

  test('of another connection of the same account is nobody else’s either', async () => {
    await claim(key);
    await using other = openBench(bench.scope.accountId, 'c2');
    const { key: theirs } = await other.directory.createUser(person('ines'));
    const permission = await other.directory.record(await lease(other.directory, theirs), {
      observed: observed(7),
      claim: { remoteId: 7 },
      intent: 'keep',
    });
    expect(permission).toEqual({ result: 'owned', owner: `c1/${key}` });
    expect(await other.directory.ownerOf(7)).toBeUndefined();
  });
});

describe('the brake', () => {
  const limits = { count: 2, share: 0, windowMs: 60_000 };

  test('lets so many pass in its window, and a key that passed once again', async () => {
    const results = [];
    for (const name of ['a', 'b', 'c']) {
      const made = await directory.createUser(person(name, { active: false }));
      const leased = await lease(directory, made.key);
      results.push(await directory.passBrake(leased, limits), await directory.passBrake(leased, limits));
    }
    const held = { pass: false, passed: 2, limit: 2 };
    expect(results).toEqual([{ pass: true }, { pass: true }, { pass: true }, { pass: true }, held, held]);
  });

  test('lets an approved person pass, and a person who comes back', async () => {
    const none = { ...limits, count: 0 };
    const held = async (): Promise<Leased> => {
      const leased = await lease(directory, key);
      expect(await directory.passBrake(leased, none)).toMatchObject({ pass: false });
      await directory.postpone(leased, postponement('held'));
      return leased;
    };
    await directory.mutateUser(idOf(key), (user) => ({ ...user, active: false }));
    await held();
    expect(await directory.wake([key], { urgency: 'normal' })).toBe(0);
    expect(await directory.story(key)).toMatchObject({ state: 'held' });
    await directory.wake([key], { urgency: 'urgent', release: true });
    const approved = await lease(directory, key);
    expect(await directory.passBrake(approved, none)).toEqual({ pass: true });
    await directory.settle(approved, settlement());

    await directory.mutateUser(idOf(key), (user) => ({ ...user, title: 'Clerk' }));
    await held();
    const back = await directory.mutateUser(idOf(key), (user) => ({ ...user, active: true }));
    expect(back).toMatchObject({ urgency: expect.stringMatching(/urgent|normal/) });
    expect(await directory.story(key)).toMatchObject({ state: 'dirty' });
  });

  test('keeps the account of a rejected person whatever else changes, until Entra or a person says otherwise', async () => {
    const hold = async (): Promise<void> => {
      await directory.postpone(await lease(directory, key), postponement('held'));
      expect(await directory.rejectHeld([key], { what: 'rejected' })).toBe(1);
    };
    await directory.mutateUser(idOf(key), (user) => ({ ...user, active: false }));
    await hold();
    expect(await directory.wake([key], { urgency: 'bulk' })).toBe(0);
    expect(await directory.story(key)).toMatchObject({ state: 'clean' });
    await directory.mutateUser(idOf(key), (user) => ({ ...user, title: 'Clerk' }));
    expect(await directory.story(key)).toMatchObject({ state: 'dirty' });

    await hold();
    expect(await directory.wake([key], { urgency: 'urgent', release: true })).toBe(1);
    expect(await directory.story(key)).toMatchObject({ state: 'dirty' });
    expect(await directory.wake([key], { urgency: 'normal' })).toBe(1);
  });
});
