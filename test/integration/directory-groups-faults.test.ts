/** A process that dies, or loses an answer, in the middle of a change of thousands of members. */
import { randomUUID } from 'node:crypto';
import { type Directory, openDirectory } from '@fresh-scim/directory';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, keysOf, openBench, person, renamedTo } from './directory-support.ts';

let bench: Bench;
let directory: Directory;

beforeEach(() => {
  bench = openBench();
  ({ directory } = bench);
});
afterEach(() => bench[Symbol.asyncDispose]());

const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
const membersOf = async (id: string): Promise<string[]> =>
  (await bench.redis.smembers(`${bench.prefix}gm:${id}`)).sort();

class Died extends Error {}

/** A process whose n-th script is not sent, or is done without an answer, and that does nothing after it. */
function dying(n: number, when: 'before' | 'after'): Directory {
  let scripts = 0;
  const redis = new Proxy(bench.redis, {
    get: (target: Redis, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        if (scripts >= n) throw new Died();
        if (name !== 'evalsha') return Reflect.apply(value, target, args) as unknown;
        scripts += 1;
        if (scripts < n) return Reflect.apply(value, target, args) as unknown;
        if (when === 'after') await Reflect.apply(value, target, args);
        throw new Died();
      };
    },
  });
  return openDirectory(redis, bench.scope);
}

/** `gm:` and `mg:` say the same. */
async function assertReverse(): Promise<void> {
  const pairs = { gm: new Set<string>(), mg: new Set<string>() };
  for (const key of await keysOf(bench)) {
    const [kind, id = ''] = key.slice(bench.prefix.length).split(':');
    if (kind === 'gm') for (const member of await bench.redis.smembers(key)) pairs.gm.add(`${id} ${member}`);
    if (kind === 'mg') for (const group of await bench.redis.hkeys(key)) pairs.mg.add(`${group} ${id}`);
  }
  expect([...pairs.mg].sort()).toEqual([...pairs.gm].sort());
}

const deaths = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) =>
  (['before', 'after'] as const).map((when) => ({ n, when })),
);

describe('whose process dies', () => {
  test.each(deaths)('$when script $n: a replace is completed by the same request', async ({ n, when }) => {
    const old = ids(2100);
    const { stored } = await directory.createGroup({ displayName: 'Field' }, old);
    const wanted = [...old.slice(0, 300), ...ids(1500)];
    const replace = (by: Directory) =>
      by.mutateGroup(stored.id, renamedTo('Desk'), [{ op: 'replace', ids: wanted }]);
    const dead = await replace(dying(n, when)).catch((error: unknown) => error);
    await assertReverse();
    await replace(directory);
    expect(await membersOf(stored.id)).toEqual(wanted.toSorted());
    await assertReverse();
    const before = await directory.getGroup(stored.id);
    expect(before?.json).toBe('{"displayName":"Desk"}');
    expect(await replace(directory)).toMatchObject({ changed: false, stored: before });
    expect(dead instanceof Died || n > 7).toBe(true); // seven slices: the twin without a death
  });

  test.each(deaths)('$when script $n: a delete is finished by the sweep', async ({ n, when }) => {
    const { stored } = await directory.createGroup({ displayName: 'Field' }, ids(2600));
    const { stored: outer } = await directory.createGroup({ displayName: 'Outer' }, [stored.id]);
    await dying(n, when)
      .removeGroup(stored.id)
      .catch((error: unknown) => error);
    await directory.purge(0);
    const isThere = (await directory.getGroup(stored.id)) !== undefined;
    expect(isThere).toBe(n === 1 && when === 'before');
    expect(await membersOf(outer.id)).toEqual(isThere ? [stored.id] : []);
    if (!isThere) expect(await membersOf(stored.id)).toEqual([]);
    expect(await bench.redis.smembers(`${bench.prefix}leaving`)).toEqual([]);
    await assertReverse();
  });
});

describe('what Freshservice has shown of a group', () => {
  /** Everything that a pass tells, in its order. */
  async function pass(groupId: string, slice: number): Promise<{ op: string; id: string }[]> {
    const told: { op: string; id: string }[] = [];
    let after: Parameters<Directory['nextMoves']>[2];
    do {
      const { op, memberIds, next } = await directory.nextMoves(groupId, slice, after);
      told.push(...memberIds.map((id) => ({ op, id })));
      after = next;
    } while (after);
    return told;
  }

  test.each([1, 3, 100])('is brought to what is wanted, removals first, in slices of %i', async (slice) => {
    const [stays, goes, comes] = [ids(5), ids(4), ids(6)];
    const { stored } = await directory.createGroup({ displayName: 'Field' }, [...stays, ...comes]);
    for (const id of [...stays, ...goes]) {
      expect(await directory.moveObserved(stored.id, id, true)).toBe(true);
    }
    expect(await directory.moveObserved(stored.id, stays[0] ?? '', true)).toBe(false);
    const told = await pass(stored.id, slice);
    const of = (op: string): string[] => told.filter((move) => move.op === op).map(({ id }) => id);
    expect([...new Set(of('remove'))].sort()).toEqual(goes.toSorted());
    expect([...new Set(of('add'))].sort()).toEqual(comes.toSorted());
    expect(told.findLastIndex(({ op }) => op === 'remove')).toBeLessThan(
      told.findIndex(({ op }) => op === 'add'),
    );
    for (const { op, id } of told) await directory.moveObserved(stored.id, id, op === 'add');
    expect(await pass(stored.id, slice)).toEqual([]);
  });

  test('outlives the group, so that everybody is taken out of it there', async () => {
    const members = ids(3);
    const { stored } = await directory.createGroup({ displayName: 'Field' }, members);
    for (const id of members) await directory.moveObserved(stored.id, id, true);
    await directory.removeGroup(stored.id);
    const told = await pass(stored.id, 10);
    expect(told.map(({ op, id }) => `${op} ${id}`).sort()).toEqual(
      members.map((id) => `remove ${id}`).sort(),
    );
  });
});

describe('an account that only an import has shown', () => {
  test('leaves all groups when it vanishes from the listings', async () => {
    const observed = { remoteId: 7, readAt: 1, values: {}, echoes: {}, sentAddresses: [], ours: [] };
    await directory.startImport();
    await directory.showAccount(person('ines'), { remoteId: 7, observed, listing: 1 });
    const [ines] = await directory.lookupUsers({ by: 'userName', value: 'ines@larkspur.example' });
    const { stored } = await directory.createGroup({ displayName: 'Field' }, [ines?.id ?? '']);
    expect(await directory.loadMembers(stored.id, 10)).toHaveLength(1);
    expect(await directory.hideVanished(3)).toBe(1);
    expect(await membersOf(stored.id)).toEqual([]);
    expect(await directory.getGroup(stored.id)).toMatchObject({ generation: 2 });
  });
});

describe('a connection that is removed', () => {
  test('leaves nothing of its groups', async () => {
    const [member = ''] = ids(1);
    const { stored } = await directory.createGroup({ displayName: 'Field', externalId: 'E' }, [member]);
    await directory.createGroup({ displayName: 'Desk', externalId: 'E' }, [stored.id]);
    await directory.moveObserved(stored.id, member, true);
    await directory.erase();
    expect(await keysOf(bench)).toEqual([`${bench.accountPrefix}layoutVersion`]);
  });
});
