import { expect, test } from 'vitest';
import { basic, codesOf, idOf, openSubject } from '../test-support.ts';

const MIRA = {
  first_name: 'Mira',
  last_name: 'Okafor',
  job_title: 'Analyst',
  primary_email: 'Mira.Okafor@Example.test',
  work_phone_number: '+44 20 7946 0001',
  department_ids: [21_000_117_801],
  time_zone: 'London',
  time_format: '24h',
  language: 'en',
  location_id: 21_000_090_210,
  external_id: '5b0f2c1e-1111-4222-8333-9a9a9a9a9a9a',
  custom_fields: { cost_centre: 'CC-204' },
};

test('create: 201, Location, the whole record, addresses in lower case', async () => {
  const { call, url, sim } = await openSubject({ clock: () => Date.UTC(2026, 2, 2, 9, 14, 7) });
  const reply = await call('POST', '/requesters', MIRA);
  expect(reply.status).toBe(201);
  const id = Number(reply.json['requester']?.['id']);
  expect(id).toBeGreaterThan(21_000_000_000);
  expect(reply.headers.get('location')).toBe(`${url}/api/v2/requesters/${id}`);
  expect(reply.json['requester']).toEqual({
    ...MIRA,
    id,
    is_agent: false,
    primary_email: 'mira.okafor@example.test',
    secondary_emails: [],
    mobile_phone_number: null,
    department_names: ['Finance'],
    can_see_all_tickets_from_associated_departments: false,
    can_see_all_changes_from_associated_departments: false,
    reporting_manager_id: null,
    address: null,
    location_name: 'Leeds',
    background_information: null,
    vip_user: false,
    work_schedule_id: null,
    active: true,
    has_logged_in: false,
    created_at: '2026-03-02T09:14:07Z',
    updated_at: '2026-03-02T09:14:07Z',
  });
  expect((await call('GET', `/requesters/${id}`)).json).toEqual(reply.json);
  expect(sim.state.users.byExternalId(MIRA.external_id)).toHaveLength(1);
});

test('create wants a first name and one of address and phones', async () => {
  const { call } = await openSubject();
  expect(codesOf(await call('POST', '/requesters', {}))).toEqual(['first_name:missing_field']);
  expect(codesOf(await call('POST', '/requesters', { first_name: ' ' }))).toEqual([
    'first_name:missing_field',
  ]);
  expect(codesOf(await call('POST', '/requesters', { first_name: 'A' }))).toEqual([
    'primary_email:missing_field',
  ]);
  const byPhone = await call('POST', '/requesters', { first_name: 'A', mobile_phone_number: 447_946 });
  expect(byPhone.json['requester']).toMatchObject({ primary_email: null, mobile_phone_number: '447946' });
});

test.for<[string, unknown, string]>([
  ['last_name', 5, 'datatype_mismatch'],
  ['primary_email', 'nobody', 'invalid_value'],
  ['secondary_emails', 'a@b.test', 'datatype_mismatch'],
  ['secondary_emails', null, 'datatype_mismatch'],
  ['secondary_emails', Array.from({ length: 11 }, (_, index) => `a${index}@b.test`), 'invalid_value'],
  ['department_ids', [1], 'invalid_value'],
  ['department_ids', ['x'], 'datatype_mismatch'],
  ['location_id', 1, 'invalid_value'],
  ['reporting_manager_id', 1, 'invalid_value'],
  ['reporting_manager_id', 'x', 'datatype_mismatch'],
  ['time_zone', 'Europe/London', 'invalid_value'],
  ['time_format', '13h', 'invalid_value'],
  ['language', 'xx', 'invalid_value'],
  ['can_see_all_tickets_from_associated_departments', 'yes', 'datatype_mismatch'],
  ['job_title', 'x'.repeat(256), 'invalid_value'],
  ['active', false, 'readonly_field'],
])('%s = %j: %s', async ([field, value, code]) => {
  const { call, requester } = await openSubject();
  const reply = await call('PUT', `/requesters/${await requester()}`, { [field]: value });
  expect([reply.status, codesOf(reply)]).toEqual([400, [`${field}:${code}`]]);
});

test('update is partial; null and blank clear; lists are replaced', async () => {
  const { call } = await openSubject();
  const created = await call('POST', '/requesters', MIRA);
  const id = idOf(created.json['requester']);
  const reply = await call('PUT', `/requesters/${id}`, {
    job_title: null,
    last_name: '',
    department_ids: [],
  });
  expect(reply.status).toBe(200);
  expect(reply.json['requester']).toMatchObject({
    first_name: 'Mira',
    job_title: null,
    last_name: null,
    department_ids: [],
    department_names: null,
    work_phone_number: MIRA.work_phone_number,
  });
});

test('nullScalars datatype_mismatch: only a blank text clears', async () => {
  const { call, requester } = await openSubject({ nullScalars: 'datatype_mismatch' });
  const id = await requester({ job_title: 'x' });
  expect(codesOf(await call('PUT', `/requesters/${id}`, { job_title: null }))).toEqual([
    'job_title:datatype_mismatch',
  ]);
  expect(
    (await call('PUT', `/requesters/${id}`, { job_title: '' })).json['requester']?.['job_title'],
  ).toBeNull();
});

test('an update that says nothing new changes nothing, and is told apart in the statistics', async () => {
  let now = Date.UTC(2026, 0, 1);
  const { call, requester, sim } = await openSubject({ clock: () => now });
  const id = await requester({ job_title: 'Nurse' });
  now += 5000;
  const same = await call('PUT', `/requesters/${id}`, { job_title: 'Nurse' });
  expect(same.json['requester']?.['updated_at']).toBe('2026-01-01T00:00:00Z');
  const other = await call('PUT', `/requesters/${id}`, { job_title: 'Buyer' });
  expect(other.json['requester']?.['updated_at']).toBe('2026-01-01T00:00:05Z');
  expect(sim.stats().byRoute['requesters.update']).toMatchObject({ changes: 1, redundant: 1 });
});

test('every update resets "see all tickets", unless it sends true', async () => {
  const { call, requester, sim } = await openSubject();
  const flag = 'can_see_all_tickets_from_associated_departments';
  const id = await requester({ [flag]: true });
  const put = async (body: object): Promise<unknown> =>
    (await call('PUT', `/requesters/${id}`, body)).json['requester']?.[flag];
  expect(await put({ job_title: 'a', [flag]: true })).toBe(true);
  expect(await put({ job_title: 'b' })).toBe(false);
  sim.configure({ seesAllReset: false });
  await put({ [flag]: true });
  expect(await put({ job_title: 'c' })).toBe(true);
});

test('custom fields are merged, or replaced', async () => {
  const { call, requester, sim } = await openSubject();
  const id = await requester({ custom_fields: { cost_centre: 'CC-1' } });
  const put = async (fields: object): Promise<unknown> =>
    (await call('PUT', `/requesters/${id}`, { custom_fields: fields })).json['requester']?.['custom_fields'];
  expect(await put({ contractor: true })).toEqual({ cost_centre: 'CC-1', contractor: true });
  sim.configure({ customFieldsMerge: 'replace' });
  expect(await put({ contractor: false })).toEqual({ contractor: false });
});

test('maxLen off, and overLength truncate', async () => {
  const { call, requester, sim } = await openSubject({ maxLen: 'off' });
  const id = await requester({ job_title: 'x'.repeat(300) });
  sim.configure({ maxLen: 255, overLength: 'truncate' });
  const reply = await call('PUT', `/requesters/${id}`, { job_title: 'y'.repeat(300) });
  expect(reply.json['requester']?.['job_title']).toBe('y'.repeat(255));
});

test('refusedAttributes and undocumentedWrites', async () => {
  const { call, requester, sim } = await openSubject({ refusedAttributes: ['external_id'] });
  const id = await requester();
  expect(codesOf(await call('PUT', `/requesters/${id}`, { external_id: 'x' }))).toEqual([
    'external_id:invalid_field',
  ]);
  expect((await call('PUT', `/requesters/${id}`, { vip_user: true })).status).toBe(200);
  sim.configure({ undocumentedWrites: 'reject400' });
  expect(codesOf(await call('PUT', `/requesters/${id}`, { vip_user: true }))).toEqual([
    'vip_user:invalid_field',
  ]);
});

test('inaccessibleAttributes: the key may not set them, and nothing of the body is applied', async () => {
  const { call, requester } = await openSubject({ inaccessibleAttributes: ['address', 'job_title'] });
  const id = await requester();
  const refused = await call('PUT', `/requesters/${id}`, {
    first_name: 'Noor',
    address: 'x',
    job_title: 'y',
  });
  expect(codesOf(refused)).toEqual(['address:inaccessible_field', 'job_title:inaccessible_field']);
  const { json } = await call('GET', `/requesters/${id}`);
  expect(json['requester']).toMatchObject({ first_name: 'Mira', address: null });
});

test.for([
  ['timeZones', 'time_zone', 'Europe/London'],
  ['languages', 'language', 'en-GB'],
] as const)('%s anything: %s takes any text, and queries do', async ([knob, field, value]) => {
  const { call, requester, sim } = await openSubject({ [knob]: 'anything' });
  const id = await requester();
  const reply = await call('PUT', `/requesters/${id}`, { [field]: value });
  expect(reply.json['requester']?.[field]).toBe(value);
  const query = `/requesters?query=${encodeURIComponent(`"${field}:'${value}'"`)}`;
  expect((await call('GET', query)).json['requesters']).toMatchObject([{ id }]);
  expect(codesOf(await call('PUT', `/requesters/${id}`, { [field]: 'x'.repeat(256) }))).toEqual([
    `${field}:invalid_value`,
  ]);
  sim.configure({ [knob]: 'listed' });
  expect(codesOf(await call('PUT', `/requesters/${id}`, { [field]: value }))).toEqual([
    `${field}:invalid_value`,
  ]);
});

test('inactiveManager reject400: a deactivated person is nobody’s new manager', async () => {
  const { call, requester, sim } = await openSubject();
  const [id, manager] = [await requester(), await requester()];
  await call('DELETE', `/requesters/${manager}`);
  expect((await call('PUT', `/requesters/${id}`, { reporting_manager_id: manager })).status).toBe(200);
  sim.configure({ inactiveManager: 'reject400' });
  expect(codesOf(await call('PUT', `/requesters/${id}`, { reporting_manager_id: manager }))).toEqual([
    'reporting_manager_id:invalid_value',
  ]);
  expect((await call('PUT', `/requesters/${id}`, { job_title: 'Nurse' })).status).toBe(200);
});

test('a manager may be an agent', async () => {
  const { requester, agent, sim } = await openSubject();
  const manager = await agent();
  const id = await requester({ reporting_manager_id: manager });
  expect(sim.state.users.get(id)?.reporting_manager_id).toBe(manager);
});

test('nobody is their own manager', async () => {
  const { call, requester } = await openSubject();
  const [id, manager] = [await requester(), await requester()];
  expect((await call('PUT', `/requesters/${id}`, { reporting_manager_id: id })).status).toBe(400);
  expect((await call('PUT', `/requesters/${id}`, { reporting_manager_id: manager })).status).toBe(200);
});

test.for([
  ['409-errors', 409, 'duplicate_value'],
  ['409-flat', 409, 'conflict'],
  ['400-duplicate_value', 400, 'duplicate_value'],
] as const)('conflictStyle %s, on create and on update', async ([conflictStyle, status, code]) => {
  const { call, requester } = await openSubject({ conflictStyle });
  await requester({ primary_email: 'one@example.test' });
  const other = await requester();
  const body = { first_name: 'Second', primary_email: 'ONE@example.test' };
  for (const reply of [
    await call('POST', '/requesters', body),
    await call('PUT', `/requesters/${other}`, { primary_email: 'one@example.test' }),
  ]) {
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(`"${code}"`);
  }
});

test('conflictScope: secondary addresses, agents and deactivated people hold their address', async () => {
  const { call, requester, agent, sim } = await openSubject();
  await requester({ secondary_emails: ['second@example.test'] });
  await agent({ email: 'agent@example.test' });
  const leaver = await requester({ primary_email: 'gone@example.test' });
  await call('DELETE', `/requesters/${leaver}`);
  const post = async (primary_email: string): Promise<number> =>
    (await call('POST', '/requesters', { first_name: 'A', primary_email })).status;
  expect(await post('second@example.test')).toBe(409);
  expect(await post('agent@example.test')).toBe(409);
  expect(await post('gone@example.test')).toBe(409);
  sim.configure({ conflictScope: 'primaryOnly' });
  expect(await post('gone@example.test')).toBe(409);
  expect(await post('second@example.test')).toBe(201);
  expect(await post('agent@example.test')).toBe(201);
  expect(sim.stats().duplicates).toMatchObject([
    { by: 'address', value: 'second@example.test' },
    { by: 'address', value: 'agent@example.test' },
  ]);
});

test('secondary addresses: taken ones collide, and may not repeat the primary one', async () => {
  const { call, requester } = await openSubject();
  await requester({ primary_email: 'one@example.test' });
  const id = await requester({ primary_email: 'two@example.test' });
  expect((await call('PUT', `/requesters/${id}`, { secondary_emails: ['one@example.test'] })).status).toBe(
    409,
  );
  const same = await call('PUT', `/requesters/${id}`, { secondary_emails: ['two@example.test'] });
  expect(codesOf(same)).toEqual(['secondary_emails:invalid_value']);
});

test('secondary addresses are changed as a whole list, in lower case, each once, at most ten', async () => {
  const { call, requester } = await openSubject();
  const id = await requester({ secondary_emails: ['A@example.test', 'a@example.test', 'b@example.test'] });
  const put = async (secondary_emails: string[]): Promise<unknown> =>
    (await call('PUT', `/requesters/${id}`, { secondary_emails })).json['requester']?.['secondary_emails'];
  expect(await put(['B@example.test', 'c@example.test'])).toEqual(['b@example.test', 'c@example.test']);
  const ten = Array.from({ length: 10 }, (_, index) => `ten.${index}@example.test`);
  expect(await put(ten)).toEqual(ten);
  expect(await put([])).toEqual([]);
});

test('secondary addresses are taken across everybody, unless conflictScope is primaryOnly', async () => {
  const { call, requester, agent, sim } = await openSubject();
  await requester({ secondary_emails: ['second@example.test'] });
  await agent({ email: 'agent@example.test' });
  const id = await requester();
  const put = async (address: string): Promise<number> =>
    (await call('PUT', `/requesters/${id}`, { secondary_emails: [address] })).status;
  expect([await put('second@example.test'), await put('agent@example.test')]).toEqual([409, 409]);
  sim.configure({ conflictScope: 'primaryOnly' });
  expect([await put('second@example.test'), await put('agent@example.test')]).toEqual([200, 200]);
});

test('phones and external ids are not unique, unless uniqueMobile is on', async () => {
  const { call, requester, sim } = await openSubject();
  await requester({ mobile_phone_number: '123', external_id: 'x' });
  await requester({ mobile_phone_number: '123', external_id: 'x' });
  expect(sim.stats().duplicates).toMatchObject([{ by: 'external_id', value: 'x' }]);
  sim.configure({ uniqueMobile: true });
  expect((await call('POST', '/requesters', { first_name: 'A', mobile_phone_number: '123' })).status).toBe(
    409,
  );
});

test('life cycle: DELETE 204, again 404, still readable and listed as inactive, reactivated once', async () => {
  const { call, requester } = await openSubject();
  const manager = await requester();
  const id = await requester({
    department_ids: [21_000_117_801],
    location_id: 21_000_090_210,
    reporting_manager_id: manager,
    job_title: 'Nurse',
  });
  const first = await call('DELETE', `/requesters/${id}`);
  expect([first.status, first.text, first.headers.get('content-type')]).toEqual([204, '', null]);
  expect((await call('DELETE', `/requesters/${id}`)).status).toBe(404);
  expect((await call('GET', `/requesters/${id}`)).json['requester']?.['active']).toBe(false);
  const rows = (await call('GET', '/requesters')).json['requesters'];
  expect(rows).toContainEqual(expect.objectContaining({ id, active: false }));
  const back = await call('PUT', `/requesters/${id}/reactivate`);
  expect([back.status, back.json['requester']]).toMatchObject([
    200,
    { active: true, department_ids: [], location_id: null, reporting_manager_id: null, job_title: 'Nurse' },
  ]);
  const again = await call('PUT', `/requesters/${id}/reactivate`);
  expect(again.status).toBe(400);
  expect(again.json).toEqual({
    code: 'contact_already_active',
    message: 'Contact is already active and cannot be restored.',
  });
});

test('deleteAgain 204, reactivateClears nothing', async () => {
  const { call, requester } = await openSubject({ deleteAgain: 204, reactivateClears: 'nothing' });
  const id = await requester({ department_ids: [21_000_117_801] });
  await call('DELETE', `/requesters/${id}`);
  expect((await call('DELETE', `/requesters/${id}`)).status).toBe(204);
  const back = await call('PUT', `/requesters/${id}/reactivate`);
  expect(back.json['requester']?.['department_ids']).toEqual([21_000_117_801]);
});

test.for([
  ['allow', 200],
  ['incompatible_field400', 400],
  ['notFound', 404],
] as const)('putInactive %s: %i', async ([putInactive, status]) => {
  const { call, requester } = await openSubject({ putInactive });
  const id = await requester();
  await call('DELETE', `/requesters/${id}`);
  expect((await call('PUT', `/requesters/${id}`, { job_title: 'x' })).status).toBe(status);
});

test('putActive ignore and apply', async () => {
  const { call, requester, sim } = await openSubject({ putActive: 'ignore' });
  const id = await requester();
  const put = async (): Promise<unknown> =>
    (await call('PUT', `/requesters/${id}`, { active: false })).json['requester']?.['active'];
  expect(await put()).toBe(true);
  sim.configure({ putActive: 'apply' });
  expect(await put()).toBe(false);
});

test('forget is for good', async () => {
  const { call, requester } = await openSubject();
  const id = await requester({ primary_email: 'gone@example.test' });
  expect((await call('DELETE', `/requesters/${id}/forget`)).status).toBe(204);
  expect((await call('GET', `/requesters/${id}`)).status).toBe(404);
  expect((await call('DELETE', `/requesters/${id}/forget`)).status).toBe(404);
  const next = await call('POST', '/requesters', { first_name: 'New', primary_email: 'gone@example.test' });
  expect(next.json['requester']?.['id']).toBeGreaterThan(id);
});

test('merge: the others are gone, their addresses are secondary ones of the person', async () => {
  const { call, requester, agent, sim } = await openSubject();
  const other = await requester({
    primary_email: 'm.okafor@example.test',
    secondary_emails: ['mo@example.test'],
  });
  const nameless = await requester({ primary_email: null, mobile_phone_number: '123' });
  const id = await requester({ secondary_emails: ['old@example.test'], reporting_manager_id: other });
  const reply = await call('PUT', `/requesters/${id}/merge?secondary_requesters=${other},${nameless}`);
  expect(reply.status).toBe(200);
  expect(reply.json['requester']).toMatchObject({
    id,
    secondary_emails: ['old@example.test', 'm.okafor@example.test', 'mo@example.test'],
    reporting_manager_id: null,
  });
  expect([sim.state.users.get(other), sim.state.users.get(nameless)]).toEqual([undefined, undefined]);
  expect(sim.state.duplicates()).toEqual([]);
  for (const wrong of [`${id}`, `${await agent()}`, '7', '', 'x']) {
    const refused = await call('PUT', `/requesters/${id}/merge?secondary_requesters=${wrong}`);
    expect(codesOf(refused)).toEqual(['secondary_requesters:invalid_value']);
  }
});

test('convert_to_agent: same id, occasional, SD Agent on everything, no groups', async () => {
  const { call, requester } = await openSubject();
  const id = await requester({ primary_email: 'new.agent@example.test' });
  const reply = await call('PUT', `/requesters/${id}/convert_to_agent`);
  expect(reply.status).toBe(200);
  expect(reply.json['agent']).toMatchObject({
    id,
    email: 'new.agent@example.test',
    occasional: true,
    roles: [{ role_id: 21_000_120_404, assignment_scope: 'entire_helpdesk' }],
    member_of: [],
  });
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['PUT', '/reactivate'],
    ['PUT', '/convert_to_agent'],
  ] as const) {
    expect((await call(method, `/requesters/${id}${path}`)).status).toBe(404);
  }
});

test('conversion needs an address, an active person and a licence', async () => {
  const { call, requester, sim } = await openSubject();
  const byPhone = await requester({ primary_email: null, work_phone_number: '1' });
  expect((await call('PUT', `/requesters/${byPhone}/convert_to_agent`)).status).toBe(400);
  const id = await requester();
  sim.configure({ licences: { fullTime: 10, occasional: 0 } });
  const refused = await call('PUT', `/requesters/${id}/convert_to_agent`);
  expect([refused.status, refused.json['code']]).toEqual([403, 'access_denied']);
  sim.configure({ licences: { fullTime: 10, occasional: 1 } });
  await call('DELETE', `/requesters/${id}`);
  expect((await call('PUT', `/requesters/${id}/convert_to_agent`)).status).toBe(400);
});

test('getRequesterForAgentId 200', async () => {
  const { call, agent } = await openSubject({ getRequesterForAgentId: 200 });
  const id = await agent({ email: 'agent@example.test' });
  const reply = await call('GET', `/requesters/${id}`);
  expect(reply.json['requester']).toMatchObject({ id, is_agent: true, primary_email: 'agent@example.test' });
});

test('the requester fields name the language and time zone choices', async () => {
  const { call } = await openSubject();
  const fields = (await call('GET', '/requester_fields')).json['requester_fields'];
  expect(fields).toContainEqual(
    expect.objectContaining({ name: 'language', choices: expect.objectContaining({ 'pt-BR': 'pt-BR' }) }),
  );
  expect(fields).toContainEqual(
    expect.objectContaining({ name: 'cost_centre', type: 'custom_text', default: false }),
  );
});

test('the log names the person and the attributes, never values of a body', async () => {
  const { call, control, requester } = await openSubject();
  const id = await requester();
  await call(
    'PUT',
    `/requesters/${id}`,
    { job_title: 'secret title' },
    { authorization: basic('k3y-of-the-owner') },
  );
  const { text, json } = await control('GET', '/log');
  expect(json['entries']?.[1]).toMatchObject({
    route: 'requesters.update',
    userId: id,
    attributes: ['job_title'],
  });
  expect(text).not.toContain('secret title');
});
