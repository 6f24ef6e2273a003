import { expect, test } from 'vitest';
import { codesOf, idOf, openSubject, OWNER_ID, type Subject } from '../test-support.ts';

const UK = 21_000_090_200;
const LEEDS = 21_000_090_210;
const ADDRESS = {
  line1: '1 Mill Lane',
  line2: null,
  city: 'Leeds',
  state: null,
  country: 'United Kingdom',
  zipcode: 'LS1 1AA',
};
const NO_ADDRESS = { line1: null, line2: null, city: null, state: null, country: null, zipcode: null };

async function location({ call }: Subject, body: object): Promise<number> {
  return idOf((await call('POST', '/locations', body)).json['location']);
}

async function named({ call }: Subject, name: string): Promise<number[]> {
  const query = encodeURIComponent(`"name:'${name}'"`);
  const { text } = await call('GET', `/locations?query=${query}`);
  return (JSON.parse(text) as { locations: { id: number }[] }).locations.map(({ id }) => id);
}

test('golden: create 201 with Location, nested address, get, update 200, delete 204, then 404', async () => {
  const { call, url } = await openSubject({ clock: () => Date.UTC(2026, 2, 2, 9, 14, 7, 123) });
  const body = {
    name: 'North Mill',
    parent_location_id: LEEDS,
    primary_contact_id: OWNER_ID,
    contact_name: 'Front desk',
    email: 'desk@example.test',
    phone: '+44 1',
    address: ADDRESS,
  };
  const created = await call('POST', '/locations', body);
  const id = idOf(created.json['location']);
  expect([created.status, created.headers.get('location')]).toEqual([201, `${url}/api/v2/locations/${id}`]);
  const stamps = { created_at: '2026-03-02T09:14:07Z', updated_at: '2026-03-02T09:14:07Z' };
  expect(created.json).toEqual({ location: { ...body, id, workspace_id: 1, ...stamps } });
  expect((await call('GET', `/locations/${id}`)).json).toEqual(created.json);
  const updated = await call('PUT', `/locations/${id}`, {
    name: 'Mill',
    parent_location_id: null,
    phone: null,
    address: { city: 'York', country: '' },
  });
  expect([updated.status, updated.json['location']]).toMatchObject([
    200,
    {
      name: 'Mill',
      parent_location_id: null,
      phone: null,
      email: 'desk@example.test',
      address: { ...ADDRESS, city: 'York', country: null },
    },
  ]);
  expect((await call('PUT', `/locations/${id}`, { address: null })).json['location']).toMatchObject({
    address: NO_ADDRESS,
  });
  const removed = await call('DELETE', `/locations/${id}`);
  expect([removed.status, removed.text]).toEqual([204, '']);
  for (const method of ['DELETE', 'GET', 'PUT']) {
    expect((await call(method, `/locations/${id}`)).status).toBe(404);
  }
});

test('golden: the list of a new account', async () => {
  const { call, url } = await openSubject();
  const first = await call('GET', '/locations?per_page=2');
  const made = { created_at: '2025-01-09T10:00:00Z', updated_at: '2025-01-09T10:00:00Z' };
  const nobody = { primary_contact_id: null, contact_name: null, email: null, phone: null };
  expect(first.json).toEqual({
    locations: [
      {
        id: UK,
        name: 'UK',
        parent_location_id: null,
        ...nobody,
        address: NO_ADDRESS,
        workspace_id: 1,
        ...made,
      },
      {
        id: LEEDS,
        name: 'Leeds',
        parent_location_id: UK,
        ...nobody,
        address: NO_ADDRESS,
        workspace_id: 1,
        ...made,
      },
    ],
  });
  expect(first.headers.get('link')).toBe(`<${url}/api/v2/locations?per_page=2&page=2>; rel="next"`);
  const last = await call('GET', '/locations?per_page=2&page=2');
  expect([last.json['locations'], last.headers.get('link')]).toMatchObject([[{ name: 'Zürich' }], null]);
});

test.for<[object, string]>([
  [{}, 'name:missing_field'],
  [{ name: 'x'.repeat(256) }, 'name:invalid_value'],
  [{ name: 'A', parent_location_id: 1 }, 'parent_location_id:invalid_value'],
  [{ name: 'A', primary_contact_id: 1 }, 'primary_contact_id:invalid_value'],
  [{ name: 'A', address: 'Mill Lane' }, 'address:datatype_mismatch'],
  [{ name: 'A', address: { street: 'x' } }, 'address.street:invalid_field'],
  [{ name: 'A', address: { city: 5 } }, 'address.city:datatype_mismatch'],
  [{ name: 'A', address: { city: 'x'.repeat(256) } }, 'address.city:invalid_value'],
  [{ name: 'A', city: 'Leeds' }, 'city:invalid_field'],
  [{ name: 'A', email: 'nobody' }, 'email:invalid_value'],
  [{ name: 'A', workspace_id: 1 }, 'workspace_id:readonly_field'],
])('create %j: %s', async ([body, code]) => {
  const { call } = await openSubject();
  const reply = await call('POST', '/locations', body);
  expect([reply.status, codesOf(reply)]).toEqual([400, [code]]);
});

test.for([
  ['409-errors', 409, 'duplicate_value'],
  ['409-flat', 409, 'conflict'],
  ['400-duplicate_value', 400, 'duplicate_value'],
] as const)(
  'conflictStyle %s: a name is there once under each parent',
  async ([conflictStyle, status, code]) => {
    const subject = await openSubject({ conflictStyle });
    const { call } = subject;
    const atRoot = await location(subject, { name: 'leeds' });
    for (const reply of [
      await call('POST', '/locations', { name: 'LEEDS', parent_location_id: UK }),
      await call('PUT', `/locations/${atRoot}`, { parent_location_id: UK }),
      await call('PUT', `/locations/${atRoot}`, { name: 'uk' }),
    ]) {
      expect(reply.status).toBe(status);
      expect(reply.text).toContain(`"${code}"`);
    }
    expect(await named(subject, 'Leeds')).toEqual([atRoot, LEEDS]);
  },
);

test('uniqueLocations none: names repeat anywhere', async () => {
  const subject = await openSubject({ uniqueLocations: 'none' });
  const id = await location(subject, { name: 'Leeds', parent_location_id: UK });
  expect(await named(subject, 'Leeds')).toEqual([id, LEEDS]);
});

test('the tree stays a tree', async () => {
  const subject = await openSubject();
  const { call } = subject;
  const mill = await location(subject, { name: 'Mill', parent_location_id: LEEDS });
  for (const parent of [UK, LEEDS, mill]) {
    expect(codesOf(await call('PUT', `/locations/${UK}`, { parent_location_id: parent }))).toEqual([
      'parent_location_id:invalid_value',
    ]);
  }
  expect((await call('PUT', `/locations/${mill}`, { parent_location_id: UK })).status).toBe(200);
});

test('a rename shows in people; a removal takes it from people and makes roots of those below', async () => {
  const subject = await openSubject();
  const { call, requester, agent } = subject;
  const id = await requester({ location_id: LEEDS });
  const agentId = await agent({ location_id: LEEDS });
  const mill = await location(subject, { name: 'Mill', parent_location_id: LEEDS });
  await call('PUT', `/locations/${LEEDS}`, { name: 'Leeds (new)' });
  expect((await call('GET', `/requesters/${id}`)).json['requester']).toMatchObject({
    location_id: LEEDS,
    location_name: 'Leeds (new)',
  });
  await call('DELETE', `/locations/${LEEDS}`);
  const gone = { location_id: null, location_name: null };
  expect((await call('GET', `/requesters/${id}`)).json['requester']).toMatchObject(gone);
  expect((await call('GET', `/agents/${agentId}`)).json['agent']).toMatchObject(gone);
  expect((await call('GET', `/locations/${mill}`)).json['location']?.['parent_location_id']).toBeNull();
});

test('envelopeQuirk plural: one location under the key of the list', async () => {
  const { call } = await openSubject({ envelopeQuirk: 'plural' });
  const created = await call('POST', '/locations', { name: 'Oslo' });
  const id = idOf(created.json['locations']);
  expect(created.json).not.toHaveProperty('location');
  expect(idOf((await call('GET', `/locations/${id}`)).json['locations'])).toBe(id);
  expect(idOf((await call('PUT', `/locations/${id}`, {})).json['locations'])).toBe(id);
});

test('query: late by the lag of the index, by name only', async () => {
  const subject = await openSubject({ indexLagMs: 5000, clock: () => 0 });
  const id = await location(subject, { name: 'Oslo' });
  expect(await named(subject, 'oslo')).toEqual([]);
  subject.sim.advance(5000);
  expect(await named(subject, 'oslo')).toEqual([id]);
  const reply = await subject.call('GET', '/locations?query=%22city%3A%27Leeds%27%22');
  expect(codesOf(reply)).toEqual(['city:invalid_value']);
});

test('a contact who is forgotten is not named any more', async () => {
  const subject = await openSubject();
  const contact = await subject.requester();
  const id = await location(subject, { name: 'Oslo', primary_contact_id: contact });
  await subject.call('DELETE', `/requesters/${contact}/forget`);
  const shown = (await subject.call('GET', `/locations/${id}`)).json['location'];
  expect(shown?.['primary_contact_id']).toBeNull();
});

test('permissions, and counts of their own', async () => {
  const { call, control, sim } = await openSubject();
  await control('POST', '/keys', { key: 'reader', permissions: ['locations.view'] });
  const authorization = `Basic ${Buffer.from('reader:X').toString('base64')}`;
  expect((await call('GET', `/locations/${UK}`, undefined, { authorization })).status).toBe(200);
  expect((await call('POST', '/locations', { name: 'A' }, { authorization })).status).toBe(403);
  expect((await call('POST', '/locations', { name: 'A' })).status).toBe(201);
  expect(sim.stats()).toMatchObject({
    locations: 4,
    byRoute: { 'locations.create': { calls: 2, changes: 1 }, 'locations.get': { calls: 1 } },
  });
});
