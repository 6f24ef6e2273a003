/** Users as SCIM sees them, many at once: uniqueness, changes, look-ups, pages, scans, and the layout of the store. */
import { randomUUID } from 'node:crypto';
import { type Directory, LayoutMismatch, openDirectory, type StoredResource } from '@fresh-scim/directory';
import { type Attributes, ScimError } from '@fresh-scim/scim';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type Bench, keysOf, openBench, person } from './directory-support.ts';

let bench: Bench;
let directory: Directory;

beforeEach(() => {
  bench = openBench();
  ({ directory } = bench);
});
afterEach(() => bench[Symbol.asyncDispose]());

const create = async (name: string, more: Attributes = {}): Promise<string> =>
  (await directory.createUser(person(name, more))).stored.id;
const createMany = (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => create(`p${index}`)));
const userOf = ({ json }: StoredResource): Attributes => JSON.parse(json) as Attributes;
const idsOf = (resources: readonly StoredResource[]): string[] => resources.map(({ id }) => id);

describe('many at once', () => {
  test('of ten POSTs of one userName, in any case and from several processes, one wins', async () => {
    const redises = Array.from({ length: 10 }, () => new Redis(inject('redisUrl')));
    const asked = await Promise.allSettled(
      redises.map((redis, index) => {
        const name = index % 2 ? 'Ines' : 'INES';
        return openDirectory(redis, bench.scope).createUser(person(name));
      }),
    );
    for (const redis of redises) redis.disconnect();
    const lost = asked
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => reason as unknown);
    expect(lost).toHaveLength(9);
    for (const error of lost) {
      expect(error).toBeInstanceOf(ScimError);
      expect(error).toMatchObject({ status: 409, scimType: 'uniqueness' });
    }
    expect(await directory.status()).toMatchObject({ users: 1, dirty: 1 });
    expect(await directory.lookupUsers({ by: 'userName', value: 'iNeS@larkspur.example' })).toHaveLength(1);
  });

  test('two hundred changes of one user all take effect', async () => {
    const id = await create('ines');
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        directory.mutateUser(id, (user) => ({ ...user, [`attribute${index}`]: index })),
      ),
    );
    const stored = await directory.getUser(id);
    expect(stored?.generation).toBe(201);
    expect(Object.keys(stored ? userOf(stored) : {})).toHaveLength(3 + 200);
  });

  test('two hundred changes of one user all take effect where a try takes longer than any pause', async () => {
    const id = await create('ines');
    const slow = openDirectory(bench.redis, bench.scope, {
      newId: randomUUID,
      pause: () => Promise.resolve(), // Next to nothing, as on a machine that is busy: all meet again.
      random: () => 0,
    });
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        slow.mutateUser(id, (user) => ({ ...user, [`attribute${index}`]: index })),
      ),
    );
    expect((await directory.getUser(id))?.generation).toBe(201);
  });

  test('two renames to one userName: one wins, the other changes nothing', async () => {
    const ids = await createMany(2);
    const rename = (id: string): Promise<unknown> =>
      directory.mutateUser(id, (user) => ({ ...user, userName: 'taken@larkspur.example' }));
    const results = await Promise.allSettled(ids.map(rename));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const users = await Promise.all(ids.map((id) => directory.getUser(id)));
    expect(new Set(users.map((user) => user?.generation))).toEqual(new Set([1, 2]));
    const [found] = await directory.lookupUsers({ by: 'userName', value: 'Taken@larkspur.example' });
    expect(found?.generation).toBe(2);
  });

  test('a change and a delete: the change is made before it or not at all', async () => {
    const id = await create('ines');
    const [changed] = await Promise.all([
      directory.mutateUser(id, (user) => ({ ...user, title: 'Clerk' })),
      directory.removeUser(id),
    ]);
    expect([undefined, 2]).toContain(changed?.stored.generation);
    expect(await directory.getUser(id)).toBeUndefined();
    expect(await directory.status()).toMatchObject({ users: 0, dirty: 1 });
  });
});

describe('a change', () => {
  test('that changes nothing is none', async () => {
    const id = await create('ines');
    expect(await directory.mutateUser(id, (user) => user)).toMatchObject({
      changed: false,
      stored: { generation: 1 },
    });
  });

  test('that fails in the middle changes nothing', async () => {
    const id = await create('ines');
    const refuse = (): never => {
      throw new ScimError(400, 'invalidValue', 'no');
    };
    await expect(directory.mutateUser(id, refuse)).rejects.toMatchObject({ status: 400 });
    expect(await directory.getUser(id)).toMatchObject({ generation: 1 });
  });

  test('is made of the version that If-Match names, and of no other', async () => {
    const id = await create('ines');
    const change = (ifMatch: string): Promise<unknown> =>
      directory.mutateUser(id, (user) => ({ ...user, title: ifMatch }), { ifMatch });
    await expect(change('W/"2"')).rejects.toMatchObject({ status: 412 });
    expect(await change('W/"7", W/"1"')).toMatchObject({ stored: { generation: 2 } });
    expect(await change('*')).toMatchObject({ stored: { generation: 3 } });
    await expect(directory.removeUser(id, { ifMatch: 'W/"1"' })).rejects.toMatchObject({ status: 412 });
  });

  test('of a user that does not exist is told', async () => {
    expect(await directory.mutateUser('nobody', (user) => ({ ...user, title: 'x' }))).toBeUndefined();
    expect(await directory.removeUser('nobody')).toBeUndefined();
    expect(await directory.getUser('nobody')).toBeUndefined();
  });

  test('comes back exactly as it was stored', async () => {
    const odd = { displayName: ' \u{20bb7} e\u0301 \u0000 "\\ \ud800 ', title: '\u2028' };
    const id = await create('ines', odd);
    const stored = await directory.getUser(id);
    expect(stored && userOf(stored)).toEqual(person('ines', odd));
    expect(Math.abs((stored?.createdAt ?? 0) - Date.now())).toBeLessThan(3_600_000);
    expect(stored?.modifiedAt).toBe(stored?.createdAt);
  });
});

describe('a look-up', () => {
  test('finds by each unique value, and no longer when that value is gone', async () => {
    const id = await create('ines', {
      externalId: 'E1',
      emails: [{ type: 'work', value: 'Ines.O@thrift.example' }],
    });
    const lookups = [
      { by: 'id', value: id },
      { by: 'userName', value: 'INES@larkspur.example' },
      { by: 'externalId', value: 'E1' },
      { by: 'email', value: 'ines.o@THRIFT.example' },
    ] as const;
    for (const lookup of lookups) expect(idsOf(await directory.lookupUsers(lookup))).toEqual([id]);
    expect(await directory.lookupUsers({ by: 'externalId', value: 'e1' })).toEqual([]);
    await directory.removeUser(id);
    for (const lookup of lookups) expect(await directory.lookupUsers(lookup)).toEqual([]);
  });

  test('by userName finds the groups too', async () => {
    const id = await create('ines');
    const [field = '', gone = ''] = await Promise.all(
      ['Field', 'Gone', 'Desk'].map(async (displayName) => {
        const { stored } = await directory.createGroup({ displayName }, [id]);
        return stored.id;
      }),
    );
    await directory.removeGroup(gone);
    const user = await directory.getUser(id);
    expect(await directory.findUser('INES@larkspur.example')).toEqual({
      ...user,
      groups: [expect.objectContaining({ display: 'Desk' }), { id: field, display: 'Field' }],
    });
    expect(await directory.findUser('nobody@larkspur.example')).toBeUndefined();
    await directory.removeUser(id);
    expect(await directory.findUser('ines@larkspur.example')).toBeUndefined();
  });

  test('by a work address finds those who have it as their userName too', async () => {
    const named = await create('ines');
    const mailed = await create('bo', { emails: [{ type: 'work', value: 'ines@larkspur.example' }] });
    const found = await directory.lookupUsers({ by: 'email', value: 'ines@larkspur.example' });
    expect(idsOf(found).sort()).toEqual([named, mailed].sort());
  });

  test('by any address finds everybody who has it, whatever its type', async () => {
    const named = await create('ines');
    const emails = [
      { type: 'work', value: 'bo@work.example' },
      { type: 'home', value: 'INES@larkspur.example' },
      { type: 'other', value: 'bo@home.example' },
    ];
    const mailed = await create('bo', { emails });
    const find = async (value: string): Promise<string[]> =>
      idsOf(await directory.lookupUsers({ by: 'email', value })).sort();
    expect(await find('ines@LARKSPUR.example')).toEqual([named, mailed].sort());
    for (const value of ['Bo@work.example', 'bo@HOME.example', 'bo@larkspur.example']) {
      expect(await find(value)).toEqual([mailed]);
    }
    await directory.mutateUser(mailed, (user) => ({ ...user, emails: emails.slice(0, 1) }));
    expect(await find('bo@home.example')).toEqual([]);
    expect(await find('ines@larkspur.example')).toEqual([named]);
  });

  test('by a value that several carry finds all, and says so when they are too many', async () => {
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, index) => create(`p${index}`, { externalId: 'x' })),
    );
    expect(idsOf(await directory.lookupUsers({ by: 'externalId', value: 'x' })).sort()).toEqual(ids.sort());
    const more = await create('more', { externalId: 'x' });
    await expect(directory.lookupUsers({ by: 'externalId', value: 'x' })).rejects.toMatchObject({
      scimType: 'tooMany',
    });
    await Promise.all([more, ...ids.slice(1)].map((id) => directory.removeUser(id)));
    expect(idsOf(await directory.lookupUsers({ by: 'externalId', value: 'x' }))).toEqual([ids[0]]);
    expect(await bench.redis.hgetall(`${bench.prefix}xi`)).toEqual({ x: ids[0] });
    expect(await bench.redis.exists(`${bench.prefix}shared`)).toBe(0);
  });

  test('finds a long value by its digest, of which the index keeps no more', async () => {
    const long = 'x'.repeat(5000);
    const id = await create(long, {
      externalId: long,
      emails: [{ type: 'work', value: `${long}@thrift.example` }],
    });
    await expect(directory.createUser(person(long.toUpperCase()))).rejects.toMatchObject({ status: 409 });
    const lookups = [
      { by: 'userName', value: `${long}@LARKSPUR.example` },
      { by: 'externalId', value: long },
      { by: 'email', value: `${long}@thrift.EXAMPLE` },
    ] as const;
    for (const lookup of lookups) expect(idsOf(await directory.lookupUsers(lookup))).toEqual([id]);
    for (const index of ['un', 'xi', 'em']) {
      const [field] = await bench.redis.hkeys(bench.prefix + index);
      expect(field).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
    await directory.removeUser(id);
    expect(await bench.redis.exists(...['un', 'xi', 'em', 'ord'].map((name) => bench.prefix + name))).toBe(0);
  });
});

describe('a person is found', () => {
  let id: string;
  const found = async (who: string): Promise<string[]> =>
    (await directory.findPeople(who)).map(({ key }) => key.slice('User-'.length));

  beforeEach(async () => {
    id = await create('sean', {
      displayName: "Seán O'Hara-Müller \u5409\u{20bb7}",
      externalId: 'E1',
      emails: [{ type: 'work', value: 'Sean.Hara@thrift.example' }],
    });
    await create('sean2', { displayName: 'Sean Other' });
    const leased = await directory.acquire(`User-${id}`, 60_000);
    if ('state' in leased) throw new Error('no lease');
    const observed = { remoteId: 700, readAt: 1, values: {}, echoes: {}, sentAddresses: [], ours: [] };
    await directory.record(leased, { observed, claim: { remoteId: 700 }, intent: 'keep' });
  });

  test.each([
    ['userName', 'SEAN@larkspur.example'],
    ['work address', 'sean.hara@THRIFT.example'],
    ['externalId', 'E1'],
    ['Freshservice id', '700'],
    ['a word', 'hara'],
    ['the beginnings of words, in any order', 'mül seá'],
    ['a name with an apostrophe', "O'Hara"],
    ['a name with a hyphen', "o'hara-müller"],
    ['a decomposed name', 'Sea\u0301n'.normalize('NFD')],
    ['the beginning of an address', 'sean.hara@thr'],
    ['a word that goes on beyond the basic plane', '\u5409'],
    ['blanks around it', '  E1 '],
  ])('by %s', async (_, who) => {
    expect(await found(who)).toEqual([id]);
  });

  test('by id and by key', async () => {
    expect([await found(id), await found(`User-${id}`)]).toEqual([[id], [id]]);
  });

  test('by id, externalId and Freshservice id after the delete too', async () => {
    await directory.removeUser(id);
    for (const who of [id, 'E1', '700']) expect(await found(who)).toEqual([id]);
    for (const who of ['hara', 'SEAN@larkspur.example']) expect(await found(who)).toEqual([id]);
    const [story] = await directory.findPeople(id);
    expect(story).toMatchObject({
      resource: undefined,
      tombstone: { userName: 'sean@larkspur.example' },
      state: 'dirty',
    });
  });

  test('nobody by what fits nobody', async () => {
    for (const who of ['', ' ', 'nobody', 'hara nobody', '701', "'", 'User-', '[', '\u0000']) {
      expect(await found(who)).toEqual([]);
    }
  });
});

describe('pages', () => {
  /** Pages of three, until one is empty. */
  async function pages(between: (page: number) => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    for (let page = 0; ; page += 1) {
      const { resources } = await directory.pageUsers(page * 3 + 1, 3);
      if (resources.length === 0) return seen;
      seen.push(...idsOf(resources));
      await between(page);
    }
  }

  /** One after the other: of those of one millisecond the order is by id. */
  async function createInOrder(count: number): Promise<string[]> {
    const ids = await createMany(count);
    await Promise.all(ids.map((id, index) => bench.redis.zadd(`${bench.prefix}ord`, index, id)));
    return ids;
  }

  test('show everybody once, in the order of creation, while others come', async () => {
    const ids = await createInOrder(10);
    const seen = await pages((page) => (page < 3 ? create(`new${page}`) : Promise.resolve()));
    expect(seen.slice(0, 10)).toEqual(ids);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(13);
  });

  test('move up by one for each who went before them, and show nobody twice', async () => {
    const ids = await createInOrder(10);
    const seen = await pages((page) => (page === 0 ? directory.removeUser(ids[1] ?? '') : Promise.resolve()));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(ids.filter((id) => id !== ids[3]));
  });

  test('count everybody, and may be empty', async () => {
    const ids = await createInOrder(5);
    expect(await directory.pageUsers(1, 0)).toEqual({ totalResults: 5, skipped: 0, resources: [] });
    expect(await directory.pageUsers(6, 10)).toEqual({ totalResults: 5, skipped: 5, resources: [] });
    const last = await directory.pageUsers(5, 10);
    expect([last.totalResults, idsOf(last.resources)]).toEqual([5, ids.slice(4)]);
  });
});

describe('a scan', () => {
  async function scan(sliceSize: number, between: (slice: number) => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    let slice = 0;
    for await (const users of directory.scanUsers(sliceSize)) {
      seen.push(...idsOf(users));
      await between(slice);
      slice += 1;
    }
    return seen;
  }
  const still = (): Promise<void> => Promise.resolve();
  /** As if all of these had been created in these milliseconds. */
  const setCreated = (ids: readonly string[], at: (index: number) => number): Promise<unknown> =>
    Promise.all(ids.map((id, index) => bench.redis.zadd(`${bench.prefix}ord`, at(index), id)));

  test.each([1, 2, 7, 100])(
    'in slices of %i sees everybody once, also those of one millisecond',
    async (sliceSize) => {
      const ids = await createMany(25);
      for (const at of [() => 1000, (index: number) => 1000 + (index % 3), (index: number) => 1000 + index]) {
        await setCreated(ids, at);
        const seen = await scan(sliceSize, still);
        expect(seen.sort()).toEqual([...ids].sort());
      }
      expect(await scan(10, still)).toHaveLength(25);
    },
  );

  test('sees everybody who is there throughout, once, while others come and go', async () => {
    const ids = await createMany(30);
    await setCreated(ids, (index) => 1000 + (index % 4));
    const goes = new Set(ids.filter((_, index) => index % 3 === 0));
    const going = [...goes];
    const seen = await scan(4, async (slice) => {
      await Promise.all([
        ...going.splice(0, 3).map((id) => directory.removeUser(id)),
        ...(slice < 5 ? [create(`new${slice}`)] : []),
      ]);
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(ids.filter((id) => !goes.has(id) && !seen.includes(id))).toEqual([]);
  });

  test('has the order of pages, which begin behind any place, also one whose user is gone', async () => {
    const ids = await createMany(12);
    await setCreated(ids, (index) => 1000 + (index % 3));
    const all = await scan(100, still);
    for (const [index, id] of all.entries()) {
      const createdAt = Number(await bench.redis.zscore(`${bench.prefix}ord`, id));
      const { skipped, resources } = await directory.pageUsers({ createdAt, id }, 20);
      expect([skipped, idsOf(resources)]).toEqual([index + 1, all.slice(index + 1)]);
    }
    await directory.removeUser(all[4] ?? '');
    const createdAt = 1000 + (ids.indexOf(all[4] ?? '') % 3);
    const { skipped, resources } = await directory.pageUsers({ createdAt, id: all[4] ?? '' }, 20);
    expect(skipped).toBe(4);
    const rest = idsOf(resources);
    expect(rest).toEqual(all.slice(5));
  });

  test('of nobody ends', async () => {
    expect(await scan(10, still)).toEqual([]);
  });
});

describe('the layout of the store', () => {
  const version = (): Promise<string | null> => bench.redis.get(`${bench.accountPrefix}layoutVersion`);

  test('is named with the first commit', async () => {
    await directory.status();
    expect(await version()).toBeNull();
    await create('ines');
    expect(await version()).toBe('2');
  });

  test('of another version is refused by name, and left as it is', async () => {
    const id = await create('ines');
    await bench.redis.set(`${bench.accountPrefix}layoutVersion`, '99');
    const before = await keysOf(bench);
    const changes = [
      () => directory.createUser(person('bo')),
      () => directory.mutateUser(id, (user) => ({ ...user, title: 'x' })),
      () => directory.removeUser(id),
      () => directory.createGroup({ displayName: 'Field' }, []),
      () => directory.feed('normal', { max: 10, refeedAfterMs: 0 }),
      () => directory.acquire(`User-${id}`, 1000),
      () => directory.wake([`User-${id}`], { urgency: 'urgent' }),
      () => directory.startImport(),
      () => directory.purge(0),
    ];
    for (const change of changes) {
      await expect(change()).rejects.toBeInstanceOf(LayoutMismatch);
      await expect(change()).rejects.toThrow('layout version 99');
    }
    expect(await keysOf(bench)).toEqual(before);
    expect(await directory.getUser(id)).toMatchObject({ generation: 1 });
  });
});
