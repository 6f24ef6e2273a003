import { expect, test } from 'vitest';
import { codesOf, idOf, openSubject, OWNER_ID, type Reply, type Subject } from '../test-support.ts';

const FINANCE = 21_000_117_801;
const NEVER = '21099999999';

async function department({ call }: Subject, body: object): Promise<number> {
  return idOf((await call('POST', '/departments', body)).json['department']);
}

async function named({ call }: Subject, name: string): Promise<number[]> {
  const query = encodeURIComponent(`"name:'${name}'"`);
  return idsOf(await call('GET', `/departments?query=${query}`));
}

function idsOf(reply: Reply): number[] {
  const body = JSON.parse(reply.text) as { departments: { id: number }[] };
  return body.departments.map(({ id }) => id);
}

test('golden: create 201 with Location, get, update 200, delete 204, then 404', async () => {
  let now = Date.UTC(2026, 2, 2, 9, 14, 7, 123);
  const { call, url } = await openSubject({ clock: () => now });
  const created = await call('POST', '/departments', {
    name: 'Nursing',
    description: 'Wards 1 to 4',
    head_user_id: OWNER_ID,
    domains: ['Clinic.example.test'],
    custom_fields: {},
  });
  const id = idOf(created.json['department']);
  expect([created.status, created.headers.get('location')]).toEqual([201, `${url}/api/v2/departments/${id}`]);
  expect(id).toBe(21_000_117_804);
  const department = {
    id,
    name: 'Nursing',
    description: 'Wards 1 to 4',
    head_user_id: OWNER_ID,
    head_name: 'Account Owner',
    prime_user_id: null,
    prime_user_name: null,
    domains: ['clinic.example.test'],
    custom_fields: {},
    workspace_id: 1,
    created_at: '2026-03-02T09:14:07.123Z',
    updated_at: '2026-03-02T09:14:07.123Z',
  };
  expect(created.json).toEqual({ department });
  expect((await call('GET', `/departments/${id}`)).json).toEqual({ department });
  now += 1001;
  const updated = await call('PUT', `/departments/${id}`, { name: 'Care', head_user_id: null });
  expect([updated.status, updated.json]).toEqual([
    200,
    {
      department: {
        ...department,
        name: 'Care',
        head_user_id: null,
        head_name: null,
        updated_at: '2026-03-02T09:14:08.124Z',
      },
    },
  ]);
  const removed = await call('DELETE', `/departments/${id}`);
  expect([removed.status, removed.text]).toEqual([204, '']);
  for (const method of ['DELETE', 'GET', 'PUT']) {
    expect((await call(method, `/departments/${id}`)).status).toBe(404);
  }
});

test('pages: oldest first, 30 unless asked, link to the next one', async () => {
  const { call, sim, url } = await openSubject();
  for (let index = 0; index < 40; index += 1) sim.state.departments.create({ name: `Team ${index}` });
  expect(idsOf(await call('GET', '/departments'))).toHaveLength(30);
  const first = await call('GET', '/departments?per_page=2');
  expect(first.json['departments']).toMatchObject([{ name: 'Finance' }, { name: 'Operations' }]);
  expect(first.headers.get('link')).toBe(`<${url}/api/v2/departments?per_page=2&page=2>; rel="next"`);
  const last = await call('GET', '/departments?per_page=20&page=3');
  expect([idsOf(last).length, last.headers.get('link')]).toEqual([3, null]);
  expect(codesOf(await call('GET', '/departments?per_page=101'))).toEqual(['per_page:invalid_value']);
});

test('query: by name only, whatever its case; late by the lag of the index; 40 pages', async () => {
  const subject = await openSubject({ indexLagMs: 5000, clock: () => 0 });
  const { call, sim } = subject;
  expect(await named(subject, 'finance')).toEqual([FINANCE]);
  const id = await department(subject, { name: "People's Care" });
  expect(await named(subject, "people\\'s care")).toEqual([]);
  sim.advance(5000);
  expect(await named(subject, "people\\'s care")).toEqual([id]);
  await call('PUT', `/departments/${id}`, { name: 'Care' });
  expect(await named(subject, "people\\'s care")).toEqual([id]);
  sim.advance(5000);
  expect(await named(subject, "people\\'s care")).toEqual([]);
  await call('DELETE', `/departments/${id}`);
  expect(await named(subject, 'Care')).toEqual([id]);
  sim.advance(5000);
  expect(await named(subject, 'Care')).toEqual([]);
  const refused = async (query: string): Promise<string[]> =>
    codesOf(await call('GET', `/departments?query=${encodeURIComponent(query)}`));
  expect(await refused(`"description:'x'"`)).toEqual(['description:invalid_value']);
  expect(await refused(`"~[name]:'x'"`)).toEqual(['name:invalid_value']);
  expect(await refused(`name:'x'`)).toEqual(['query:invalid_value']);
  expect(await refused(`"${'a'.repeat(513)}"`)).toEqual(['query:invalid_value']);
  expect(codesOf(await call('GET', '/departments?page=41&query=%22name%3A%27x%27%22'))).toEqual([
    'page:invalid_value',
  ]);
});

test('query: 30 a page, newest first, without link', async () => {
  const { call, sim } = await openSubject();
  const names = Array.from({ length: 35 }, (_, index) => `T${index}`);
  const ids = names.map((name) => sim.state.departments.create({ name }).id);
  const anyOf = names.map((name) => `name:'${name}'`).join(' OR ');
  const query = encodeURIComponent(`"${anyOf}"`);
  const reply = await call('GET', `/departments?query=${query}`);
  expect(reply.headers.get('link')).toBeNull();
  expect(idsOf(reply)).toHaveLength(30);
  expect(idsOf(reply)).toEqual(idsOf(reply).toSorted((a, b) => b - a));
  expect(ids).toEqual(expect.arrayContaining(idsOf(reply)));
});

test.for<[object, string]>([
  [{}, 'name:missing_field'],
  [{ name: ' ' }, 'name:missing_field'],
  [{ name: null }, 'name:missing_field'],
  [{ name: 7 }, 'name:datatype_mismatch'],
  [{ name: 'x'.repeat(256) }, 'name:invalid_value'],
  [{ name: 'A', head_user_id: 1 }, 'head_user_id:invalid_value'],
  [{ name: 'A', prime_user_id: 'x' }, 'prime_user_id:datatype_mismatch'],
  [{ name: 'A', domains: 'example.test' }, 'domains:datatype_mismatch'],
  [{ name: 'A', domains: null }, 'domains:datatype_mismatch'],
  [{ name: 'A', domains: ['not a domain'] }, 'domains:invalid_value'],
  [{ name: 'A', custom_fields: { budget: 1 } }, 'custom_fields.budget:invalid_field'],
  [{ name: 'A', custom_fields: 1 }, 'custom_fields:datatype_mismatch'],
  [{ name: 'A', active: true }, 'active:invalid_field'],
  [{ name: 'A', head_name: 'x' }, 'head_name:readonly_field'],
  [{ name: 'A', workspace_id: 2 }, 'workspace_id:readonly_field'],
])('create %j: %s', async ([body, code]) => {
  const { call } = await openSubject();
  const reply = await call('POST', '/departments', body);
  expect([reply.status, codesOf(reply)]).toEqual([400, [code]]);
});

test.for([
  ['409-errors', 409, 'duplicate_value'],
  ['409-flat', 409, 'conflict'],
  ['400-duplicate_value', 400, 'duplicate_value'],
] as const)(
  'conflictStyle %s: a name is there once, whatever its case',
  async ([conflictStyle, status, code]) => {
    const subject = await openSubject({ conflictStyle });
    const { call, sim } = subject;
    const other = await department(subject, { name: 'Nursing' });
    for (const reply of [
      await call('POST', '/departments', { name: ' FINANCE ' }),
      await call('PUT', `/departments/${other}`, { name: 'finance' }),
    ]) {
      expect(reply.status).toBe(status);
      expect(reply.text).toContain(`"${code}"`);
    }
    expect((await call('PUT', `/departments/${other}`, { name: 'NURSING' })).status).toBe(200);
    expect(sim.stats()).toMatchObject({ departments: 4, duplicates: [] });
  },
);

test('uniqueDepartments false: names repeat, and are told as duplicates', async () => {
  const subject = await openSubject({ uniqueDepartments: false });
  const id = await department(subject, { name: 'finance' });
  expect(subject.sim.stats().duplicates).toEqual([
    { by: 'department_name', value: 'finance', ids: [FINANCE, id] },
  ]);
  expect(await named(subject, 'Finance')).toEqual([id, FINANCE]);
});

test('createStatus 200: no Location', async () => {
  const { call } = await openSubject({ createStatus: { departments: 200 } });
  const reply = await call('POST', '/departments', { name: 'Nursing' });
  expect([reply.status, reply.headers.get('location')]).toEqual([200, null]);
  expect(reply.json['department']?.['name']).toBe('Nursing');
});

test('envelopeQuirk plural: one department under the key of the list', async () => {
  const { call } = await openSubject({ envelopeQuirk: 'plural' });
  const created = await call('POST', '/departments', { name: 'Nursing' });
  const id = idOf(created.json['departments']);
  expect(created.json).not.toHaveProperty('department');
  expect(idOf((await call('GET', `/departments/${id}`)).json['departments'])).toBe(id);
  expect(idOf((await call('PUT', `/departments/${id}`, {})).json['departments'])).toBe(id);
  expect(idsOf(await call('GET', '/departments'))).toContain(id);
});

test('a rename shows in people; a removal takes the link from people', async () => {
  const subject = await openSubject();
  const { call, requester, agent } = subject;
  const [id, other] = [
    await department(subject, { name: 'Nursing' }),
    await department(subject, { name: 'Care' }),
  ];
  const requesterId = await requester({ department_ids: [id, other] });
  const agentId = await agent({ department_ids: [id] });
  await call('PUT', `/departments/${id}`, { name: 'Wards' });
  const shown = async (): Promise<unknown> =>
    (await call('GET', `/requesters/${requesterId}`)).json['requester'];
  expect(await shown()).toMatchObject({ department_ids: [id, other], department_names: ['Wards', 'Care'] });
  await call('DELETE', `/departments/${id}`);
  expect(await shown()).toMatchObject({ department_ids: [other], department_names: ['Care'] });
  expect((await call('GET', `/agents/${agentId}`)).json['agent']).toMatchObject({
    department_ids: [],
    department_names: null,
  });
  expect(await department(subject, { name: 'Nursing' })).toBe(other + 1);
});

test('departmentDomains: a new person joins by the domain of the address, besides what was sent', async () => {
  const subject = await openSubject();
  const { call, requester, agent, sim } = subject;
  const id = await department(subject, { name: 'Clinic', domains: ['clinic.example.test'] });
  const idsOfPerson = async (kind: string, person: number): Promise<unknown> =>
    (await call('GET', `/${kind}s/${person}`)).json[kind]?.['department_ids'];
  const before = await requester({ primary_email: 'a@clinic.example.test' });
  expect(await idsOfPerson('requester', before)).toEqual([]);
  sim.configure({ departmentDomains: true });
  const joined = await requester({ primary_email: 'B@Clinic.example.test', department_ids: [FINANCE] });
  expect(await idsOfPerson('requester', joined)).toEqual([FINANCE, id]);
  expect(await idsOfPerson('agent', await agent({ email: 'c@clinic.example.test' }))).toEqual([id]);
  expect(await idsOfPerson('requester', await requester())).toEqual([]);
  const byPhone = await requester({ primary_email: null, work_phone_number: '1' });
  expect(await idsOfPerson('requester', byPhone)).toEqual([]);
});

test('who is deactivated as an agent, or forgotten, leaves the posts of departments', async () => {
  const subject = await openSubject();
  const { call, requester, agent } = subject;
  const [head, prime] = [await agent(), await requester({ last_name: 'Okafor' })];
  const id = await department(subject, { name: 'Nursing', head_user_id: head, prime_user_id: prime });
  const shown = async (): Promise<unknown> => (await call('GET', `/departments/${id}`)).json['department'];
  expect(await shown()).toMatchObject({ head_name: 'Jonas', prime_user_name: 'Mira Okafor' });
  await call('DELETE', `/agents/${head}`);
  expect(await shown()).toMatchObject({ head_user_id: null, head_name: null, prime_user_id: prime });
  await call('DELETE', `/requesters/${prime}/forget`);
  expect(await shown()).toMatchObject({ prime_user_id: null, prime_user_name: null });
});

test('creates are counted by themselves, and only those that were applied as changes', async () => {
  const subject = await openSubject();
  const { call, control, sim } = subject;
  const id = await department(subject, { name: 'Nursing' });
  await call('POST', '/departments', { name: 'Nursing' });
  await call('PUT', `/departments/${id}`, { name: 'Nursing' });
  await named(subject, 'Nursing');
  await call('GET', '/departments');
  expect(sim.stats().byRoute).toMatchObject({
    'departments.create': { calls: 2, changes: 1, statuses: { 201: 1, 409: 1 } },
    'departments.update': { calls: 1, changes: 0, redundant: 1 },
    'departments.query': { calls: 1 },
    'departments.list': { calls: 1 },
  });
  const { entries } = JSON.parse((await control('GET', '/log')).text) as { entries: object[] };
  expect(entries[0]).toMatchObject({ recordId: id, isChanged: true, attributes: ['name'] });
});

test('permissions: to see, and to change', async () => {
  const { call, control } = await openSubject();
  await control('POST', '/keys', { key: 'reader', permissions: ['departments.view'] });
  await control('POST', '/keys', { key: 'nobody', permissions: [] });
  const status = async (key: string, method: string, path: string, body?: object): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${key}:X`).toString('base64')}`;
    return (await call(method, path, body, { authorization })).status;
  };
  expect(await status('reader', 'GET', '/departments')).toBe(200);
  expect(await status('reader', 'GET', `/departments/${FINANCE}`)).toBe(200);
  expect(await status('nobody', 'GET', '/departments')).toBe(403);
  expect(await status('reader', 'POST', '/departments', { name: 'A' })).toBe(403);
  expect(await status('reader', 'PUT', `/departments/${FINANCE}`, { name: 'A' })).toBe(403);
  expect(await status('reader', 'DELETE', `/departments/${FINANCE}`)).toBe(403);
  expect(await status('reader', 'DELETE', `/departments/${NEVER}`)).toBe(403);
});

test('a fault after the effect leaves the department behind', async () => {
  const subject = await openSubject();
  subject.sim.arm({ kind: '504-after', route: 'departments.create' });
  expect((await subject.call('POST', '/departments', { name: 'Nursing' })).status).toBe(504);
  expect(await named(subject, 'Nursing')).toHaveLength(1);
});
