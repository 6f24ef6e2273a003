/** What becomes of people: created, changed, adopted, deactivated, brought back; asserted on Freshservice itself. */
import { reconcile } from '@fresh-scim/reconciler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;

const ines = {
  userName: 'Ines.Okafor@larkspur.example',
  externalId: '5b0f2c1e-1111-4222-8333-9a9a9a9a9a9a',
  displayName: 'Ines Okafor',
  name: { givenName: 'Ines', familyName: 'Okafor' },
  title: 'Field Engineer',
  emails: [{ type: 'work', primary: true, value: 'Ines.Okafor@larkspur.example' }],
  phoneNumbers: [
    { type: 'work', value: '+351 21 555 0199' },
    { type: 'mobile', value: '+351 91 555 0142' },
  ],
};
const ADDRESS = 'ines.okafor@larkspur.example';
const without = (user: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(user).filter(([key]) => key !== name));

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('a new person', () => {
  it('is created with one call, and nothing is left to do', async () => {
    await world.listNobody();
    const id = await world.post(ines);
    await world.drain();
    expect(world.people()).toMatchObject([
      {
        active: true,
        first_name: 'Ines',
        last_name: 'Okafor',
        primary_email: ADDRESS,
        job_title: 'Field Engineer',
        work_phone_number: '+351 21 555 0199',
        mobile_phone_number: '+351 91 555 0142',
        external_id: ines.externalId,
      },
    ]);
    expect(world.calls()).toEqual({ 'requesters.create': 1 });
    expect(await world.directory.status()).toMatchObject({ dirty: 0, parked: 0, notes: 0, applied: 1 });
    const [story] = await world.directory.findPeople(id);
    expect(story?.timeline.map(({ what }) => what)).toEqual(['settled', 'created', 'entra-create']);
  });

  it('who is an agent already is never made a requester beside it, even where both may have one address', async () => {
    world.sim.configure({ conflictScope: 'primaryOnly' });
    world.sim.state.create({ first_name: 'Ines', primary_email: ADDRESS, is_agent: true });
    await world.post(ines);
    await world.drain();
    expect(world.people()).toMatchObject([{ is_agent: true, primary_email: ADDRESS }]);
    expect(await world.directory.status()).toMatchObject({ dirty: 0, parked: 0 });
  });

  it('who is disabled at once and has no account costs one look and no account', async () => {
    await world.post({ ...ines, active: false });
    await world.drain();
    expect(world.people()).toEqual([]);
    expect(world.calls()).toEqual({ 'requesters.find': 1 });
  });

  it('adopts the account that has the address already, and changes only what differs', async () => {
    const existing = world.sim.state.create({
      first_name: 'Ines',
      last_name: 'Okafor',
      primary_email: ADDRESS,
      job_title: 'Intern',
    });
    await world.post(ines);
    await world.drain();
    expect(world.people()).toMatchObject([
      { id: existing.id, job_title: 'Field Engineer', external_id: ines.externalId },
    ]);
  });

  it('adopts by the work address before a second account could be made', async () => {
    const existing = world.sim.state.create({ first_name: 'Ines', primary_email: ADDRESS });
    await world.post({ ...ines, userName: 'i.okafor@larkspur.example' });
    await world.drain();
    expect(world.people()).toMatchObject([{ id: existing.id, primary_email: 'i.okafor@larkspur.example' }]);
  });

  it('adopts and reactivates an account that was deactivated', async () => {
    const existing = world.sim.state.create({ first_name: 'Ines', primary_email: ADDRESS, active: false });
    await world.post(ines);
    await world.drain();
    expect(world.people()).toMatchObject([{ id: existing.id, active: true, job_title: 'Field Engineer' }]);
  });

  it('adopts an agent with the address as the agent that it is', async () => {
    const existing = world.sim.state.create({ first_name: 'Ines', primary_email: ADDRESS, is_agent: true });
    await world.post(ines);
    await world.drain();
    expect(world.people()).toMatchObject([{ id: existing.id, is_agent: true, job_title: 'Field Engineer' }]);
  });

  it('is reported, not adopted, where the settings say so', async () => {
    await world.close();
    world = await openWorld({ settings: { adopt: 'report' } });
    world.sim.state.create({ first_name: 'Ines', primary_email: ADDRESS });
    const id = await world.post(ines);
    await world.drain();
    expect(await world.directory.story(`User-${id}`)).toMatchObject({
      state: 'parked',
      why: 'account-exists',
    });
    expect(world.people()).toMatchObject([{ job_title: null }]);
  });

  it('whose address is the secondary one of somebody is reported and never merged', async () => {
    world.sim.configure({ emailFilterScope: 'primaryAndSecondary' });
    world.sim.state.create({
      first_name: 'Someone',
      primary_email: 'x@larkspur.example',
      secondary_emails: [ADDRESS],
    });
    const id = await world.post(ines);
    await world.drain();
    expect(await world.directory.story(`User-${id}`)).toMatchObject({
      state: 'parked',
      why: 'address-is-secondary',
    });
    expect(world.people()).toHaveLength(1);
  });
});

describe('a change', () => {
  it('goes out as one PUT of what differs, however many PATCHes it took', async () => {
    await world.listNobody();
    const id = await world.post(ines);
    await world.drain();
    for (const title of ['A', 'B', 'Team Lead'])
      await world.patch(id, { op: 'Replace', path: 'title', value: title });
    await world.patch(id, {
      op: 'Replace',
      path: 'phoneNumbers[type eq "mobile"].value',
      value: '+351 91 555 0777',
    });
    await world.drain();
    expect(world.people()).toMatchObject([
      { job_title: 'Team Lead', mobile_phone_number: '+351 91 555 0777' },
    ]);
    expect(world.calls()).toEqual({ 'requesters.create': 1, 'requesters.update': 1 });
  });

  it('renames by the remote id: UPN, mail and externalId may all change at once', async () => {
    const id = await world.post(ines);
    await world.drain();
    await world.patch(
      id,
      { op: 'replace', value: { userName: 'ines.lund@larkspur.example', externalId: 'another' } },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ines.lund@larkspur.example' },
    );
    await world.drain();
    expect(world.people()).toMatchObject([
      { primary_email: 'ines.lund@larkspur.example', external_id: 'another' },
    ]);
  });

  it('clears what Entra had set and now unsets', async () => {
    const id = await world.post(ines);
    await world.drain();
    await world.patch(id, { op: 'Remove', path: 'title' });
    await world.drain();
    expect(world.people()).toMatchObject([{ job_title: null }]);
  });

  it('keeps "sees all tickets of the department" of a person, which an update would reset', async () => {
    const id = await world.post(ines);
    await world.drain();
    const [person] = world.people();
    if (!person) throw new Error('nobody was created');
    world.sim.state.save({ ...person, can_see_all_tickets_from_associated_departments: true });
    await world.directory.wake([`User-${id}`], { urgency: 'normal' });
    // The snapshot is read anew only when it is old or suspect.
    await world.redis.hset(`{${world.directory.scope.accountId}}:c1:k:User-${id}`, 'suspect', '1');
    await world.drain();
    await world.patch(id, { op: 'Replace', path: 'title', value: 'Lead' });
    await world.drain();
    expect(world.people()).toMatchObject([
      { job_title: 'Lead', can_see_all_tickets_from_associated_departments: true },
    ]);
  });

  it('to an address in use is left out with a note, and made when the other person has moved on', async () => {
    const first = await world.post({ ...ines, externalId: 'a' });
    const second = await world.post({
      userName: 'second@larkspur.example',
      externalId: 'b',
      displayName: 'Second',
    });
    await world.drain();
    // Entra knows nothing of the conflict in Freshservice: the names are unique at the SCIM edge.
    await world.patch(first, { op: 'replace', path: 'userName', value: 'renamed@larkspur.example' });
    await world.patch(second, { op: 'replace', path: 'userName', value: ADDRESS });
    await world.patch(second, { op: 'replace', path: 'title', value: 'Takes the name' });
    await world.reconcile(second);
    expect(await world.directory.story(`User-${second}`)).toMatchObject({
      state: 'clean',
      notes: [{ attribute: 'primary_email', reason: 'address-in-use', waitsFor: `User-${first}` }],
    });
    expect(world.people().find(({ first_name }) => first_name === 'Second')).toMatchObject({
      job_title: 'Takes the name',
    });
    await world.drain();
    expect(
      world
        .people()
        .map(({ primary_email }) => primary_email)
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([ADDRESS, 'renamed@larkspur.example']);
    // The first person still has it as the work address, which counts for less than the sign-in name of the other.
    expect((await world.directory.story(`User-${first}`))?.notes).toMatchObject([
      { attribute: 'secondary_emails', reason: 'address-of-somebody-else', waitsFor: `User-${second}` },
    ]);
    expect(await world.directory.status()).toMatchObject({ dirty: 0, notes: 1 });
  });

  it('that swaps two addresses is reported on both sides and does not spin', async () => {
    const a = await world.post({ userName: 'a@larkspur.example', displayName: 'A' });
    const b = await world.post({ userName: 'b@larkspur.example', displayName: 'B' });
    await world.drain();
    await world.patch(a, { op: 'replace', path: 'userName', value: 'tmp@larkspur.example' });
    await world.patch(b, { op: 'replace', path: 'userName', value: 'a@larkspur.example' });
    await world.patch(a, { op: 'replace', path: 'userName', value: 'b@larkspur.example' });
    await world.drain();
    expect(await world.directory.status()).toMatchObject({ dirty: 0, notes: 2 });
    expect(
      world
        .people()
        .map(({ primary_email }) => primary_email)
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual(['a@larkspur.example', 'b@larkspur.example']);
  });

  it('beyond the length that Freshservice takes is cut, with a note', async () => {
    await world.post({ ...ines, title: 'x'.repeat(300) });
    await world.drain();
    expect(world.people()).toMatchObject([{ job_title: 'x'.repeat(255) }]);
    expect(await world.directory.status()).toMatchObject({ notes: 1 });
  });
});

describe('a leaver', () => {
  it('is deactivated with one call', async () => {
    await world.listNobody();
    const id = await world.post(ines);
    await world.drain();
    await world.patch(id, { op: 'Replace', path: 'active', value: 'False' });
    await world.drain();
    expect(world.people()).toMatchObject([{ active: false }]);
    expect(world.calls()).toEqual({ 'requesters.create': 1, 'requesters.deactivate': 1 });
  });

  it('who was deactivated by somebody else is proven by a look', async () => {
    const id = await world.post(ines);
    await world.drain();
    const [person] = world.people();
    if (!person) throw new Error('nobody was created');
    world.sim.state.save({ ...person, active: false });
    await world.delete(id);
    await world.drain();
    expect(world.people()).toMatchObject([{ active: false }]);
    expect(await world.directory.status()).toMatchObject({ dirty: 0, parked: 0 });
  });

  it('whom an administrator turned into an agent is deactivated as an agent', async () => {
    const id = await world.post(ines);
    await world.drain();
    const [person] = world.people();
    if (!person) throw new Error('nobody was created');
    world.sim.state.save({ ...person, is_agent: true });
    await world.patch(id, { op: 'Replace', path: 'active', value: 'False' });
    await world.drain();
    expect(world.people()).toMatchObject([{ is_agent: true, active: false }]);
  });

  it('never adopted is found by the address and deactivated', async () => {
    world.sim.state.create({ first_name: 'Ines', primary_email: ADDRESS });
    const id = await world.post(ines);
    await world.patch(id, { op: 'Replace', path: 'active', value: 'False' });
    await world.drain();
    expect(world.people()).toMatchObject([{ active: false }]);
  });

  it('whose account vanished settles after both kinds and every address were looked at', async () => {
    await world.listNobody();
    const id = await world.post(ines);
    await world.drain();
    const [person] = world.people();
    if (!person) throw new Error('nobody was created');
    world.sim.state.forget(person.id);
    await world.delete(id);
    await world.drain();
    expect(world.people()).toEqual([]);
    expect(world.calls()).toMatchObject({ 'requesters.get': 1, 'agents.get': 1, 'requesters.find': 1 });
    expect(await world.directory.status()).toMatchObject({ dirty: 0, parkedLeavers: 0 });
  });

  it('who comes back is the same account, with everything that changed meanwhile', async () => {
    const id = await world.post(ines);
    await world.drain();
    await world.patch(id, { op: 'Replace', path: 'active', value: 'False' });
    await world.drain();
    await world.patch(id, { op: 'Replace', path: 'title', value: 'Back' });
    await world.drain();
    await world.patch(id, { op: 'Replace', path: 'active', value: 'True' });
    await world.drain();
    expect(world.people()).toMatchObject([{ active: true, job_title: 'Back' }]);
  });

  it('deleted and posted anew before the deactivation ran is one active account of the new resource', async () => {
    const old = await world.post(ines);
    await world.drain();
    await world.delete(old);
    const id = await world.post({ ...ines, title: 'New' });
    await world.drain();
    const people = world.people();
    expect(people).toMatchObject([{ active: true, job_title: 'New' }]);
    expect(await world.directory.ownerOf(people[0]?.id ?? 0)).toBe(`User-${id}`);
    expect(await world.directory.status()).toMatchObject({ dirty: 0, parked: 0 });
  });

  it('deleted and posted anew without an externalId ends the same', async () => {
    const user = without(ines, 'externalId');
    const old = await world.post(user);
    await world.drain();
    await world.delete(old);
    const id = await world.post(user);
    await world.reconcile(id);
    await world.drain();
    expect(world.people()).toMatchObject([{ active: true }]);
    expect(await world.directory.ownerOf(world.people()[0]?.id ?? 0)).toBe(`User-${id}`);
  });

  it('beyond the brake is held, and passes when a person approves', async () => {
    await world.close();
    world = await openWorld({ settings: { 'brake.count': '1', 'brake.share': '0' } });
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push(await world.post({ userName: `${name}@larkspur.example` }));
    await world.drain();
    for (const id of ids) await world.patch(id, { op: 'replace', path: 'active', value: false });
    await world.drain();
    expect(world.people().filter(({ active }) => active)).toHaveLength(2);
    expect(await world.directory.status()).toMatchObject({ held: 2, dirty: 0 });
    const [approved, rejected] = await world.directory.keysIn('held', 0, 10);
    if (!approved || !rejected) throw new Error('nothing is held');
    await world.directory.wake([approved], { urgency: 'urgent', release: true });
    await world.directory.rejectHeld([rejected], { what: 'rejected' });
    await world.drain();
    expect(world.people().filter(({ active }) => active)).toHaveLength(1);
    expect(await world.directory.status()).toMatchObject({ held: 0 });
    // A changed setting wakes everybody, and this one lets more people pass.
    const wider = { ...world.world, settings: { ...world.world.settings, 'brake.count': 100 } };
    await world.directory.wake([approved, rejected], { urgency: 'bulk' });
    await reconcile(wider, rejected, new AbortController().signal);
    expect(world.people().filter(({ active }) => active)).toHaveLength(1);
  });

  it('is only looked at while the connection observes, and uses up no pass of the brake', async () => {
    const id = await world.post(ines);
    await world.drain();
    const looking = { ...world.world, settings: { ...world.world.settings, mode: 'observe' as const } };
    await world.patch(id, { op: 'replace', path: 'active', value: false });
    expect(await reconcile(looking, `User-${id}`, new AbortController().signal)).toMatchObject({
      why: 'observing',
    });
    expect(world.people()).toMatchObject([{ active: true }]);
    const { accountId } = world.directory.scope;
    expect(await world.redis.exists(`{${accountId}}:c1:brake`)).toBe(0);
  });

  it('who owns our API key is never deactivated', async () => {
    const owner = world.sim.state.users.all('agents')[0];
    if (!owner?.primary_email) throw new Error('the account has no owner');
    const id = await world.post({ userName: owner.primary_email });
    await world.drain();
    await world.delete(id);
    await world.drain();
    expect(world.sim.state.users.get(owner.id)).toMatchObject({ active: true });
    expect(await world.directory.story(`User-${id}`)).toMatchObject({
      state: 'parked',
      why: 'owner-of-the-api-key',
    });
    expect(await world.directory.status()).toMatchObject({ parkedLeavers: 1 });
  });
});

describe('two resources of one person', () => {
  it('never become two accounts: the second takes over the disabled first one', async () => {
    const first = await world.post(ines);
    await world.drain();
    await world.patch(first, { op: 'replace', path: 'active', value: false });
    await world.drain();
    const second = await world.post({ ...ines, userName: 'new.name@larkspur.example', emails: [] });
    await world.drain();
    expect(world.people()).toMatchObject([{ active: true, primary_email: 'new.name@larkspur.example' }]);
    expect(await world.directory.ownerOf(world.people()[0]?.id ?? 0)).toBe(`User-${second}`);
  });

  it('park the second while the first is active', async () => {
    await world.post(ines);
    await world.drain();
    const second = await world.post({ ...ines, userName: 'new.name@larkspur.example', emails: [] });
    await world.drain();
    expect(world.people()).toHaveLength(1);
    expect(await world.directory.story(`User-${second}`)).toMatchObject({
      state: 'parked',
      why: 'duplicate-identity',
    });
  });
});
