/** The import of an account: what becomes visible, how it goes on, ends and is repeated, and what people become of it. */
import { type Directory, openDirectory } from '@fresh-scim/directory';
import { BudgetExhausted } from '@fresh-scim/freshservice';
import { importAccounts, type ImportEnd, reconcile } from '@fresh-scim/reconciler';
import { applyPatch, parsePatch, parseResource } from '@fresh-scim/scim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { openWorld, type TestWorld } from '../support/world.ts';

const GUID = '5b0f2c1e-1111-4222-8333-9a9a9a9a9a9a';
const ADDRESS = 'ines.okafor@larkspur.example';
const ines = { userName: ADDRESS, externalId: GUID, name: { givenName: 'Ines', familyName: 'Okafor' } };
const account = {
  first_name: 'Ines',
  last_name: 'Okafor',
  job_title: 'Engineer',
  primary_email: ADDRESS,
  external_id: GUID,
};

let world: TestWorld;
let directory: Directory;
beforeEach(async () => {
  world = await openWorld({ deadlineMs: 5000 });
  ({ directory } = world);
});
afterEach(() => world.close());

const go = (signal = new AbortController().signal, leaseMs = 60_000): Promise<ImportEnd> =>
  importAccounts(world.world, { signal, leaseMs });
async function listAll(): Promise<void> {
  await directory.startImport();
  expect(await go()).toBe('done');
}
const created = (user: object) =>
  directory.createUser(
    parseResource('User', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], ...user }),
  );
const shown = async (address = ADDRESS): Promise<Record<string, unknown> | undefined> => {
  const [stored] = await directory.lookupUsers({ by: 'userName', value: address });
  return stored && JSON.parse(stored.json);
};
const idOfShown = async (address = ADDRESS): Promise<string> =>
  (await directory.lookupUsers({ by: 'userName', value: address }))[0]?.id ?? 'nobody';
const patch = (id: string, ...operations: object[]) => {
  const parsed = parsePatch('User', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: operations,
  });
  return directory.mutateUser(id, (attributes) => applyPatch('User', attributes, parsed));
};
const onlyCalls = (): Record<string, number> => {
  const { 'requesters.list': _, ...others } = world.calls();
  return others;
};

describe('an account that nobody owns', () => {
  it('is visible to every query, and nothing is to be done about it', async () => {
    world.sim.state.create({ ...account, mobile_phone_number: '+351 91 555 0142' });
    await listAll();
    expect(await shown()).toEqual({
      userName: ADDRESS,
      externalId: GUID,
      active: true,
      displayName: 'Ines Okafor',
      name: { givenName: 'Ines', familyName: 'Okafor' },
      title: 'Engineer',
      emails: [{ type: 'work', primary: true, value: ADDRESS }],
      phoneNumbers: [{ type: 'mobile', value: '+351 91 555 0142' }],
    });
    expect(await directory.lookupUsers({ by: 'externalId', value: GUID })).toHaveLength(1);
    expect(await directory.findPeople('oka')).toMatchObject([{ managed: false, state: 'clean' }]);
    expect(await directory.status()).toMatchObject({ users: 0, unmanaged: 2, dirty: 0 });
    expect(await directory.wake([`User-${await idOfShown()}`], { urgency: 'normal' })).toBe(0);
    expect(await directory.due()).toEqual({ urgent: 0, normal: 0 });
  });

  it('follows the listings, and keeps its id', async () => {
    const { id, ...rest } = world.sim.state.create(account);
    await listAll();
    const scimId = await idOfShown();
    world.sim.state.save({ ...rest, id, job_title: 'Director' });
    await listAll();
    expect([await idOfShown(), (await shown())?.['title']]).toEqual([scimId, 'Director']);
  });

  it('without an address is counted and not shown', async () => {
    world.sim.state.create({ first_name: 'Nobody', primary_email: null });
    await listAll();
    expect(await directory.loadImport()).toMatchObject({ state: 'done', seen: 2, withoutAddress: 1 });
    expect(await directory.status()).toMatchObject({ unmanaged: 1 });
  });

  it('disappears when two complete listings do not show it, and not before', async () => {
    const { id } = world.sim.state.create(account);
    await listAll();
    world.sim.state.forget(id);
    await listAll();
    expect(await shown()).toBeDefined();
    await listAll();
    expect(await shown()).toBeUndefined();
    expect(await directory.findPeople('Ines')).toEqual([]);
    expect(await directory.loadAccounts([id])).toEqual(new Map());
  });

  it('is not taken to be gone by listings that were not complete', async () => {
    world.sim.state.seed({ count: 250, seed: 1 });
    await listAll();
    const before = await directory.status();
    for (const user of world.people().slice(0, 100)) world.sim.state.forget(user.id);
    for (let count = 0; count < 3; count += 1) {
      await directory.startImport();
      const stop = new AbortController();
      await importAccounts(world.world, { signal: stop.signal, onProgress: () => stop.abort() });
      await directory.cancelImport();
    }
    await listAll();
    expect((await directory.status()).unmanaged).toBe(before.unmanaged);
  });
});

describe('a write of Entra', () => {
  it('makes it managed; who looks as wanted costs no call', async () => {
    world.sim.state.create(account);
    await listAll();
    const id = await idOfShown();
    await patch(id, { op: 'Add', path: 'name.formatted', value: 'Ines Okafor' });
    await world.drain();
    expect(await directory.status()).toMatchObject({ users: 1, unmanaged: 1, dirty: 0 });
    expect(onlyCalls()).toEqual({});
  });

  it('disables it at once', async () => {
    const { id } = world.sim.state.create(account);
    await listAll();
    const committed = await patch(await idOfShown(), { op: 'Replace', path: 'active', value: 'False' });
    expect(committed?.urgency).toBe('urgent');
    await world.drain();
    expect(world.sim.state.users.get(id)?.active).toBe(false);
  });

  it('that is a DELETE takes access away, and leaves a tombstone', async () => {
    const { id } = world.sim.state.create(account);
    await listAll();
    const scimId = await idOfShown();
    await directory.removeUser(scimId);
    await world.drain();
    expect(world.sim.state.users.get(id)?.active).toBe(false);
    expect(await directory.status()).toMatchObject({ users: 0, unmanaged: 1 });
    expect((await directory.story(`User-${scimId}`))?.tombstone).toMatchObject({ userName: ADDRESS });
    await listAll();
    expect(await shown()).toBeUndefined();
  });

  it.each([
    ['userName', ines],
    ['externalId', { ...ines, userName: 'ines.lund@larkspur.example' }],
    [
      'work e-mail',
      {
        userName: 'i.okafor@larkspur.example',
        emails: [{ type: 'work', value: ADDRESS.toUpperCase() }],
      },
    ],
  ])('that is a POST claims the account by %s', async (_, user) => {
    const { id } = world.sim.state.create(account);
    await listAll();
    const scimId = await idOfShown();
    const { stored, changed } = await created(user);
    expect([stored.id, changed]).toEqual([scimId, true]);
    await world.drain();
    expect(onlyCalls()['requesters.create']).toBeUndefined();
    expect(world.people()).toMatchObject([{ id, primary_email: user.userName }]);
    expect(await directory.ownerOf(id)).toBe(`User-${scimId}`);
  });

  it('in parallel gives one claim and refusals', async () => {
    world.sim.state.create(account);
    await listAll();
    const scimId = await idOfShown();
    const ends = await Promise.allSettled(Array.from({ length: 12 }, () => created(ines)));
    const claimed = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.stored.id] : []));
    expect(claimed).toEqual([scimId]);
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.scimType] : []));
    expect(refused).toEqual(Array.from({ length: 11 }, () => 'uniqueness'));
    expect((await directory.pageUsers(1, 0)).totalResults).toBe(2);
  });

  it('meets the listing at any moment, and there is one resource and one account for each person', async () => {
    const people = Array.from({ length: 120 }, (_, index) => ({
      address: `person.${index}@larkspur.example`,
      externalId: `${GUID.slice(0, -4)}${String(index).padStart(4, '0')}`,
    }));
    for (const { address, externalId } of people) {
      world.sim.state.create({ first_name: 'P', primary_email: address, external_id: externalId });
    }
    await directory.startImport();
    const posts = people.map(async ({ address, externalId }, index) => {
      await new Promise((resolve) => setTimeout(resolve, index % 40));
      const other = `new.${index}@larkspur.example`;
      const emails = [{ type: 'work', value: address }];
      const ways = [{ userName: address }, { userName: other, externalId }, { userName: other, emails }];
      return created({ name: { givenName: 'P' }, ...ways[index % 3] });
    });
    const [end, ...all] = await Promise.all([go(), ...posts]);
    expect(end).toBe('done');
    await world.drain();
    const keys = new Set(all.map(({ key }) => key));
    expect(keys.size).toBe(people.length);
    expect(onlyCalls()['requesters.create']).toBeUndefined();
    expect(await directory.status()).toMatchObject({ users: people.length, unmanaged: 1, parked: 0 });
    const accounts = world.people();
    expect(accounts).toHaveLength(people.length);
    const owners = await Promise.all(accounts.map(({ id }) => directory.ownerOf(id)));
    expect(new Set(owners)).toEqual(keys);
  });

  it('says nothing of what it leaves as the import showed it', async () => {
    const { id } = world.sim.state.create({ ...account, mobile_phone_number: '+351 91 555 0142' });
    await listAll();
    const scimId = await idOfShown();
    await patch(scimId, { op: 'Replace', path: 'title', value: 'Director' });
    await world.drain();
    const now = world.sim.state.users.get(id);
    if (!now) throw new Error('the account is gone');
    world.sim.state.save({ ...now, mobile_phone_number: '+351 91 555 0999' });
    await world.redis.hset(
      `{${directory.scope.accountId}}:c1:k:User-${scimId}`,
      'suspect',
      '0', // read again before anything is planned
    );
    await patch(scimId, { op: 'Replace', path: 'title', value: 'Chair' });
    await world.drain();
    expect(world.people()).toMatchObject([{ job_title: 'Chair', mobile_phone_number: '+351 91 555 0999' }]);
    expect([...(await directory.loadMapping()).keys()]).toEqual(['title']);
  });
});

describe('a person who may be two accounts', () => {
  const OTHER = 'ines.lund@larkspur.example';
  const accountsNow = () =>
    world.people().map(({ primary_email, external_id, active }) => [primary_email, external_id, active]);
  /** One has the address, the other the externalId. */
  async function listTwo(): Promise<number[]> {
    const one = world.sim.state.create({ ...account, external_id: null });
    const two = world.sim.state.create({ ...account, primary_email: OTHER });
    await listAll();
    return [one.id, two.id];
  }
  async function expectNobodyTouched(id: string, [one, two]: readonly number[]): Promise<void> {
    await world.drain();
    const story = await directory.story(`User-${id}`);
    expect(story).toMatchObject({ state: 'parked', why: 'ambiguous', observed: undefined });
    const [told] = story?.timeline.filter(({ what }) => what === 'parked') ?? [];
    for (const remoteId of [one, two]) expect(told?.detail).toContain(String(remoteId));
    expect(accountsNow()).toEqual([
      [ADDRESS, null, true],
      [OTHER, GUID, true],
    ]);
    expect(await directory.ownerOf(one ?? 0)).toBeUndefined();
  }

  it.each([
    ['a POST', async () => (await created(ines)).stored.id],
    [
      'a first PATCH',
      async () => {
        const id = await idOfShown();
        await patch(id, { op: 'Add', path: 'externalId', value: GUID });
        return id;
      },
    ],
    ['a POST of a leaver', async () => (await created({ ...ines, active: false })).stored.id],
  ])('by %s is put aside with both named, and is one of them when that is known', async (_, write) => {
    const accounts = await listTwo();
    const shownId = await idOfShown();
    const id = await write();
    expect(id).toBe(shownId);
    await expectNobodyTouched(id, accounts);
    await listAll();
    expect((await directory.pageUsers(1, 0)).totalResults).toBe(3);
    await expectNobodyTouched(id, accounts);

    const other = world.sim.state.users.get(accounts[1] ?? 0);
    if (!other) throw new Error('the other account is gone');
    world.sim.state.save({ ...other, external_id: null });
    await world.wakeAll();
    await world.drain();
    expect(await directory.story(`User-${id}`)).toMatchObject({ state: 'clean' });
    expect(await directory.ownerOf(accounts[0] ?? 0)).toBe(`User-${id}`);
    expect(world.people()).toHaveLength(2);
  });

  it('by addresses of both is put aside, and neither is hidden from Entra', async () => {
    world.sim.state.create({ ...account, external_id: GUID });
    world.sim.state.create({ ...account, primary_email: OTHER, external_id: null });
    await listAll();
    const emails = [{ type: 'work', value: OTHER }];
    const { key } = await created({ ...ines, userName: 'new@larkspur.example', emails });
    await world.drain();
    expect(await directory.story(key)).toMatchObject({ state: 'parked', why: 'ambiguous' });
    expect([await shown(), await shown(OTHER)]).not.toContain(undefined);
    expect(world.people()).toHaveLength(2);
  });

  it('whom Entra manages already is not made two people', async () => {
    const { key } = await created({ ...ines, userName: OTHER });
    await world.drain();
    world.sim.state.create({ ...account, external_id: null });
    await listAll();
    const second = await created(ines);
    await world.drain();
    expect(await directory.story(second.key)).toMatchObject({ state: 'parked', why: 'duplicate-identity' });
    expect(await directory.story(key)).toMatchObject({ state: 'clean' });
    expect(accountsNow()).toEqual([
      [OTHER, GUID, true],
      [ADDRESS, null, true],
    ]);
  });
});

it('a rename to the address of an unmanaged account is refused, and says what to do', async () => {
  world.sim.state.create(account);
  await listAll();
  const { stored } = await created({ userName: 'ines.lund@larkspur.example' });
  const renamed = patch(stored.id, { op: 'Replace', path: 'userName', value: ADDRESS });
  await expect(renamed).rejects.toMatchObject({
    status: 409,
    scimType: 'uniqueness',
    message: expect.stringContaining('that the import has found'),
  });
  const taken = created({ userName: 'ines.lund@larkspur.example' });
  await expect(taken).rejects.toMatchObject({ message: expect.stringContaining('Another user has this') });
  expect((await directory.pageUsers(1, 0)).totalResults).toBe(3);
});

it('finds a leaver whose account only the externalId tells', async () => {
  await world.close();
  world = await openWorld({ deadlineMs: 5000, settings: { adopt: 'never' } });
  ({ directory } = world);
  world.sim.state.create({ ...account, primary_email: 'ines.before@larkspur.example' });
  await listAll();
  const { key } = await created({ ...ines, active: false });
  await world.drain();
  expect(await directory.story(key)).toMatchObject({ state: 'parked', why: 'account-exists' });
  expect(await directory.status()).toMatchObject({ parkedLeavers: 1 });
});

describe('the identity index', () => {
  it('adopts by externalId, without a second account', async () => {
    await world.close();
    world = await openWorld({ deadlineMs: 5000, settings: { adopt: 'never' } });
    ({ directory } = world);
    const { id } = world.sim.state.create({ ...account, primary_email: 'ines.before@larkspur.example' });
    await listAll();
    expect(await directory.status()).toMatchObject({ unmanaged: 0 });
    const { key } = await created(ines);
    await world.drain();
    expect(await directory.story(key)).toMatchObject({ state: 'parked', why: 'account-exists' });
    expect(world.people()).toMatchObject([{ id, primary_email: 'ines.before@larkspur.example' }]);
    const adopting = {
      ...world.world,
      settings: { ...world.world.settings, adopt: 'email' as const },
    };
    Object.assign(world.world, adopting);
    await world.wakeAll();
    await world.drain();
    expect(world.people()).toMatchObject([{ id, primary_email: ADDRESS }]);
    expect(onlyCalls()['requesters.create']).toBeUndefined();
  });

  it('proves nothing by an externalId that several carry', async () => {
    world.sim.state.create({ ...account, primary_email: 'one@larkspur.example' });
    world.sim.state.create({ ...account, primary_email: 'two@larkspur.example' });
    await listAll();
    await created(ines);
    await world.drain();
    expect(world.people().map((user) => user.primary_email)).toEqual([
      'one@larkspur.example',
      'two@larkspur.example',
      ADDRESS,
    ]);
  });

  it('gives the account of an unmanaged resource to the person whom Entra manages', async () => {
    await directory.startImport();
    const { stored, key } = await created(ines);
    const { id } = world.sim.state.create({
      ...account,
      primary_email: 'x@larkspur.example',
      external_id: null,
    });
    expect(await go()).toBe('done');
    const [was] = world.people();
    if (was) world.sim.state.save({ ...was, primary_email: ADDRESS });
    await world.drain();
    expect(await directory.ownerOf(id)).toBe(key);
    expect(await directory.lookupUsers({ by: 'userName', value: 'x@larkspur.example' })).toEqual([]);
    expect(await idOfShown()).toBe(stored.id);
  });
});

it('tells that a leaver has no account, while the listing is young', async () => {
  await listAll();
  await created({ ...ines, active: false });
  await world.drain();
  expect(onlyCalls()).toEqual({});
  await world.redis.hincrby(`{${directory.scope.accountId}}:c1:import`, 'completedAt', -25 * 3_600_000);
  await created({ userName: 'other@larkspur.example', active: false });
  await world.drain();
  expect(onlyCalls()).toEqual({ 'requesters.find': 1 });
});

it('of one connection does not keep an account from the people of another', async () => {
  const { id } = world.sim.state.create(account);
  await listAll();
  const other = openDirectory(world.redis, { ...directory.scope, connectionId: 'c2' });
  const theirs = { ...world.world, directory: other };
  const { signal } = new AbortController();
  await other.startImport();
  expect(await importAccounts(theirs, { signal })).toBe('done');
  expect(await other.status()).toMatchObject({ unmanaged: 0 });
  const { key } = await other.createUser({ ...ines, active: true });
  expect(await reconcile(theirs, key, signal)).toMatchObject({ kind: 'settled' });
  expect(await other.ownerOf(id)).toBe(key);
  expect(onlyCalls()).toEqual({ 'requesters.get': 1 });
  await listAll();
  await listAll();
  expect(await shown()).toBeUndefined();
  expect(await other.ownerOf(id)).toBe(key);
  await other.erase();
});

describe('the progress', () => {
  it('survives the death of the process that was at it', async () => {
    world.sim.state.seed({ count: 450, seed: 1 });
    await directory.startImport();
    // A process that took the import, turned two pages and was killed: nothing was given back.
    for (const page of [1, 2]) {
      expect(await directory.takeImport('dead', 600_000)).toBeDefined();
      await directory.turnImportPage('dead', { nextPage: page + 1, people: [] });
    }
    expect(await go()).toBe('elsewhere');
    expect(await directory.takeImport('dead', 1)).toBeDefined(); // As if it had been long ago.
    await until('the lease of the dead one to run out', async () => (await go()) === 'done');
    expect(world.calls()['requesters.list']).toBe(3);
    expect(await directory.status()).toMatchObject({ unmanaged: 251 });
  });

  it('goes on in another process when one is stopped', async () => {
    world.sim.state.seed({ count: 250, seed: 1 });
    await directory.startImport();
    const stop = new AbortController();
    const end = await importAccounts(world.world, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(end).toBe('interrupted');
    expect(await directory.loadImport()).toMatchObject({ state: 'running', page: 2, seen: 100 });
    expect(await go()).toBe('done');
    expect(world.calls()['requesters.list']).toBe(3);
  });

  it('is one import at a time, and can be cancelled and begun again', async () => {
    world.sim.state.seed({ count: 250, seed: 1 });
    expect(await directory.startImport()).toBe(true);
    expect(await directory.startImport()).toBe(false);
    const end = await importAccounts(world.world, {
      signal: new AbortController().signal,
      onProgress: () => void openDirectory(world.redis, directory.scope).cancelImport(),
    });
    expect(end).toBe('elsewhere');
    expect(await directory.loadImport()).toMatchObject({ state: 'cancelled', completedAt: null });
    expect(await directory.cancelImport()).toBe(false);
    await listAll();
    expect(await directory.loadImport()).toMatchObject({ state: 'done', seen: 251, listing: 1 });
  });

  it('goes on after an outage, and waits as a 429 says', async () => {
    world.sim.arm({ kind: '503', route: 'requesters.list' });
    world.sim.arm({ kind: '429', route: 'requesters.list', nth: 2, retryAfterSeconds: 1 });
    await listAll();
    expect(await directory.loadImport()).toMatchObject({ state: 'done', seen: 1 });
    expect(world.calls()['requesters.list']).toBe(3);
  });

  it('waits for the budget, and holds nobody back meanwhile', async () => {
    const { freshservice } = world.world;
    let refusals = 2;
    const list: typeof freshservice.requesters.list = (filter, options) => {
      refusals -= 1;
      if (refusals >= 0) return Promise.reject(new BudgetExhausted('list', 50));
      return freshservice.requesters.list(filter, options);
    };
    const busy = { ...freshservice, requesters: { ...freshservice.requesters, list } };
    await directory.startImport();
    const { signal } = new AbortController();
    expect(await importAccounts({ ...world.world, freshservice: busy }, { signal })).toBe('done');
  });

  it('ends with the reason where the key may not list people', async () => {
    world.sim.state.setKey(world.upstream.apiKey, ['requesters.view']);
    await directory.startImport();
    expect(await go()).toBe('failed');
    expect(await directory.loadImport()).toMatchObject({ state: 'failed', why: 'forbidden' });
  });
});

describe('until the first import is complete', () => {
  it('creates wait and are woken by its end; disables do not wait', async () => {
    await directory.startImport();
    const { stored, key } = await created(ines);
    expect(await world.reconcile(stored.id)).toMatchObject({
      kind: 'requeueAfter',
      why: 'waiting-for-import',
    });
    expect(await directory.story(key)).toMatchObject({ state: 'deferred', why: 'waiting-for-import' });
    const leaver = await created({ userName: 'left@larkspur.example', active: false });
    expect(await world.reconcile(leaver.stored.id)).toMatchObject({ kind: 'settled' });
    expect(await go()).toBe('done');
    await world.drain();
    expect(world.people()).toMatchObject([{ primary_email: ADDRESS }]);
  });

  it('nobody waits for an end that came while it was looked at', async () => {
    await directory.startImport();
    const { stored } = await created(ines);
    const loadChanges: Directory['loadChanges'] = async (key) => {
      await directory.cancelImport();
      return directory.loadChanges(key);
    };
    Object.assign(world.world, { directory: { ...directory, loadChanges } });
    expect(await world.reconcile(stored.id)).toMatchObject({ kind: 'settled' });
  });

  it('whoever was created before the listing came to them adopts their account', async () => {
    const { id } = world.sim.state.create(account);
    await directory.startImport();
    const { key } = await created(ines);
    expect(await go()).toBe('done');
    await world.drain();
    expect(onlyCalls()).toEqual({ 'requesters.get': 1 });
    expect(await directory.ownerOf(id)).toBe(key);
    expect((await directory.pageUsers(1, 0)).totalResults).toBe(2);
  });

  it('nobody waits longer than 15 minutes, nor in a repeated import', async () => {
    await directory.startImport();
    const prefix = `{${directory.scope.accountId}}:c1:`;
    await world.redis.hincrby(`${prefix}import`, 'startedAt', -16 * 60_000);
    const { stored } = await created(ines);
    expect(await world.reconcile(stored.id)).toMatchObject({ kind: 'settled' });
    expect(await go()).toBe('done');
    await directory.startImport();
    const other = await created({ userName: 'other@larkspur.example' });
    expect(await world.reconcile(other.stored.id)).toMatchObject({ kind: 'settled' });
  });
});

it('the brake counts managed people only', async () => {
  world.sim.state.seed({ count: 150, seed: 1 });
  await listAll();
  const { key } = await created(ines);
  const lease = await directory.acquire(key, 10_000);
  if ('state' in lease) throw new Error(lease.state);
  const limits = { count: 0, share: 0.9, windowMs: 60_000 };
  expect(await directory.passBrake(lease, limits)).toEqual({ pass: false, passed: 0, limit: 0 });
});

it('keeps the snapshots of managed people young, but for those in work or just read', async () => {
  const { id } = world.sim.state.create(account);
  await listAll();
  const { key } = await created(ines);
  await world.drain();
  const readAt = async (): Promise<number> => (await directory.story(key))?.observed?.readAt ?? 0;
  const first = await readAt();
  await listAll();
  expect(await readAt()).toBe(first);
  const observed = (await directory.story(key))?.observed;
  const prefix = `{${directory.scope.accountId}}:c1:`;
  await world.redis.set(
    `${prefix}o:${key.slice(5)}`,
    JSON.stringify({ ...observed, readAt: first - 3_600_000 }),
  );
  await listAll();
  expect(await readAt()).toBeGreaterThan(first);
  expect(await directory.ownerOf(id)).toBe(key);
});
