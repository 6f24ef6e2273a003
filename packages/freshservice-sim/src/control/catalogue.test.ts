import { expect, test } from 'vitest';
import { codesOf, idOf, openSubject } from '../test-support.ts';

test('an administrator adds, renames and removes departments, also a second of the same name', async () => {
  const { call, control, requester, sim } = await openSubject();
  const made = await control('POST', '/departments', { name: 'Finance', domains: ['example.test'] });
  const id = idOf(made.json);
  expect(sim.stats()).toMatchObject({
    departments: 4,
    duplicates: [{ by: 'department_name', value: 'finance' }],
  });
  const person = await requester({ department_ids: [id] });
  const renamed = await control('PUT', `/departments/${id}`, { name: 'Treasury' });
  expect(renamed.json).toMatchObject({ id, name: 'Treasury', domains: ['example.test'] });
  const shown = async (): Promise<unknown> => (await call('GET', `/requesters/${person}`)).json['requester'];
  expect(await shown()).toMatchObject({ department_names: ['Treasury'] });
  expect((await control('DELETE', `/departments/${id}`)).json).toEqual({ removed: id });
  expect(await shown()).toMatchObject({ department_ids: [], department_names: null });
  expect(sim.stats().duplicates).toEqual([]);
  expect((await control('GET', '/departments')).json).toHaveLength(3);
});

test('an administrator adds, moves and removes locations', async () => {
  const { control, sim } = await openSubject();
  const id = idOf(
    (await control('POST', '/locations', { name: 'Mill', parent_location_id: 21_000_090_210 })).json,
  );
  const moved = await control('PUT', `/locations/${id}`, { parent_location_id: null });
  expect(moved.json).toMatchObject({ id, name: 'Mill', parent_location_id: null });
  expect((await control('GET', '/locations')).json).toHaveLength(4);
  await control('DELETE', `/locations/${id}`);
  expect(sim.stats().locations).toBe(3);
});

test('a field that is renamed takes the values along; one that is removed takes them away', async () => {
  const { call, control, requester } = await openSubject();
  const id = await requester({ custom_fields: { cost_centre: 'CC-1', contractor: true } });
  const valuesNow = async (): Promise<unknown> =>
    (await call('GET', `/requesters/${id}`)).json['requester']?.['custom_fields'];
  await control('PUT', '/fields/21000000401', { name: 'cost_center', label: 'Cost center' });
  expect(await valuesNow()).toEqual({ cost_center: 'CC-1', contractor: true });
  const old = await call('PUT', `/requesters/${id}`, { custom_fields: { cost_centre: 'CC-2' } });
  expect(codesOf(old)).toEqual(['custom_fields.cost_centre:invalid_field']);
  await control('DELETE', '/fields/21000000402');
  expect(await valuesNow()).toEqual({ cost_center: 'CC-1' });
  expect((await control('GET', '/fields')).json).toMatchObject([{ name: 'cost_center' }]);
});

test('choices of a dropdown change; people keep what they have', async () => {
  const { call, control, requester } = await openSubject();
  const field = await control('POST', '/fields', {
    name: 'shift',
    type: 'custom_dropdown',
    choices: ['Day'],
  });
  expect(field.json).toMatchObject({ name: 'shift', label: 'shift', required_for_agents: false });
  const id = await requester({ custom_fields: { shift: 'Day' } });
  await control('PUT', `/fields/${idOf(field.json)}`, { choices: ['Late'] });
  const reply = await call('PUT', `/requesters/${id}`, { custom_fields: { shift: 'Day' } });
  expect(codesOf(reply)).toEqual(['custom_fields.shift:invalid_value']);
  expect((await call('GET', `/requesters/${id}`)).json['requester']?.['custom_fields']).toEqual({
    shift: 'Day',
  });
});

test.for<[string, string, object]>([
  ['POST', '/departments', {}],
  ['POST', '/departments', { name: '' }],
  ['POST', '/departments', { name: 'A', colour: 'red' }],
  ['POST', '/locations', { parent_location_id: 1 }],
  ['POST', '/locations', { name: 'A', address: { street: 'x' } }],
  ['POST', '/fields', { label: 'x' }],
  ['POST', '/fields', { name: 'Cost Centre' }],
  ['POST', '/fields', { name: 'cost_centre' }],
  ['POST', '/fields', { name: 'shift', type: 'custom_colour' }],
  ['POST', '/fields', { name: 'shift', type: 'custom_dropdown' }],
  ['POST', '/fields', { name: 'shift', type: 'custom_text', choices: ['Day'] }],
  ['PUT', '/fields/21000000401', { name: 'contractor' }],
  ['PUT', '/fields/21000000401', { type: 'custom_number' }],
  ['PUT', '/fields/21000000401', { choices: ['Day'] }],
])('%s %s %j is refused with 400', async ([method, path, body]) => {
  const { control } = await openSubject();
  const reply = await control(method, path, body);
  expect([reply.status, typeof reply.json['error']]).toEqual([400, 'string']);
});

test.for(['departments', 'locations', 'fields'])('%s: an unknown id is 404', async (table) => {
  const { control } = await openSubject();
  expect((await control('PUT', `/${table}/1`, {})).status).toBe(404);
  expect((await control('DELETE', `/${table}/1`)).status).toBe(404);
});

test('state and stats tell all of it; a reset brings back what a new account has', async () => {
  const { control, sim } = await openSubject();
  await control('POST', '/departments', { name: 'Nursing' });
  await control('DELETE', '/locations/21000090200');
  await control('DELETE', '/fields/21000000401');
  expect((await control('GET', '/state')).json).toMatchObject({
    departments: [{ name: 'Finance' }, {}, {}, { id: 21_000_117_804, name: 'Nursing', head_user_id: null }],
    locations: [{ name: 'Leeds', parent_location_id: null, address: { city: null } }, { name: 'Zürich' }],
    fields: [{ name: 'contractor', type: 'custom_checkbox', choices: [] }],
  });
  expect((await control('GET', '/stats')).json).toMatchObject({ departments: 4, locations: 2, fields: 1 });
  await control('POST', '/reset');
  expect(sim.stats()).toMatchObject({ departments: 3, locations: 3, fields: 2 });
});

test('who is forgotten is nobody’s manager any more', async () => {
  const { call, control, requester } = await openSubject();
  const manager = await requester();
  const id = await requester({ reporting_manager_id: manager });
  await control('DELETE', `/users/${manager}`);
  expect((await call('GET', `/requesters/${id}`)).json['requester']?.['reporting_manager_id']).toBeNull();
});
