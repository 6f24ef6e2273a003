import { expect, test } from 'vitest';
import { codesOf, idOf, openSubject, type Subject } from '../test-support.ts';

interface Field {
  readonly name: string;
  readonly choices?: object;
}

/** One field of each type, as an administrator adds them. */
async function addFields({ control }: Subject): Promise<void> {
  for (const field of [
    { name: 'note', type: 'custom_paragraph' },
    { name: 'floor', type: 'custom_number' },
    { name: 'hired_on', type: 'custom_date' },
    { name: 'shift', type: 'custom_dropdown', choices: ['Day', 'Night'] },
    { name: 'pager', type: 'custom_phone_number' },
  ]) {
    expect((await control('POST', '/fields', field)).status).toBe(200);
  }
}

async function listed({ call }: Subject, kind: string, name: string): Promise<Field | undefined> {
  const body = JSON.parse((await call('GET', `/${kind}_fields`)).text) as Record<string, Field[]>;
  return body[`${kind}_fields`]?.find((field) => field.name === name);
}

async function put(subject: Subject, id: number, custom_fields: unknown): Promise<unknown> {
  const reply = await subject.call('PUT', `/requesters/${id}`, { custom_fields });
  return reply.status === 200 ? reply.json['requester']?.['custom_fields'] : codesOf(reply);
}

test('golden: a custom field in requester_fields and agent_fields', async () => {
  const subject = await openSubject();
  expect(await listed(subject, 'requester', 'cost_centre')).toEqual({
    id: 21_000_000_401,
    name: 'cost_centre',
    label: 'Cost centre',
    position: 20,
    user_field_group_id: 1,
    type: 'custom_text',
    default: false,
    required_for_agents: false,
    editable_in_signup: false,
    customers_can_edit: true,
    label_for_customers: 'Cost centre',
    required_for_customers: false,
    displayed_for_customers: true,
    choices: [],
    created_at: '2025-01-09T10:00:00Z',
    updated_at: '2025-01-09T10:00:00Z',
  });
  expect(await listed(subject, 'agent', 'cost_centre')).toEqual({
    name: 'cost_centre',
    user_field_group_id: 1,
    label_for_admins: 'Cost centre',
    mandatory_for_admins: false,
    editable_by_admins: true,
    label_for_agents: 'Cost centre',
    visible_to_agents: true,
    editable_by_agents: false,
    mandatory_for_agents: false,
    type: 'custom_text',
    default_field: false,
  });
});

test('lists of choices: codes to labels for languages and time zones, texts for dropdowns', async () => {
  const subject = await openSubject();
  await addFields(subject);
  const languages = (await listed(subject, 'requester', 'language'))?.choices ?? {};
  expect(Object.keys(languages)).toHaveLength(30);
  const zones = (await listed(subject, 'requester', 'time_zone'))?.choices ?? {};
  expect(Object.keys(zones)).toHaveLength(151);
  expect((await listed(subject, 'requester', 'shift'))?.choices).toEqual(['Day', 'Night']);
});

test('requesterFieldNames requesters: the other of the two vocabularies', async () => {
  const field = await listed(
    await openSubject({ requesterFieldNames: 'requesters' }),
    'requester',
    'cost_centre',
  );
  expect(field).toMatchObject({ requesters_can_edit: true, label_for_requesters: 'Cost centre' });
  expect(field).not.toHaveProperty('customers_can_edit');
});

test('department_fields: those that every account has', async () => {
  const subject = await openSubject();
  expect(await listed(subject, 'department', 'name')).toMatchObject({ mandatory: true, default: true });
});

test.for<[string, unknown, unknown]>([
  ['cost_centre', 'CC-1', 'CC-1'],
  ['note', 'x'.repeat(300), 'x'.repeat(300)],
  ['contractor', true, true],
  ['floor', -2.5, -2.5],
  ['hired_on', '2024-02-29', '2024-02-29'],
  ['shift', 'Night', 'Night'],
  ['pager', '+44 1', '+44 1'],
  ['pager', 441, '441'],
])('custom field %s = %j is kept', async ([name, value, stored]) => {
  const subject = await openSubject();
  await addFields(subject);
  const id = await subject.requester();
  expect(await put(subject, id, { [name]: value })).toEqual({ [name]: stored });
});

test.for<[string, unknown, string]>([
  ['cost_centre', 5, 'datatype_mismatch'],
  ['cost_centre', 'x'.repeat(256), 'invalid_value'],
  ['note', 5, 'datatype_mismatch'],
  ['contractor', 'yes', 'datatype_mismatch'],
  ['floor', '3', 'datatype_mismatch'],
  ['hired_on', 20_240_229, 'datatype_mismatch'],
  ['hired_on', '29.02.2024', 'invalid_value'],
  ['hired_on', '2024-13-01', 'invalid_value'],
  ['shift', 'Evening', 'invalid_value'],
  ['shift', 'night', 'invalid_value'],
  ['shift', 1, 'datatype_mismatch'],
  ['pager', true, 'datatype_mismatch'],
  ['shoe_size', 43, 'invalid_field'],
])('custom field %s = %j: %s', async ([name, value, code]) => {
  const subject = await openSubject();
  await addFields(subject);
  expect(await put(subject, await subject.requester(), { [name]: value })).toEqual([
    `custom_fields.${name}:${code}`,
  ]);
});

test('golden: every offending custom field is named; unknown ones come before wrong values', async () => {
  const subject = await openSubject();
  const id = await subject.requester();
  const reply = await subject.call('PUT', `/requesters/${id}`, {
    custom_fields: { contractor: 1, a: 1, b: 1 },
  });
  expect(reply.json).toEqual({
    description: 'Validation failed',
    errors: [
      {
        field: 'custom_fields.a',
        message: 'Unexpected/invalid field in request',
        code: 'invalid_field',
      },
      {
        field: 'custom_fields.b',
        message: 'Unexpected/invalid field in request',
        code: 'invalid_field',
      },
    ],
  });
  expect(await put(subject, id, { contractor: 1, cost_centre: 1 })).toEqual([
    'custom_fields.contractor:datatype_mismatch',
    'custom_fields.cost_centre:datatype_mismatch',
  ]);
  expect(await put(subject, id, [])).toEqual(['custom_fields:datatype_mismatch']);
  expect(await put(subject, id, null)).toEqual(['custom_fields:datatype_mismatch']);
});

test('null and blank clear a custom field; with nullScalars datatype_mismatch only blank does', async () => {
  const subject = await openSubject();
  const id = await subject.requester({ custom_fields: { cost_centre: 'CC-1', contractor: true } });
  expect(await put(subject, id, { contractor: null })).toEqual({ cost_centre: 'CC-1' });
  expect(await put(subject, id, { cost_centre: ' ' })).toEqual({});
  subject.sim.configure({ nullScalars: 'datatype_mismatch' });
  await put(subject, id, { contractor: true });
  expect(await put(subject, id, { contractor: null })).toEqual([
    'custom_fields.contractor:datatype_mismatch',
  ]);
  expect(await put(subject, id, { contractor: '' })).toEqual({});
});

test('agents have the same custom fields', async () => {
  const subject = await openSubject();
  const id = await subject.agent({ custom_fields: { cost_centre: 'CC-1' } });
  const reply = await subject.call('PUT', `/agents/${id}`, { custom_fields: { contractor: 5 } });
  expect(codesOf(reply)).toEqual(['custom_fields.contractor:datatype_mismatch']);
  expect((await subject.call('GET', `/agents/${id}`)).json['agent']?.['custom_fields']).toEqual({
    cost_centre: 'CC-1',
  });
});

test('customFieldsShown all and nullWhenNone', async () => {
  const subject = await openSubject({ customFieldsShown: 'all' });
  const id = await subject.requester({ custom_fields: { contractor: true } });
  const shown = async (): Promise<unknown> =>
    (await subject.call('GET', `/requesters/${id}`)).json['requester']?.['custom_fields'];
  expect(await shown()).toEqual({ cost_centre: null, contractor: true });
  subject.sim.configure({ customFieldsShown: 'nullWhenNone' });
  expect(await shown()).toEqual({ contractor: true });
  await put(subject, id, { contractor: null });
  expect(await shown()).toBeNull();
});

test('requiredFieldsEnforced: there after a create, not cleared by an update', async () => {
  const subject = await openSubject();
  const { call, control, sim } = subject;
  await control('PUT', '/fields/21000000401', { required_for_agents: true });
  expect(await listed(subject, 'requester', 'cost_centre')).toMatchObject({ required_for_agents: true });
  expect(await listed(subject, 'agent', 'cost_centre')).toMatchObject({ mandatory_for_admins: true });
  const without = await subject.requester();
  sim.configure({ requiredFieldsEnforced: true });
  const body = { first_name: 'A', primary_email: 'a@example.test' };
  for (const custom_fields of [undefined, {}, { contractor: true }, { cost_centre: ' ' }]) {
    expect(codesOf(await call('POST', '/requesters', { ...body, custom_fields }))).toEqual([
      'custom_fields.cost_centre:missing_field',
    ]);
  }
  const created = await call('POST', '/requesters', { ...body, custom_fields: { cost_centre: 'CC-1' } });
  const id = idOf(created.json['requester']);
  expect(await put(subject, id, { contractor: true })).toEqual({ cost_centre: 'CC-1', contractor: true });
  expect(await put(subject, id, { cost_centre: null })).toEqual(['custom_fields.cost_centre:missing_field']);
  expect((await call('PUT', `/requesters/${without}`, { job_title: 'Nurse' })).status).toBe(200);
  expect(await put(subject, without, { contractor: true })).toEqual({ contractor: true });
  sim.configure({ customFieldsMerge: 'replace' });
  expect(await put(subject, id, { contractor: true })).toEqual(['custom_fields.cost_centre:missing_field']);
  const roles = [{ role_id: 21_000_120_404, assignment_scope: 'entire_helpdesk' }];
  const agent = await call('POST', '/agents', { first_name: 'B', email: 'b@example.test', roles });
  expect(codesOf(agent)).toEqual(['custom_fields.cost_centre:missing_field']);
});

test('queries: custom fields of one line, numbers, dates, dropdowns and phones', async () => {
  const subject = await openSubject();
  await addFields(subject);
  const custom_fields = {
    cost_centre: 'CC-1',
    contractor: true,
    note: 'x',
    floor: 3,
    hired_on: '2024-02-29',
    shift: 'Night',
    pager: '441',
  };
  const id = await subject.requester({ custom_fields });
  await subject.requester();
  const search = async (condition: string): Promise<unknown> => {
    const reply = await subject.call('GET', `/requesters?query=${encodeURIComponent(`"${condition}"`)}`);
    if (reply.status !== 200) return (JSON.parse(reply.text) as { errors: unknown }).errors;
    return Object.values(reply.json['requesters'] ?? {}).map((row) => idOf(row));
  };
  for (const condition of [
    `cost_centre:'cc-1'`,
    'floor:3',
    'floor:>2',
    'floor:<3',
    `hired_on:'2024-02-29'`,
    `hired_on:<'2024-03-01'`,
    `shift:'Night'`,
    `pager:'441'`,
  ]) {
    expect([condition, await search(condition)]).toEqual([condition, [id]]);
  }
  expect(await search('floor:>4')).toEqual([]);
  expect(await search('floor:null')).toHaveLength(1);
  expect(await search('hired_on:null')).toHaveLength(1);
  expect(await search('cost_centre:null')).toHaveLength(1);
  for (const [condition, field, message] of [
    [`note:'x'`, 'note', '[:invalid_field]'],
    [`contractor:true`, 'contractor', '[:invalid_field]'],
    [`shift:'Evening'`, 'shift', '["It should be one of the choice value."]'],
    [`floor:'x'`, 'floor', '["It should be a/an Number"]'],
  ]) {
    expect(await search(String(condition))).toEqual([{ field, message, code: 'invalid_value' }]);
  }
});

test('a field of one kind of people is not there for the other', async () => {
  const subject = await openSubject();
  const { call, control } = subject;
  for (const [name, people] of Object.entries({ desk: 'requesters', queue: 'agents', floor: 'all' })) {
    expect((await control('POST', '/fields', { name, people })).json).toMatchObject({ name, people });
  }
  const namesOf = async (kind: string): Promise<string[]> => {
    const found = await Promise.all(['desk', 'queue', 'floor'].map((name) => listed(subject, kind, name)));
    return found.flatMap((field) => field?.name ?? []);
  };
  expect(await namesOf('requester')).toEqual(['desk', 'floor']);
  expect(await namesOf('agent')).toEqual(['queue', 'floor']);

  const ada = { first_name: 'Ada', primary_email: 'ada@x.test' };
  const requester = idOf((await call('POST', '/requesters', ada)).json['requester']);
  expect(await put(subject, requester, { desk: '4', floor: '2' })).toEqual({ desk: '4', floor: '2' });
  expect(await put(subject, requester, { queue: 'night' })).toEqual(['custom_fields.queue:invalid_field']);
  await call('PUT', `/requesters/${requester}/convert_to_agent`);
  const onAgent = await call('PUT', `/agents/${requester}`, { custom_fields: { queue: 'night' } });
  expect(onAgent.json['agent']?.['custom_fields']).toMatchObject({ queue: 'night', floor: '2' });
  expect(codesOf(await call('PUT', `/agents/${requester}`, { custom_fields: { desk: '5' } }))).toEqual([
    'custom_fields.desk:invalid_field',
  ]);
  // As it is given, and not as it was.
  expect((await control('PUT', '/fields/21000000403', { label: 'Desk' })).json).toMatchObject({
    label: 'Desk',
  });
});
