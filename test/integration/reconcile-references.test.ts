/** What a person refers to: departments, locations, managers, custom fields; asserted on Freshservice itself. */
import { refreshAwaitedCatalogs } from '@fresh-scim/reconciler';
import { ENTERPRISE_USER, FRESHSERVICE_USER } from '@fresh-scim/scim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
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

type Extra = Readonly<Record<string, unknown>>;
const person = (name: string, enterprise: Extra = {}, custom: Extra = {}): Record<string, unknown> => ({
  userName: `${name}@larkspur.example`,
  name: { givenName: name },
  [ENTERPRISE_USER]: enterprise,
  [FRESHSERVICE_USER]: custom,
});
const found = (name: string) => world.people().find(({ first_name }) => first_name === name);
const notesOf = async (id: string) => (await world.directory.story(`User-${id}`))?.notes;
const byName = (name: string) =>
  world.sim.state.departments.all().filter((department) => department.name === name);
const departmentId = (name: string): number => byName(name)[0]?.id ?? 0;
const replace = (attribute: string, value: unknown) => ({
  op: 'Replace',
  path: `${ENTERPRISE_USER}:${attribute}`,
  value,
});
const remove = (attribute: string) => ({ op: 'Remove', path: `${ENTERPRISE_USER}:${attribute}` });

/** Makes the list be read again, as time would. */
async function forgetLists(): Promise<void> {
  for (const kind of ['departments', 'locations', 'fields', 'agentFields'] as const) {
    await world.directory.distrustCatalog(kind);
  }
  await new Promise((resolve) => setTimeout(resolve, 2100)); // a parsed list is used for two seconds
}

describe('a department', () => {
  it('is found by its name whatever the case and blanks, with one list for everybody', async () => {
    await world.listNobody();
    for (const name of ['Ada', 'Bo', 'Cy'])
      await world.post(person(name, { department: ' people  & culture' }));
    await world.drain();
    const ids = world.people().map(({ department_ids }) => department_ids);
    expect(ids).toEqual(ids.map(() => [departmentId('People & Culture')]));
    expect(world.calls()).toEqual({ 'departments.list': 1, 'requesters.create': 3 });
  });

  it('is created once, however many need it at the same time', async () => {
    const people = Array.from({ length: 10 }, (_, n) => person(`P${n}`, { department: 'Fleet' }));
    const ids = await Promise.all(people.map((user) => world.post(user)));
    await Promise.all(ids.map((id) => world.reconcile(id)));
    await world.drain();
    expect(byName('Fleet')).toHaveLength(1);
    const shown = world.people().map(({ department_ids }) => department_ids);
    expect(shown).toEqual(people.map(() => [departmentId('Fleet')]));
    expect(world.calls()).toMatchObject({ 'departments.create': 1, 'requesters.create': 10 });
  });

  it.each(['reset-after', 'hang-after', 'truncated-json'] as const)(
    'is created once though the answer is lost: %s',
    async (kind) => {
      await reopen({ deadlineMs: 400, uniqueDepartments: false });
      world.sim.arm({ kind, route: 'departments.create', ms: 5000 });
      await world.post(person('Ada', { department: 'Fleet' }));
      await world.post(person('Bo', { department: 'Fleet' }));
      await world.drain();
      await world.wakeAll();
      await world.drain();
      expect(byName('Fleet')).toHaveLength(1);
      expect(found('Ada')?.department_ids).toEqual([departmentId('Fleet')]);
      expect(found('Bo')?.department_ids).toEqual([departmentId('Fleet')]);
    },
  );

  it('is used though the answer of its create has the plural envelope', async () => {
    world.sim.configure({ envelopeQuirk: 'plural' });
    await world.post(person('Ada', { department: 'Fleet' }));
    await world.drain();
    expect(found('Ada')?.department_ids).toEqual([departmentId('Fleet')]);
  });

  it('that was renamed in Freshservice stays the same one, with a note', async () => {
    await world.post(person('Ada', { department: 'Finance' }));
    await world.drain();
    const finance = world.sim.state.departments.get(departmentId('Finance'));
    if (finance) world.sim.state.departments.save({ ...finance, name: 'Treasury' });
    await forgetLists();
    const bo = await world.post(person('Bo', { department: 'Finance' }));
    await world.drain();
    expect(found('Bo')?.department_ids).toEqual([finance?.id]);
    expect(byName('Finance')).toEqual([]);
    expect(await notesOf(bo)).toEqual([{ attribute: 'department_ids', reason: 'department-was-renamed' }]);
  });

  it('that was deleted in Freshservice is made anew when its id is refused', async () => {
    await world.post(person('Ada', { department: 'Finance' }));
    await world.drain();
    const old = departmentId('Finance');
    world.sim.state.departments.remove(old);
    await world.post(person('Bo', { department: 'Finance' }));
    await world.drain();
    expect(departmentId('Finance')).not.toBe(0);
    expect(found('Bo')?.department_ids).toEqual([departmentId('Finance')]);
  });

  it('is not created where the settings say so: noted, and applied when somebody has made it', async () => {
    await reopen({ settings: { 'departments.create': 'false' } });
    const ada = await world.post(person('Ada', { department: 'Fleet' }));
    await world.drain();
    expect(await notesOf(ada)).toMatchObject([
      { reason: 'department-unknown', waitsFor: 'department:fleet' },
    ]);
    expect(found('Ada')?.department_ids).toEqual([]);
    world.sim.state.departments.create({ name: 'Fleet' });
    await forgetLists();
    await refreshAwaitedCatalogs(world.world);
    await world.drain();
    expect(found('Ada')?.department_ids).toEqual([departmentId('Fleet')]);
    expect(await notesOf(ada)).toEqual([]);
    expect(await world.directory.awaitedNames()).toEqual([]);
  });

  it('never blocks a person when our key may not see the list', async () => {
    world.sim.state.setKey(world.upstream.apiKey, [
      'requesters.view',
      'requesters.create',
      'requesters.edit',
      'agents.manage',
    ]);
    const ada = await world.post(person('Ada', { department: 'Finance', _location: 'Leeds' }));
    await world.drain();
    expect(found('Ada')).toMatchObject({ active: true, department_ids: [] });
    expect((await notesOf(ada))?.map(({ reason }) => reason)).toContain('department-unreadable');
  });

  it('replaces the others, is cleared when Entra clears it, and comes back after a reactivation', async () => {
    const ada = await world.post(person('Ada', { department: 'Finance', _location: 'Leeds' }));
    await world.drain();
    await world.patch(ada, replace('department', 'Operations'));
    await world.drain();
    expect(found('Ada')?.department_ids).toEqual([departmentId('Operations')]);
    await world.patch(ada, { op: 'Replace', path: 'active', value: false });
    await world.drain();
    await world.patch(ada, { op: 'Replace', path: 'active', value: true });
    await world.drain();
    expect(found('Ada')).toMatchObject({ active: true, department_ids: [departmentId('Operations')] });
    expect(found('Ada')?.location_id).toBe(21_000_090_210);
    await world.patch(ada, remove('department'), remove('_location'));
    await world.drain();
    expect(found('Ada')).toMatchObject({ department_ids: [], location_id: null });
  });

  it('is added to those of the person where the settings say so, and only what we added goes again', async () => {
    await reopen({ settings: { departments: 'add' } });
    world.sim.state.create({
      first_name: 'Ada',
      primary_email: 'ada@larkspur.example',
      department_ids: [departmentId('Finance')],
    });
    const ada = await world.post(person('Ada', { department: 'Operations' }));
    await world.drain();
    expect(found('Ada')?.department_ids).toEqual([departmentId('Finance'), departmentId('Operations')]);
    await world.patch(ada, replace('department', 'Fleet'));
    await world.drain();
    expect(found('Ada')?.department_ids).toEqual([departmentId('Finance'), departmentId('Fleet')]);
  });
});

describe('random faults', () => {
  it.each([1, 2, 3])('make no department twice, and everybody ends in step: seed %i', async (seed) => {
    await reopen({ deadlineMs: 250, leaseMs: 1000, uniqueDepartments: false });
    world.sim.arm({
      random: {
        seed,
        rate: 0.25,
        kinds: ['500', '500-after', 'reset-after', 'hang-after', 'truncated-json'],
      },
    });
    const names = Array.from({ length: 20 }, (_, n) => `P${n}`);
    const ids: string[] = [];
    for (const [n, name] of names.entries())
      ids.push(await world.post(person(name, { department: `Team ${n % 4}`, _location: 'Leeds' })));
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(ids.map((id) => world.reconcile(id)));
      await world.wakeAll();
    }
    world.sim.disarm();
    await until('nobody to wait', async () => {
      await world.wakeAll();
      await world.drain();
      const { deferred, parked } = await world.directory.status();
      return deferred + parked === 0;
    });
    expect(world.sim.state.duplicates()).toEqual([]);
    const shown = names.map((name) => found(name)?.department_ids);
    expect(shown).toEqual(names.map((_, n) => [departmentId(`Team ${n % 4}`)]));
  });
});

describe('a location', () => {
  it.each(['Leeds', 'UK/Leeds', ' uk / leeds', '/UK/Leeds'])('is found by %j', async (_location) => {
    await world.post(person('Ada', { _location }));
    await world.drain();
    expect(found('Ada')?.location_id).toBe(21_000_090_210);
  });

  it('is never created, and noted when it is not there or there are two', async () => {
    world.sim.state.locations.create({ name: 'Leeds', parent_location_id: 21_000_090_220 });
    const ada = await world.post(person('Ada', { _location: 'Atlantis' }));
    const bo = await world.post(person('Bo', { _location: 'Leeds' }));
    await world.post(person('Cy', { _location: 'UK/Leeds' }));
    await world.drain();
    expect(await notesOf(ada)).toMatchObject([{ reason: 'location-unknown', waitsFor: 'location:atlantis' }]);
    expect(await notesOf(bo)).toEqual([{ attribute: 'location_id', reason: 'location-ambiguous' }]);
    expect(found('Cy')?.location_id).toBe(21_000_090_210);
    world.sim.state.locations.create({ name: 'Atlantis' });
    await forgetLists();
    await refreshAwaitedCatalogs(world.world);
    await world.drain();
    expect(found('Ada')?.location_id).not.toBeNull();
  });
});

describe('a manager', () => {
  const managed = (name: string, value: string) => person(name, { manager: { value } });

  it('who comes later is set when it is there', async () => {
    const boss = await world.post({ ...person('Boss'), active: false });
    const ada = await world.post(managed('Ada', boss));
    await world.drain();
    expect(await notesOf(ada)).toEqual([
      {
        attribute: 'reporting_manager_id',
        reason: 'manager-not-in-freshservice-yet',
        waitsFor: `User-${boss}`,
      },
    ]);
    await world.patch(boss, { op: 'Replace', path: 'active', value: true });
    await world.drain();
    expect(found('Ada')?.reporting_manager_id).toBe(found('Boss')?.id);
    expect(await notesOf(ada)).toEqual([]);
  });

  it('who is adopted without any change is set too', async () => {
    const existing = world.sim.state.create({ first_name: 'Boss', primary_email: 'boss@larkspur.example' });
    const boss = await world.post(person('Boss'));
    const ada = await world.post(managed('Ada', boss));
    await world.reconcile(ada);
    expect(found('Ada')?.reporting_manager_id).toBeNull();
    await world.drain();
    expect(found('Ada')?.reporting_manager_id).toBe(existing.id);
    expect(world.calls()['requesters.update']).toBe(1);
  });

  it('of many is followed by all of them', async () => {
    const boss = await world.post({ ...person('Boss'), active: false });
    for (let n = 0; n < 130; n += 1) await world.post(managed(`P${n}`, boss));
    await world.drain();
    await world.patch(boss, { op: 'Replace', path: 'active', value: true });
    await world.drain();
    const bossId = found('Boss')?.id;
    expect(world.people().filter((one) => one.reporting_manager_id === bossId)).toHaveLength(130);
  });

  it('whom Freshservice refuses while inactive is set when active again', async () => {
    world.sim.configure({ inactiveManager: 'reject400' });
    const boss = await world.post(person('Boss'));
    await world.drain();
    await world.patch(boss, { op: 'Replace', path: 'active', value: false });
    const ada = await world.post({ ...managed('Ada', boss), title: 'Clerk' });
    await world.drain();
    expect(found('Ada')).toMatchObject({ job_title: 'Clerk', reporting_manager_id: null });
    expect(await notesOf(ada)).toMatchObject([{ reason: 'manager-refused', waitsFor: `User-${boss}` }]);
    await world.patch(boss, { op: 'Replace', path: 'active', value: true });
    await world.drain();
    expect(found('Ada')?.reporting_manager_id).toBe(found('Boss')?.id);
  });

  it('that is the person is refused, and so is a circle until it is broken', async () => {
    const ada = await world.post(person('Ada'));
    const bo = await world.post(managed('Bo', ada));
    const cy = await world.post(managed('Cy', bo));
    await world.drain();
    await world.patch(ada, replace('manager', ada));
    await world.drain();
    expect(await notesOf(ada)).toEqual([{ attribute: 'reporting_manager_id', reason: 'manager-is-self' }]);
    await world.patch(ada, replace('manager', cy));
    await world.drain();
    expect(await notesOf(ada)).toMatchObject([{ reason: 'manager-circle', waitsFor: `User-${cy}` }]);
    expect(found('Ada')?.reporting_manager_id).toBeNull();
    await world.patch(bo, remove('manager'));
    await world.drain();
    expect(found('Ada')?.reporting_manager_id).toBe(found('Cy')?.id);
    expect(found('Bo')?.reporting_manager_id).toBeNull();
  });

  it('that is not known is noted, and one that is cleared is cleared', async () => {
    const boss = await world.post(person('Boss'));
    const ada = await world.post(managed('Ada', boss));
    const bo = await world.post(managed('Bo', 'nobody'));
    await world.drain();
    expect(await notesOf(bo)).toEqual([{ attribute: 'reporting_manager_id', reason: 'manager-unknown' }]);
    expect(found('Ada')?.reporting_manager_id).toBe(found('Boss')?.id);
    await world.patch(ada, remove('manager'));
    await world.drain();
    expect(found('Ada')?.reporting_manager_id).toBeNull();
  });
});

describe('custom fields', () => {
  const fields = [
    ['text', 'custom_text', 'CC-204', 'CC-204'],
    ['paragraph', 'custom_paragraph', 'a\nb', 'a\nb'],
    ['checkbox', 'custom_checkbox', 'True', true],
    ['number', 'custom_number', '12.5', 12.5],
    ['date', 'custom_date', '2026-03-02', '2026-03-02'],
    ['dropdown', 'custom_dropdown', 'red', 'Red'],
    ['phone', 'custom_phone_number', '+351 21 555', '+351 21 555'],
  ] as const;
  beforeEach(() => {
    for (const [name, type] of fields) {
      const choices = type === 'custom_dropdown' ? ['Red', 'Green'] : [];
      world.sim.state.fields.create({ name, label: name, type, choices });
    }
  });
  const custom = (name: string) => found(name)?.custom_fields;

  it.each(['merge', 'replace'] as const)('of every type arrive, change and go: %s', async (merge) => {
    await world.listNobody();
    world.sim.configure({ customFieldsMerge: merge });
    const values = Object.fromEntries(fields.map(([name, , sent]) => [name, sent]));
    const ada = await world.post(person('Ada', {}, values));
    await world.drain();
    expect(custom('Ada')).toEqual(Object.fromEntries(fields.map(([name, , , shown]) => [name, shown])));
    await world.patch(ada, { op: 'Replace', path: `${FRESHSERVICE_USER}:number`, value: '7' });
    await world.patch(ada, { op: 'Remove', path: `${FRESHSERVICE_USER}:text` });
    await world.drain();
    expect(custom('Ada')).toMatchObject({ number: 7, dropdown: 'Red', checkbox: true });
    expect(custom('Ada')).not.toHaveProperty('text');
    expect(world.calls()).toEqual({
      'requesterFields.list': 1,
      'requesters.create': 1,
      'requesters.update': 1,
    });
  });

  it('that are unknown or unfit are noted, and the rest is applied', async () => {
    const ada = await world.post(
      person('Ada', {}, { text: 'x', shoe_size: '44', number: 'many', dropdown: 'Blue', isAgent: 'True' }),
    );
    await world.drain();
    expect(custom('Ada')).toEqual({ text: 'x' });
    expect(await notesOf(ada)).toEqual([
      { attribute: 'custom_fields.shoe_size', reason: 'field-unknown', waitsFor: 'field:shoe_size' },
      { attribute: 'custom_fields.number', reason: 'not-a-number' },
      { attribute: 'custom_fields.dropdown', reason: 'not-a-choice' },
    ]);
  });

  it('that are made later are set then, without a change in Entra', async () => {
    await world.listNobody();
    const ada = await world.post(person('Ada', {}, { Shoe_Size: '44' }));
    await world.post(person('Bo', {}, { text: 'x' }));
    await world.drain();
    expect(await notesOf(ada)).toMatchObject([{ reason: 'field-unknown', waitsFor: 'field:shoe_size' }]);
    world.sim.state.fields.create({ name: 'shoe_size', label: 'Shoe size', type: 'custom_number' });
    await forgetLists();
    await refreshAwaitedCatalogs(world.world);
    await world.drain();
    expect(custom('Ada')).toEqual({ shoe_size: 44 });
    expect(await notesOf(ada)).toEqual([]);
    expect(await world.directory.awaitedNames()).toEqual([]);
    expect(world.calls()).toEqual({
      'requesterFields.list': 2,
      'requesters.create': 2,
      'requesters.update': 1,
    });
  });

  it('of an agent are those of agents', async () => {
    const { fields: known } = world.sim.state;
    known.create({ name: 'queue', label: 'Queue', type: 'custom_number', people: 'agents' });
    known.create({ name: 'desk', label: 'Desk', people: 'requesters' });
    world.sim.state.create({ first_name: 'Ada', primary_email: 'ada@larkspur.example', is_agent: true });
    const ada = await world.post(person('Ada', {}, { queue: '7', desk: '4', text: 'x' }));
    const bo = await world.post(person('Bo', {}, { queue: '7', desk: '4', text: 'x' }));
    await world.drain();
    expect(found('Ada')).toMatchObject({ is_agent: true, custom_fields: { queue: 7, text: 'x' } });
    expect(custom('Bo')).toEqual({ desk: '4', text: 'x' });
    expect(await notesOf(ada)).toEqual([
      { attribute: 'custom_fields.desk', reason: 'field-unknown', waitsFor: 'agentField:desk' },
    ]);
    expect(await notesOf(bo)).toEqual([
      { attribute: 'custom_fields.queue', reason: 'field-unknown', waitsFor: 'field:queue' },
    ]);

    const desk = known.all().find(({ name }) => name === 'desk');
    if (desk) known.save({ ...desk, people: 'all' });
    await forgetLists();
    await refreshAwaitedCatalogs(world.world);
    await world.drain();
    expect(found('Ada')).toMatchObject({ custom_fields: { queue: 7, desk: '4', text: 'x' } });
  });

  it('are those of agents from the look on that shows a conversion', async () => {
    world.sim.state.fields.create({ name: 'queue', label: 'Queue', people: 'agents' });
    world.sim.state.fields.create({ name: 'desk', label: 'Desk', people: 'requesters' });
    const ada = await world.post(person('Ada', {}, { queue: 'night', desk: '4' }));
    await world.drain();
    const [before] = world.people();
    if (before) world.sim.state.save({ ...before, is_agent: true });
    await world.patch(ada, { op: 'Replace', path: 'title', value: 'Clerk' });
    await world.drain();
    const agent = { is_agent: true, job_title: 'Clerk', custom_fields: { queue: 'night' } };
    expect(found('Ada')).toMatchObject(agent);
    expect(await notesOf(ada)).toMatchObject([{ attribute: 'custom_fields.desk', reason: 'field-unknown' }]);
  });

  it('whose value Freshservice refuses are left out', async () => {
    const ada = await world.post(person('Ada', {}, { dropdown: 'Red', text: 'x' }));
    await world.drain();
    const dropdown = world.sim.state.fields.all().find(({ name }) => name === 'dropdown');
    if (dropdown) world.sim.state.fields.save({ ...dropdown, choices: ['Blue'] });
    await world.patch(
      ada,
      { op: 'Replace', path: `${FRESHSERVICE_USER}:dropdown`, value: 'Green' },
      { op: 'Replace', path: 'title', value: 'Clerk' },
    );
    await world.drain();
    expect(found('Ada')).toMatchObject({ job_title: 'Clerk', custom_fields: { dropdown: 'Red', text: 'x' } });
    expect(await notesOf(ada)).toMatchObject([{ attribute: 'custom_fields.dropdown' }]);
  });

  it('that are required have the default of the connection where Entra has no value', async () => {
    await reopen({
      requiredFieldsEnforced: true,
      settings: { 'custom.defaults': 'site = HQ; cost_centre=0' },
    });
    world.sim.state.fields.create({ name: 'site', label: 'Site', required_for_agents: true });
    await world.post(person('Ada', {}, { cost_centre: 'CC-1' }));
    const bo = await world.post(person('Bo', {}, { site: 'Leeds' }));
    await world.drain();
    expect(custom('Ada')).toEqual({ site: 'HQ', cost_centre: 'CC-1' });
    expect(custom('Bo')).toEqual({ site: 'Leeds', cost_centre: '0' });
    await world.patch(bo, { op: 'Remove', path: `${FRESHSERVICE_USER}:site` });
    await world.drain();
    expect(custom('Bo')).toEqual({ site: 'HQ', cost_centre: '0' });
    expect(await world.directory.status()).toMatchObject({ notes: 0, parked: 0 });
  });
});
