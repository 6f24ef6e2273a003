/** Attributes that a User carries by itself: words of Entra and of Freshservice, the other address, clearing, odd servers. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function reopen(options: Parameters<typeof openWorld>[0]): Promise<void> {
  await world.close();
  world = await openWorld(options);
}

const ada = { userName: 'ada@larkspur.example', externalId: 'a-1', name: { givenName: 'Ada' } };
const mail = (value: string) => ({ emails: [{ type: 'work', value }] });
const replace = (path: string, value: unknown) => ({ op: 'Replace', path, value });
const only = () => {
  const [person, second] = world.people();
  if (person === undefined || second !== undefined) throw new Error('there is not exactly one person');
  return person;
};
const notesOf = async (id: string) => (await world.directory.story(`User-${id}`))?.notes;

describe('words', () => {
  it.each([
    ['Europe/Berlin', 'Berlin'],
    ['GMT Standard Time', 'London'],
    ['Pacific Time (US & Canada)', 'Pacific Time (US & Canada)'],
  ])('the time zone %s is %s', async (timezone, shown) => {
    await world.post({ ...ada, timezone });
    await world.drain();
    expect(only().time_zone).toBe(shown);
  });

  it.each([
    [{ locale: 'de-AT' }, 'de'],
    [{ preferredLanguage: 'pt-BR,en;q=0.5' }, 'pt-BR'],
    [{ locale: 'es-MX', preferredLanguage: 'de' }, 'es-LA'],
  ])('the language of %j is %s', async (language, shown) => {
    await world.post({ ...ada, ...language });
    await world.drain();
    expect(only().language).toBe(shown);
  });

  it('that Freshservice lacks are noted, and what it shows stays', async () => {
    const id = await world.post({ ...ada, timezone: 'Europe/Berlin', locale: 'de' });
    await world.drain();
    await world.patch(
      id,
      replace('timezone', 'Mars/Olympus'),
      replace('locale', 'tlh'),
      replace('title', 'Pilot'),
    );
    await world.drain();
    expect(only()).toMatchObject({ time_zone: 'Berlin', language: 'de', job_title: 'Pilot' });
    expect(await notesOf(id)).toEqual([
      { attribute: 'language', reason: 'no-such-value-in-freshservice' },
      { attribute: 'time_zone', reason: 'no-such-value-in-freshservice' },
    ]);
  });

  it.each([
    [{ displayName: 'Ines Okafor' }, 'Ines', 'Okafor'],
    [{ displayName: 'Okafor, Ines' }, 'Ines', 'Okafor'],
    [{ displayName: 'Sukarno' }, 'Sukarno', null],
    [{ displayName: 'Ines Maria Okafor', name: { familyName: 'Okafor' } }, 'Ines Maria Okafor', 'Okafor'],
  ])('the name %j is %s and %s', async (name, first, last) => {
    await world.post({ userName: ada.userName, ...name });
    await world.drain();
    expect(only()).toMatchObject({ first_name: first, last_name: last });
  });

  it('over the length are cut, with a note', async () => {
    const id = await world.post({ ...ada, title: 'x'.repeat(300) });
    await world.drain();
    expect(only().job_title).toBe('x'.repeat(255));
    expect(await notesOf(id)).toEqual([{ attribute: 'job_title', reason: 'too-long' }]);
  });
});

describe('clearing', () => {
  it.each(['', null])('by %j takes the value away, whatever server it is', async (empty) => {
    world.sim.configure({ nullScalars: 'clear' });
    const id = await world.post({
      ...ada,
      title: 'Clerk',
      timezone: 'Europe/Berlin',
      addresses: [{ type: 'work', formatted: '1 Mill Lane' }],
      phoneNumbers: [{ type: 'mobile', value: '+351 91 555' }],
    });
    await world.drain();
    expect(only()).toMatchObject({ address: '1 Mill Lane', job_title: 'Clerk' });
    await world.patch(
      id,
      replace('title', empty),
      replace('timezone', empty),
      replace('addresses[type eq "work"].formatted', empty),
      replace('phoneNumbers[type eq "mobile"].value', empty),
    );
    await world.drain();
    expect(only()).toMatchObject({
      job_title: null,
      address: null,
      mobile_phone_number: null,
      time_zone: 'Berlin',
    });
    expect(world.calls()['requesters.update']).toBe(1);
  });

  it('goes by an empty text where null is refused', async () => {
    world.sim.configure({ nullScalars: 'datatype_mismatch' });
    const id = await world.post({ ...ada, title: 'Clerk', locale: 'de' });
    await world.drain();
    await world.patch(id, { op: 'Remove', path: 'title' }, replace('locale', 'fr'));
    await world.drain();
    expect(only()).toMatchObject({ language: 'fr', job_title: null });
    expect(await notesOf(id)).toEqual([]);
  });

  it('that Freshservice refuses for good is noted and not repeated', async () => {
    await reopen({ requiredFieldsEnforced: true });
    world.sim.state.fields.create({ name: 'site', label: 'Site', required_for_agents: true });
    const custom = 'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User';
    const id = await world.post({ ...ada, title: 'Clerk', [custom]: { site: 'HQ' } });
    await world.drain();
    await world.patch(id, { op: 'Remove', path: `${custom}:site` }, replace('title', 'Pilot'));
    await world.drain();
    expect(only()).toMatchObject({ job_title: 'Pilot', custom_fields: { site: 'HQ' } });
    expect(await notesOf(id)).toMatchObject([{ attribute: 'custom_fields.site' }]);
    await world.directory.wake([`User-${id}`], { urgency: 'normal' });
    const before = world.calls();
    await world.drain();
    expect(world.calls()['requesters.update']).toBe(before['requesters.update']);
  });
});

describe('the work address', () => {
  it('is a secondary one where it differs, and nothing where it does not', async () => {
    const id = await world.post({ ...ada, ...mail('Ada.Lund@larkspur.example') });
    await world.drain();
    expect(only().secondary_emails).toEqual(['ada.lund@larkspur.example']);
    await world.patch(id, replace('emails[type eq "work"].value', 'ADA@larkspur.example'));
    await world.drain();
    expect(only().secondary_emails).toEqual([]);
  });

  it("leaves people's own secondary addresses alone, also those of the last minute", async () => {
    const id = await world.post({ ...ada, ...mail('one@larkspur.example') });
    await world.drain();
    world.sim.state.save({
      ...only(),
      secondary_emails: ['one@larkspur.example', 'own@thrift.example'],
    });
    await world.patch(id, replace('emails[type eq "work"].value', 'two@larkspur.example'));
    await world.drain();
    expect(only().secondary_emails).toEqual(['own@thrift.example', 'two@larkspur.example']);
  });

  it('that becomes the sign-in name moves to the front in one call', async () => {
    const id = await world.post({ ...ada, ...mail('ada.lund@larkspur.example') });
    await world.drain();
    await world.patch(id, replace('userName', 'ada.lund@larkspur.example'));
    await world.drain();
    expect(only()).toMatchObject({ primary_email: 'ada.lund@larkspur.example', secondary_emails: [] });
    expect(world.calls()['requesters.update']).toBe(1);
  });

  it.each(['409-errors', '409-flat', '400-duplicate_value'] as const)(
    'of somebody else is left out, and the person is there all the same: %s',
    async (conflictStyle) => {
      world.sim.configure({ conflictStyle });
      await world.post({ userName: 'desk@larkspur.example', displayName: 'Desk' });
      await world.drain();
      const id = await world.post({ ...ada, ...mail('desk@larkspur.example') });
      const bo = await world.post({
        userName: 'bo@larkspur.example',
        displayName: 'Bo',
        ...mail('x@y.example'),
      });
      const cy = await world.post({
        userName: 'cy@larkspur.example',
        displayName: 'Cy',
        ...mail('x@y.example'),
      });
      await world.drain();
      expect(world.people().filter(({ active }) => active)).toHaveLength(4);
      expect((await notesOf(id))?.map(({ attribute }) => attribute)).toEqual(['secondary_emails']);
      const notes = [...((await notesOf(bo)) ?? []), ...((await notesOf(cy)) ?? [])];
      expect(notes.map(({ attribute }) => attribute)).toEqual(['secondary_emails']);
    },
  );

  it('yields to whoever signs in with it', async () => {
    const id = await world.post({ ...ada, ...mail('desk@larkspur.example') });
    await world.drain();
    expect(only().secondary_emails).toEqual(['desk@larkspur.example']);
    await world.post({ userName: 'desk@larkspur.example', name: { givenName: 'Desk' } });
    await world.drain();
    const desk = world.people().find(({ first_name }) => first_name === 'Desk');
    expect(desk).toMatchObject({ active: true, primary_email: 'desk@larkspur.example' });
    expect(await notesOf(id)).toMatchObject([
      { attribute: 'secondary_emails', reason: 'address-of-somebody-else' },
    ]);
  });

  it('is nothing to an agent', async () => {
    world.sim.state.create({ first_name: 'Ada', primary_email: ada.userName, is_agent: true });
    await world.post({ ...ada, title: 'Clerk', locale: 'de', ...mail('ada.lund@larkspur.example') });
    await world.drain();
    expect(only()).toMatchObject({
      is_agent: true,
      job_title: 'Clerk',
      language: 'de',
      secondary_emails: [],
    });
    expect(await world.directory.status()).toMatchObject({ dirty: 0, parked: 0 });
  });
});

describe('readBeforeWrite=always', () => {
  it('reads the account before each change', async () => {
    await reopen({ settings: { readBeforeWrite: 'always' } });
    await world.listNobody();
    const id = await world.post(ada);
    await world.drain();
    await world.patch(id, replace('title', 'Clerk'));
    await world.drain();
    expect(world.calls()).toEqual({
      'requesters.create': 1,
      'requesters.get': 1,
      'requesters.update': 1,
    });
  });
});
