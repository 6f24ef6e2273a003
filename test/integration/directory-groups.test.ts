/** Groups as SCIM sees them, many at once: names, members by element, slices, references, deletes, and If-Match. */
import { randomUUID } from 'node:crypto';
import {
  type CommittedGroup,
  type Directory,
  openDirectory,
  type StoredResource,
} from '@fresh-scim/directory';
import { type MemberChange, parseFilter, ScimError } from '@fresh-scim/scim';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type Bench, keysOf, openBench, person, renamedTo } from './directory-support.ts';

let bench: Bench;
let directory: Directory;

beforeEach(() => {
  bench = openBench();
  ({ directory } = bench);
});
afterEach(() => bench[Symbol.asyncDispose]());

const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
const createUsers = (count: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async () => (await directory.createUser(person(randomUUID()))).stored.id),
  );
const create = async (displayName: string, members: readonly string[] = []): Promise<string> =>
  (await directory.createGroup({ displayName }, members)).stored.id;
const change = (id: string, ...members: MemberChange[]): Promise<CommittedGroup | undefined> =>
  directory.mutateGroup(id, (group) => group, members);
const membersOf = async (id: string): Promise<string[]> =>
  ((await directory.loadMembers(id, 100_000)) ?? []).map((member) => member.id).sort();
const groupsOf = async (id: string): Promise<string[]> =>
  ((await directory.groupsOf([id])).get(id) ?? []).map(({ display }) => display);
const referencesOf = async (id: string): Promise<string[]> =>
  (await bench.redis.smembers(`${bench.prefix}gm:${id}`)).sort();

describe('many at once', () => {
  test('two hundred changes of one group all take effect where a try takes longer than any pause', async () => {
    const id = await create('Field');
    const chance = { newId: randomUUID, pause: () => Promise.resolve(), random: () => 0 };
    const slow = openDirectory(bench.redis, bench.scope, chance);
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        slow.mutateGroup(id, (group) => ({ ...group, [`attribute${index}`]: index }), []),
      ),
    );
    expect((await directory.getGroup(id))?.generation).toBe(201);
  });
});

describe('a group', () => {
  test('comes back as it was stored, without its members', async () => {
    const [ines = '', bo = ''] = await createUsers(2);
    const { stored, changed, key } = await directory.createGroup({ displayName: 'Field', externalId: 'E1' }, [
      ines,
      bo,
      ines,
    ]);
    expect({ changed, key }).toEqual({ changed: true, key: `Group-${stored.id}` });
    expect(stored).toMatchObject({ generation: 1, json: '{"displayName":"Field","externalId":"E1"}' });
    expect(await directory.getGroup(stored.id)).toEqual(stored);
    expect(await membersOf(stored.id)).toEqual([ines, bo].sort());
    expect(await groupsOf(ines)).toEqual(['Field']);
    expect(await directory.getGroup(ines)).toBeUndefined();
    expect(await directory.getUser(stored.id)).toBeUndefined();
  });

  test('has a name that no other has, in any case; of ten POSTs of it one wins', async () => {
    const redises = Array.from({ length: 10 }, () => new Redis(inject('redisUrl')));
    const asked = await Promise.allSettled(
      redises.map((redis, index) =>
        openDirectory(redis, bench.scope).createGroup({ displayName: index % 2 ? 'Field' : 'FIELD' }, []),
      ),
    );
    for (const redis of redises) redis.disconnect();
    const lost = asked.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(lost).toHaveLength(9);
    for (const error of lost) expect(error).toMatchObject({ status: 409, scimType: 'uniqueness' });
    expect(await directory.status()).toMatchObject({ groups: 1, groupsNotApplied: 1 });
  });

  test('that is refused for its name changes neither attributes nor members', async () => {
    await create('Field');
    const [ines = ''] = await createUsers(1);
    const other = await create('Desk');
    const rename = directory.mutateGroup(other, (group) => ({ ...group, displayName: 'field' }), [
      { op: 'add', ids: [ines] },
    ]);
    await expect(rename).rejects.toBeInstanceOf(ScimError);
    expect(await directory.getGroup(other)).toMatchObject({ generation: 1 });
    expect(await membersOf(other)).toEqual([]);
    expect(await groupsOf(ines)).toEqual([]);
  });

  test('may change the case of its name, and gives the old name away', async () => {
    const id = await create('Field');
    const rename = (displayName: string) => directory.mutateGroup(id, renamedTo(displayName), []);
    expect(await rename('FIELD')).toMatchObject({ changed: true, stored: { generation: 2 } });
    expect(await rename('FIELD')).toMatchObject({ changed: false, stored: { generation: 2 } });
    await rename('Desk');
    await create('Field');
    expect(await directory.lookupGroups({ by: 'displayName', value: 'desk' })).toMatchObject([{ id }]);
  });

  test('is dirty nowhere, and wakes nobody', async () => {
    const id = await create('Field', ids(3));
    await change(id, { op: 'add', ids: ids(2) });
    expect(await directory.due()).toEqual({ urgent: 0, normal: 0 });
    expect(await directory.status()).toMatchObject({ users: 0, dirty: 0, groups: 1, groupsNotApplied: 1 });
    await directory.removeGroup(id);
    expect(await directory.status()).toMatchObject({ groups: 0, groupsNotApplied: 0 });
  });
});

describe('members', () => {
  test('of fifty PATCHes at once none is lost, and a rename among them takes effect', async () => {
    const users = await createUsers(50);
    const id = await create('Field', users.slice(0, 10));
    await Promise.all([
      ...users.slice(10).map((user) => change(id, { op: 'add', ids: [user] })),
      ...users.slice(0, 10).map((user) => change(id, { op: 'remove', ids: [user] })),
      directory.mutateGroup(id, (group) => ({ ...group, displayName: 'Desk' }), []),
    ]);
    expect(await membersOf(id)).toEqual(users.slice(10).sort());
    expect(await directory.getGroup(id)).toMatchObject({ generation: 52, json: '{"displayName":"Desk"}' });
  });

  test('do not stand in the way of attributes, nor attributes in that of each other', async () => {
    const id = await create('Field');
    const changes = Array.from({ length: 30 }, (_, index) =>
      directory.mutateGroup(id, (group) => ({ ...group, [`attribute${index}`]: index }), []),
    );
    await Promise.all([...changes, ...ids(30).map((member) => change(id, { op: 'add', ids: [member] }))]);
    const stored = await directory.getGroup(id);
    expect(stored?.generation).toBe(61);
    expect(Object.keys(JSON.parse(stored?.json ?? '{}') as object)).toHaveLength(31);
  });

  test('that are so already move neither version nor time', async () => {
    const [ines = '', bo = ''] = await createUsers(2);
    const id = await create('Field', [ines]);
    const before = await directory.getGroup(id);
    for (const same of [
      { op: 'add', ids: [ines] },
      { op: 'remove', ids: [bo] },
      { op: 'replace', ids: [ines] },
    ] as const) {
      expect(await change(id, same)).toMatchObject({ changed: false });
    }
    expect(await directory.getGroup(id)).toEqual(before);
  });

  test('change in the order of the changes', async () => {
    const [ines = '', bo = '', ada = ''] = await createUsers(3);
    const id = await create('Field', [ines]);
    await change(id, { op: 'replace', ids: [bo] }, { op: 'add', ids: [ada] }, { op: 'remove', ids: [bo] });
    expect(await membersOf(id)).toEqual([ada]);
    await change(id, { op: 'add', ids: [ines] }, { op: 'replace', ids: [] });
    expect(await membersOf(id)).toEqual([]);
  });

  test('are removed by any filter', async () => {
    const users = await createUsers(3);
    const nested = await create('Desk');
    const id = await create('Field', [...users, nested]);
    const where = parseFilter('Group', 'members[type eq "User" and value ne "x"]');
    if (where.kind !== 'element') throw new Error('no value path');
    await change(id, { op: 'remove', where: where.filter });
    expect(await directory.loadMembers(id, 10)).toEqual([{ id: nested, type: 'Group' }]);
  });

  test('that do not exist are kept, and shown when they appear', async () => {
    const future = randomUUID();
    const id = await create('Field', [future]);
    expect(await membersOf(id)).toEqual([]);
    const early = openDirectory(bench.redis, bench.scope, {
      newId: () => future,
      pause: async () => undefined,
      random: () => 0,
    });
    await early.createUser(person('ines'));
    expect(await membersOf(id)).toEqual([future]);
    expect(await groupsOf(future)).toEqual(['Field']);
  });

  test('have ids of a bounded length', async () => {
    const id = await create('Field');
    for (const bad of ['', 'x'.repeat(129)]) {
      await expect(change(id, { op: 'add', ids: [bad] })).rejects.toMatchObject({ scimType: 'invalidValue' });
    }
  });

  test('change only in the version that If-Match names', async () => {
    const [ines = '', bo = ''] = await createUsers(2);
    const id = await create('Field', [ines]);
    const add = (ifMatch: string) =>
      directory.mutateGroup(id, (group) => group, [{ op: 'add', ids: [bo] }], { ifMatch });
    await expect(add('W/"2"')).rejects.toMatchObject({ status: 412 });
    expect(await membersOf(id)).toEqual([ines]);
    expect(await add('W/"1"')).toMatchObject({ changed: true, stored: { generation: 2 } });
    await expect(directory.removeGroup(id, { ifMatch: 'W/"1"' })).rejects.toMatchObject({ status: 412 });
  });

  test('of two changes of the same version one wins', async () => {
    const id = await create('Field');
    const results = await Promise.allSettled(
      ids(10).map((member) =>
        directory.mutateGroup(id, (group) => group, [{ op: 'add', ids: [member] }], { ifMatch: 'W/"1"' }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await directory.getGroup(id)).toMatchObject({ generation: 2 });
  });
});

describe('many members', () => {
  test('come and go in slices, and the same request again changes nothing', async () => {
    const many = ids(3500);
    const id = await create('Field', many);
    expect(await referencesOf(id)).toEqual(many.toSorted());
    const next = [...many.slice(0, 500), ...ids(3000)];
    expect(await change(id, { op: 'replace', ids: next })).toMatchObject({ changed: true });
    expect(await referencesOf(id)).toEqual(next.toSorted());
    expect(await change(id, { op: 'replace', ids: next })).toMatchObject({ changed: false });
    expect(await groupsOf(many[600] ?? '')).toEqual([]);
  });

  test('that are added while others are replaced stay', async () => {
    const id = await create('Field', ids(3000));
    const [wanted, late] = [ids(3000), randomUUID()];
    await Promise.all([change(id, { op: 'replace', ids: wanted }), change(id, { op: 'add', ids: [late] })]);
    const left = await referencesOf(id);
    expect(wanted.filter((member) => !left.includes(member))).toEqual([]);
    expect(left.filter((member) => member !== late)).toEqual(wanted.toSorted());
  });

  test('are limited, and a request for more changes nothing', async () => {
    const id = await create('Field', ids(99_990));
    const before = await directory.getGroup(id);
    await expect(change(id, { op: 'add', ids: ids(11) })).rejects.toMatchObject({ scimType: 'invalidValue' });
    await expect(change(id, { op: 'add', ids: ids(2500) })).rejects.toMatchObject({ status: 400 });
    expect(await directory.getGroup(id)).toEqual(before);
    expect(await directory.loadMembers(id, 99_989)).toBeUndefined();
    expect(await directory.countMembers(['none', id])).toEqual([0, 99_990]);
    const [gone = ''] = await referencesOf(id);
    await change(id, { op: 'remove', ids: [gone] }, { op: 'add', ids: ids(11) });
    expect(await bench.redis.scard(`${bench.prefix}gm:${id}`)).toBe(100_000);
    await directory.removeGroup(id);
    expect((await keysOf(bench)).filter((key) => /:(mg|gm):|:leaving$/.test(key))).toEqual([]);
  });
});

describe('a delete', () => {
  test('of a user leaves all groups, and moves their version', async () => {
    const [ines = '', bo = ''] = await createUsers(2);
    const groups = await Promise.all(['Field', 'Desk'].map((name) => create(name, [ines, bo])));
    await directory.removeUser(ines);
    for (const id of groups) {
      expect(await referencesOf(id)).toEqual([bo]);
      expect(await directory.getGroup(id)).toMatchObject({ generation: 2 });
    }
    expect(await groupsOf(ines)).toEqual([]);
  });

  test('of a group leaves the groups that it is in, and its name is free', async () => {
    const inner = await create('Inner', ids(3));
    const outer = await create('Outer', [inner]);
    expect(await directory.loadMembers(outer, 10)).toEqual([{ id: inner, type: 'Group' }]);
    await directory.removeGroup(inner);
    expect(await directory.removeGroup(inner)).toBeUndefined();
    expect(await change(inner, { op: 'add', ids: ids(1) })).toBeUndefined();
    expect(await referencesOf(outer)).toEqual([]);
    expect(await directory.getGroup(outer)).toMatchObject({ generation: 2 });
    await create('Inner');
  });

  test('of which the process died is finished by the sweep', async () => {
    const [ines = ''] = await createUsers(1);
    const members = ids(1200);
    const id = await create('Field', members);
    // As the delete leaves it when it dies behind its first slice.
    await bench.redis.del(`${bench.prefix}g:${id}`);
    await bench.redis.sadd(`${bench.prefix}leaving`, id);
    await directory.purge(0);
    const left = (await keysOf(bench)).filter((key) => /:(mg|gm):|:leaving$/.test(key));
    expect(left).toEqual([]);
    expect(await directory.getUser(ines)).toBeDefined();
  });

  test('of a person in more groups than one script takes ends in all of them', async () => {
    const [ines = ''] = await createUsers(1);
    const groups = await Promise.all(Array.from({ length: 620 }, (_, index) => create(`g${index}`, [ines])));
    expect(await groupsOf(ines)).toHaveLength(620);
    expect(await directory.lookupGroups({ by: 'member', value: ines })).toHaveLength(620);
    await directory.removeUser(ines);
    const stored = await Promise.all(groups.map((id) => directory.getGroup(id)));
    expect(new Set(stored.map((group) => group?.generation))).toEqual(new Set([2]));
    expect((await keysOf(bench)).filter((key) => /:(mg|gm):|:leaving$/.test(key))).toEqual([]);
  });
});

describe('the groups of a page of people', () => {
  test('are told by name, however many there are', async () => {
    const users = await createUsers(30);
    const names = Array.from({ length: 260 }, (_, index) => `g${String(index).padStart(3, '0')}`);
    await Promise.all(names.map((name, index) => create(name, index < 250 ? users.slice(0, 25) : [])));
    const nested = await create('Nested');
    await create('Outer', [nested, users[29] ?? '']);
    const found = await directory.groupsOf([...users, nested, randomUUID()]);
    const namesOf = (id = ''): string[] => (found.get(id) ?? []).map(({ display }) => display);
    for (const id of users.slice(0, 25)) expect(namesOf(id)).toEqual(names.slice(0, 250));
    for (const id of [nested, users[29]]) expect(namesOf(id)).toEqual(['Outer']);
    expect(found.size).toBe(27);
    expect(await directory.groupsOf([])).toEqual(new Map());
  });
});

describe('groups are found', () => {
  test('by name without case, externalId and member, and no longer when that is gone', async () => {
    const [ines = ''] = await createUsers(1);
    const { stored } = await directory.createGroup({ displayName: 'Field', externalId: 'E1' }, [ines]);
    const lookups = [
      { by: 'id', value: stored.id },
      { by: 'displayName', value: 'fIELD' },
      { by: 'externalId', value: 'E1' },
      { by: 'member', value: ines },
    ] as const;
    for (const lookup of lookups) expect(await directory.lookupGroups(lookup)).toEqual([stored]);
    await directory.createGroup({ displayName: 'Desk', externalId: 'E1' }, []);
    expect(await directory.lookupGroups({ by: 'externalId', value: 'E1' })).toHaveLength(2);
    await directory.removeGroup(stored.id);
    for (const lookup of lookups) {
      expect((await directory.lookupGroups(lookup)).map(({ id }) => id)).not.toContain(stored.id);
    }
    expect(await directory.lookupGroups({ by: 'externalId', value: 'E1' })).toHaveLength(1);
  });

  test('page by page, in the order of creation', async () => {
    const created: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) created.push(await create(name));
    const { totalResults, resources } = await directory.pageGroups(2, 3);
    const listed = resources.map(({ id }) => id);
    expect(totalResults).toBe(5);
    const all: StoredResource[] = [];
    for await (const slice of directory.scanGroups(2)) all.push(...slice);
    expect(
      all
        .flat()
        .map(({ id }) => id)
        .slice(1, 4),
    ).toEqual(listed);
    expect(
      all
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(created.sort());
  });
});
