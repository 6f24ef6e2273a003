/** The learned mapping: what it makes ours of an account that was there before us, and what a person's edit does. */
import type { Directory } from '@fresh-scim/directory';
import { importAccounts } from '@fresh-scim/reconciler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type TestWorld } from '../support/world.ts';

const ADDRESS = 'ines.okafor@larkspur.example';
const ines = { userName: ADDRESS, name: { givenName: 'Ines', familyName: 'Okafor' } };
const account = {
  first_name: 'Ines',
  last_name: 'Okafor',
  job_title: 'Of years ago',
  primary_email: ADDRESS,
};

let world: TestWorld;
let directory: Directory;
beforeEach(async () => {
  world = await openWorld();
  ({ directory } = world);
});
afterEach(() => world.close());

async function listAll(): Promise<void> {
  await directory.startImport();
  expect(await importAccounts(world.world, { signal: new AbortController().signal })).toBe('done');
}
const learned = async (): Promise<string[]> => [...(await directory.loadMapping()).keys()];
const titleOf = (id: number): string | null | undefined => world.sim.state.users.get(id)?.job_title;
/** As somebody does it in Freshservice. */
function setTitle(id: number, job_title: string): void {
  const user = world.sim.state.users.get(id);
  if (!user) throw new Error('there is no such account');
  world.sim.state.save({ ...user, job_title });
}
/** Looked at again by the newest that Freshservice shows, as after a suspicion or a day. */
async function lookAgain(id: string): Promise<void> {
  const prefix = `{${directory.scope.accountId}}:${directory.scope.connectionId}:`;
  await world.redis.hset(`${prefix}k:User-${id}`, 'suspect', '0');
  await directory.wake([`User-${id}`], { urgency: 'bulk' });
  await world.drain();
}

describe('what Entra sends', () => {
  it('is learned again by the same process after a reset', async () => {
    const id = await world.post({ ...ines, title: 'Engineer' });
    expect(await learned()).toContain('title');
    expect(await directory.editMapping({ op: 'reset' })).toBeGreaterThan(3);
    expect(await learned()).toEqual([]);
    await world.patch(id, { op: 'Replace', path: 'title', value: 'Director' });
    expect(await learned()).toEqual(['title']);
    await world.patch(id, { op: 'Replace', path: 'title', value: 'Chair' });
    expect(await learned()).toEqual(['title']);
  });

  it('is learned again after it alone was removed', async () => {
    const id = await world.post({ ...ines, title: 'Engineer' });
    expect(await directory.editMapping({ op: 'remove', names: ['title', 'locale'] })).toBe(1);
    expect(await learned()).not.toContain('title');
    await world.patch(id, { op: 'Replace', path: 'title', value: 'Director' });
    expect(await learned()).toContain('title');
  });
});

describe('an account that was there before', () => {
  it('keeps what Entra has sent for nobody, and loses what Entra has for others and not for its person', async () => {
    const { id } = world.sim.state.create({ ...account, address: 'Pier 3' });
    await world.post({ userName: 'bo.lindqvist@larkspur.example', title: 'Clerk' });
    await world.post(ines);
    await world.drain();
    expect(world.sim.state.users.get(id)).toMatchObject({ job_title: null, address: 'Pier 3' });
  });

  it('follows an addition, also when it was settled before', async () => {
    const { id } = world.sim.state.create(account);
    const scimId = await world.post(ines);
    await world.drain();
    expect(titleOf(id)).toBe('Of years ago');
    expect(await directory.editMapping({ op: 'add', names: ['title'] })).toBe(1);
    await directory.wake([`User-${scimId}`], { urgency: 'bulk' });
    await world.drain();
    expect(titleOf(id)).toBeNull();
  });

  it('is left alone after a removal, also where the value was found as Entra has it', async () => {
    const { id } = world.sim.state.create(account);
    await listAll();
    const [shown] = await directory.lookupUsers({ by: 'userName', value: ADDRESS });
    const scimId = shown?.id ?? 'nobody';
    await directory.editMapping({ op: 'add', names: ['title'] });
    await world.patch(scimId, { op: 'Add', path: 'name.formatted', value: 'Ines Okafor' });
    await world.drain();
    setTitle(id, 'By hand');
    await lookAgain(scimId);
    expect(titleOf(id)).toBe('Of years ago');
    await directory.editMapping({ op: 'remove', names: ['title'] });
    setTitle(id, 'By hand');
    await lookAgain(scimId);
    expect(titleOf(id)).toBe('By hand');
  });

  it('that we made ourselves keeps what people add to it', async () => {
    await world.post({ userName: 'bo.lindqvist@larkspur.example', title: 'Clerk' });
    const scimId = await world.post(ines);
    await world.drain();
    const id = (await directory.remoteIdOf(`User-${scimId}`)) ?? 0;
    setTitle(id, 'By hand');
    await lookAgain(scimId);
    expect(titleOf(id)).toBe('By hand');
  });
});
