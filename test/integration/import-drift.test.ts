/** What becomes of a change that somebody made in Freshservice, when a listing shows it. */
import type { Directory, TimelineEntry } from '@fresh-scim/directory';
import type { User } from '@fresh-scim/freshservice-sim';
import { importAccounts } from '@fresh-scim/reconciler';
import { afterEach, describe, expect, it } from 'vitest';
import { openWorld, type TestWorld } from '../support/world.ts';

const ines = {
  userName: 'ines.okafor@larkspur.example',
  name: { givenName: 'Ines', familyName: 'Okafor' },
  title: 'Engineer',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Field' },
};

let world: TestWorld;
let directory: Directory;
afterEach(() => world.close());

/** A person who is in step, whose snapshot is an hour old. */
async function settle(drift: string, user: object = ines): Promise<{ id: string; remoteId: number }> {
  world = await openWorld({ settings: { drift } });
  ({ directory } = world);
  const id = await world.post({ ...user });
  await world.drain();
  await age(id);
  return { id, remoteId: (await directory.remoteIdOf(`User-${id}`)) ?? 0 };
}
async function age(id: string): Promise<void> {
  const observed = (await directory.story(`User-${id}`))?.observed;
  if (!observed) throw new Error('there is no snapshot');
  const { accountId, connectionId } = directory.scope;
  const older = { ...observed, readAt: observed.readAt - 3_600_000 };
  await world.redis.set(`{${accountId}}:${connectionId}:o:${id}`, JSON.stringify(older));
}
function byHand(remoteId: number, change: Partial<User>): void {
  const user = world.sim.state.users.get(remoteId);
  if (!user) throw new Error('there is no such account');
  world.sim.state.save({ ...user, ...change });
}
async function listAll(): Promise<number> {
  await directory.startImport();
  expect(await importAccounts(world.world, { signal: new AbortController().signal })).toBe('done');
  return (await directory.loadImport()).drifted;
}
const told = async (id: string): Promise<TimelineEntry[]> =>
  ((await directory.story(`User-${id}`))?.timeline ?? []).filter(({ what }) => what === 'drifted');
const titleOf = (remoteId: number): unknown => world.sim.state.users.get(remoteId)?.job_title;

it('report tells it once, counts it, and changes nothing', async () => {
  const { id, remoteId } = await settle('report');
  byHand(remoteId, { job_title: 'Intern', department_ids: [] });
  expect(await listAll()).toBe(1);
  expect(await told(id)).toMatchObject([{ attributes: ['department_ids', 'job_title'] }]);
  await age(id);
  expect(await listAll()).toBe(0);
  expect(await told(id)).toHaveLength(1);
  await world.drain();
  expect(titleOf(remoteId)).toBe('Intern');
});

it('repair puts it right behind all other work', async () => {
  const { id, remoteId } = await settle('repair');
  byHand(remoteId, { job_title: 'Intern' });
  expect(await listAll()).toBe(1);
  expect(await directory.story(`User-${id}`)).toMatchObject({ state: 'dirty', urgency: 'bulk' });
  await world.drain();
  expect([titleOf(remoteId), await told(id)]).toMatchObject(['Engineer', [{ attributes: ['job_title'] }]]);
});

it('repair takes access away again from a leaver', async () => {
  const { id, remoteId } = await settle('repair');
  await world.patch(id, { op: 'Replace', path: 'active', value: false });
  await world.drain();
  await age(id);
  byHand(remoteId, { active: true });
  expect(await listAll()).toBe(1);
  await world.drain();
  expect(world.sim.state.users.get(remoteId)?.active).toBe(false);
});

it('off says nothing', async () => {
  const { id, remoteId } = await settle('off');
  byHand(remoteId, { job_title: 'Intern' });
  expect(await listAll()).toBe(0);
  expect([await told(id), (await directory.status()).dirty]).toEqual([[], 0]);
});

describe('it is no drift', () => {
  it('when somebody changes what is not ours, or makes it as Entra wants it', async () => {
    const { id, remoteId } = await settle('repair');
    byHand(remoteId, {
      mobile_phone_number: '+351 91 555 0142',
      secondary_emails: ['ines@elsewhere.example'],
      job_title: ' Engineer ',
    });
    expect([await listAll(), await told(id)]).toEqual([0, []]);
  });

  it('when Entra has changed the person meanwhile', async () => {
    const { id, remoteId } = await settle('repair');
    byHand(remoteId, { job_title: 'Intern' });
    await world.patch(id, { op: 'Replace', path: 'title', value: 'Director' });
    expect([await listAll(), await told(id)]).toEqual([0, []]);
    await world.drain();
    expect(titleOf(remoteId)).toBe('Director');
  });

  it('when an agent is listed in the shape of a requester', async () => {
    const { id, remoteId } = await settle('repair');
    byHand(remoteId, { is_agent: true });
    await world.redis.hset(
      `{${directory.scope.accountId}}:${directory.scope.connectionId}:k:User-${id}`,
      'suspect',
      '0',
    );
    await directory.wake([`User-${id}`], { urgency: 'normal' });
    await world.drain();
    await age(id);
    expect([await listAll(), await told(id)]).toEqual([0, []]);
  });
});
