/** What ends: a deleted person after the time of retention, a connection that is removed. Nothing of it may be left. */
import type { Directory, Key } from '@fresh-scim/directory';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Bench,
  expireLease,
  feedAll,
  keysOf,
  lease,
  NEVER_MS,
  observed,
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

const idOf = (key: Key): string => key.slice('User-'.length);

/** A person with an account, notes and a story, in step. */
async function settledPerson(name: string, remoteId: number, more = {}): Promise<Key> {
  const { key } = await directory.createUser(person(name, { externalId: `e-${name}`, ...more }));
  const leased = await lease(directory, key);
  await directory.record(leased, { observed: observed(remoteId), claim: { remoteId }, intent: 'clear' });
  const notes = [{ attribute: 'job_title', reason: 'too-long' }];
  await directory.settle(leased, settlement({ notes, event: { what: 'settled' } }));
  return key;
}

async function removeAndSettle(key: Key): Promise<void> {
  await directory.removeUser(idOf(key));
  await settleNow(directory, key);
}

/** What a connection keeps of nobody in particular. */
const kept = ({ prefix, accountPrefix }: Bench): string[] =>
  [`${prefix}mapping`, `${prefix}stats`, `${accountPrefix}layoutVersion`].sort();

describe('a deleted person', () => {
  test.each([
    ['as Entra names people', {}],
    ['with quotes in the externalId', { externalId: 'a"b\\c' }],
    ['with a long externalId', { externalId: 'x'.repeat(1000) }],
    ['without an externalId', { externalId: '' }],
  ])('is forgotten wholly after its time: %s', async (_, more) => {
    const key = await settledPerson('ines', 7, more);
    await removeAndSettle(key);
    expect(await directory.purge(NEVER_MS)).toBe(0);
    expect(await directory.story(key)).toMatchObject({ tombstone: { userName: 'ines@larkspur.example' } });
    expect(await directory.purge(0)).toBe(1);
    expect(await keysOf(bench)).toEqual(kept(bench));
    expect([await directory.story(key), await directory.ownerOf(7)]).toEqual([undefined, undefined]);
  });

  test('is not forgotten before its account is dealt with', async () => {
    const key = await settledPerson('ines', 7);
    await directory.removeUser(idOf(key));
    expect(await directory.purge(0)).toBe(0);
    await directory.postpone(await lease(directory, key), postponement('parked', { leaver: true, ms: 0 }));
    expect(await directory.purge(0)).toBe(0);
    await feedAll(directory, 'normal');
    await settleNow(directory, key);
    await directory.wake([key], { urgency: 'normal' });
    expect(await directory.purge(0)).toBe(0);
    await settleNow(directory, key);
    expect(await directory.purge(0)).toBe(1);
  });

  test('whose account is kept by a person’s decision is forgotten after the same time', async () => {
    const key = await settledPerson('ines', 7);
    await directory.removeUser(idOf(key));
    await directory.postpone(await lease(directory, key), postponement('held'));
    expect(await directory.rejectHeld([key], { what: 'rejected' })).toBe(1);
    expect(await directory.purge(NEVER_MS)).toBe(0);
    expect(await directory.purge(0)).toBe(1);
    expect(await keysOf(bench)).toEqual(kept(bench));
  });

  test('leaves no ownership of an account that it was bound to before', async () => {
    const key = await settledPerson('ines', 7);
    await directory.wake([key], { urgency: 'normal' });
    const leased = await lease(directory, key);
    await directory.record(leased, { observed: observed(), intent: 'clear' });
    await directory.record(leased, { observed: observed(8), claim: { remoteId: 8 }, intent: 'clear' });
    expect([await directory.ownerOf(7), await directory.ownerOf(8)]).toEqual([undefined, key]);
    await directory.settle(leased, settlement());
    await removeAndSettle(key);
    await directory.purge(0);
    expect(await keysOf(bench)).toEqual(kept(bench));
  });

  test('leaves no ownership of a double that was put to rest', async () => {
    const key = await settledPerson('ines', 7);
    await directory.wake([key], { urgency: 'normal' });
    const leased = await lease(directory, key);
    const planned = {
      step: 'deactivate' as const,
      generation: 1,
      looks: 0,
      remoteId: 8,
      lookupBy: { emails: [] },
    };
    await directory.intend(leased, planned, 1000);
    expect(await directory.ownerOf(8)).toBe(key);
    await directory.record(leased, { intent: 'clear' });
    expect([await directory.ownerOf(7), await directory.ownerOf(8)]).toEqual([key, undefined]);
  });

  test('does not come back because somebody changes whom it waited for', async () => {
    const boss = await settledPerson('boss', 8);
    const { key } = await directory.createUser(person('ines'));
    const awaits = [{ key: boss, changes: await directory.loadChanges(boss) }];
    await directory.settle(await lease(directory, key), settlement({ awaits }));
    await removeAndSettle(key);
    await directory.purge(0);
    await directory.wake([boss], { urgency: 'normal' });
    await settleNow(directory, boss);
    expect(await directory.status()).toMatchObject({ dirty: 0 });
    expect(await directory.story(key)).toBeUndefined();
  });

  test('does not come back because a holder is very late, unless that one made an account', async () => {
    const { key } = await directory.createUser(person('ines'));
    const late = await lease(directory, key);
    await expireLease(bench, key);
    await removeAndSettle(key);
    await directory.purge(0);
    expect(await directory.settle(late, settlement())).toBe('lost');
    expect([await directory.story(key), (await directory.status()).dirty]).toEqual([undefined, 0]);

    await directory.record(late, { intent: 'clear', made: 9 });
    const found = await lease(directory, key);
    expect(found).toMatchObject({ strays: [9], active: false, resource: undefined, tombstone: undefined });
    await directory.settle(found, settlement());
    expect(await directory.purge(0)).toBe(1);
    expect(await keysOf(bench)).toEqual(kept(bench));
  });

  test('is known by its externalId, the newest first, until it is forgotten', async () => {
    const externalId = '5b0f2c1e-1111-4222-8333-9a9a9a9a9a9a';
    const first = await settledPerson('a', 7, { externalId });
    const second = await settledPerson('b', 8, { externalId });
    await removeAndSettle(first);
    await removeAndSettle(second);
    const known = await directory.sameIdentity(externalId, 'User-other');
    expect(known).toMatchObject([
      { key: second, active: false, deleted: true, remoteId: 8 },
      { key: first, active: false, deleted: true, remoteId: 7 },
    ]);
    await directory.purge(0);
    expect(await directory.sameIdentity(externalId, 'User-other')).toEqual([]);
  });
});

describe('a connection that is removed', () => {
  test('leaves no key and no ownership, and nothing of another is touched', async () => {
    await using other = openBench(bench.scope.accountId, 'c11');
    const { key: theirs } = await other.directory.createUser(person('ines'));
    const leased = await lease(other.directory, theirs);
    await other.directory.record(leased, {
      observed: observed(70),
      claim: { remoteId: 70 },
      intent: 'clear',
    });
    const before = await keysOf(bench);

    const keys = await Promise.all(
      Array.from({ length: 30 }, (_, index) => settledPerson(`p${index}`, index + 1)),
    );
    await directory.wake(keys.slice(0, 10), { urgency: 'urgent' });
    await directory.postpone(
      await lease(directory, keys[0] ?? theirs),
      postponement('parked', { leaver: true }),
    );
    await directory.postpone(await lease(directory, keys[1] ?? theirs), postponement('deferred'));
    await feedAll(directory, 'urgent');
    await removeAndSettle(keys[20] ?? theirs);

    await directory.erase();
    expect(await keysOf(bench)).toEqual(before);
    expect(await other.redis.hgetall(`${bench.accountPrefix}owners`)).toEqual({ 70: `c11/${theirs}` });
    expect(await other.directory.status()).toMatchObject({ users: 1, dirty: 1 });
    await directory.erase();
    expect(await directory.status()).toMatchObject({ users: 0, dirty: 0, applied: 0 });
  });

  test('has patterns in its names that are no patterns', async () => {
    await using odd = openBench(`${bench.scope.accountId}*`, 'c?');
    await odd.directory.createUser(person('ines'));
    await directory.createUser(person('ines'));
    await odd.directory.erase();
    expect(await directory.status()).toMatchObject({ users: 1 });
  });
});
