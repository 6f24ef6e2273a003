import { expect, test } from 'vitest';
import { API_KEY, basic, idOf, openSubject, OWNER_ID } from '../test-support.ts';

test('config: read, changed in part, all or nothing', async () => {
  const { control } = await openSubject({ plan: 'pro' });
  expect((await control('GET', '/config')).json).toMatchObject({
    plan: 'pro',
    windowMs: 60_000,
    fault: 'none',
  });
  const changed = await control('PUT', '/config', { conflictStyle: '409-flat' });
  expect(changed.json).toMatchObject({ plan: 'pro', conflictStyle: '409-flat' });
  const refused = await control('PUT', '/config', { windowMs: 500, conflictStyle: 'never' });
  expect([refused.status, refused.text]).toMatchObject([400, expect.stringContaining('conflictStyle')]);
  expect((await control('PUT', '/config', { noSuchKnob: 1 })).status).toBe(400);
  expect((await control('PUT', '/config', '{')).status).toBe(400);
  expect((await control('GET', '/config')).json).toMatchObject({
    windowMs: 60_000,
    conflictStyle: '409-flat',
  });
});

test('the control plane needs no key and costs nothing', async () => {
  const { call, control } = await openSubject({ plan: 'pro', maintenanceSeconds: 0 });
  for (let index = 0; index < 5; index += 1) await control('GET', '/state');
  expect((await call('GET', '/agents/me')).headers.get('x-ratelimit-remaining')).toBe('399');
});

test('samples: the odd people that every client should meet', async () => {
  const { control } = await openSubject({ samples: true });
  const { users } = JSON.parse((await control('GET', '/state')).text) as { users: object[] };
  expect(users).toHaveLength(5);
  expect(users).toContainEqual(expect.objectContaining({ id: OWNER_ID, is_agent: true }));
  expect(users).toContainEqual(expect.objectContaining({ is_agent: false, active: false }));
  expect(users).toContainEqual(expect.objectContaining({ is_agent: true, active: false }));
  expect(users).toContainEqual(
    expect.objectContaining({ secondary_emails: ['second.address@sample.example.test'] }),
  );
  expect(users).toContainEqual(
    expect.objectContaining({ primary_email: null, work_phone_number: '+44 20 7946 0000' }),
  );
});

test('seed: the same seed gives the same people, searchable at once', async () => {
  const people = async (): Promise<unknown> => {
    const { control, sim } = await openSubject({ indexLagMs: 60_000 });
    const { json } = await control('POST', '/seed', { count: 30, seed: 9 });
    expect(json).toMatchObject({ firstId: OWNER_ID + 1, lastId: OWNER_ID + 30 });
    expect([...sim.state.searchable()]).toHaveLength(31);
    return sim.state.users.all('requesters').map((user) => [user.id, user.first_name, user.primary_email]);
  };
  expect(await people()).toEqual(await people());
});

test('reset: people, log, counters, faults, keys; and the knobs unless they are kept', async () => {
  const { call, control, requester } = await openSubject({ plan: 'pro' });
  await requester();
  await control('PUT', '/config', { putActive: 'ignore' });
  await control('POST', '/faults', { kind: '500' });
  await control('POST', '/keys', { key: 'other', permissions: [] });
  expect((await control('POST', '/reset', { keepConfig: true })).json).toMatchObject({ putActive: 'ignore' });
  expect((await control('GET', '/stats')).json).toMatchObject({
    calls: 0,
    windows: {},
    people: { requesters: 0, agents: 1 },
    faults: { armed: [], random: null },
  });
  expect((await call('GET', '/agents/me', undefined, { authorization: basic('other') })).status).toBe(401);
  expect((await control('POST', '/reset')).json).toMatchObject({ putActive: 'reject400' });
});

test('an administrator changes people without limits and without the rules of the API', async () => {
  const { call, control, requester } = await openSubject();
  const id = await requester();
  const agent = await control('PUT', `/users/${id}`, { is_agent: true });
  expect(agent.json).toMatchObject({ id, is_agent: true, occasional: true, workspace_ids: [2] });
  expect((await call('GET', `/agents/${id}`)).status).toBe(200);
  await control('PUT', `/users/${id}`, { is_agent: false, active: false, primary_email: 'New@example.test' });
  expect((await call('GET', `/requesters/${id}`)).json['requester']).toMatchObject({
    active: false,
    primary_email: 'new@example.test',
  });
  expect((await control('GET', `/users/${id}`)).json).toMatchObject({ id, active: false });
  expect((await control('PUT', `/users/${id}`, { nick: 'x' })).status).toBe(400);
  await control('DELETE', `/users/${id}`);
  expect((await control('GET', `/users/${id}`)).status).toBe(404);
  const made = await control('POST', '/users', { first_name: 'By hand', primary_email: 'hand@example.test' });
  expect((await call('GET', `/requesters/${idOf(made.json)}`)).status).toBe(200);
});

test('the log is a ring with a cursor that says when it has dropped something', async () => {
  const { call, control } = await openSubject({ logMax: 3 });
  for (let index = 0; index < 5; index += 1) await call('GET', '/agents/me');
  const all = await control('GET', '/log');
  expect(all.json).toMatchObject({ next: 5, dropped: true, entries: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] });
  expect((await control('GET', '/log?since=4')).json).toMatchObject({
    dropped: false,
    entries: [{ seq: 5 }],
  });
  expect((await control('GET', '/log?since=5')).json).toMatchObject({ next: 5, entries: [] });
  expect((await control('GET', '/log?since=2&limit=1')).json).toMatchObject({ next: 3 });
  expect((await control('GET', '/log?since=x')).status).toBe(400);
});

test('stats: calls by route and status, people who are there twice', async () => {
  const { call, control, requester } = await openSubject();
  await requester({ external_id: 'same' });
  await requester({ external_id: 'same' });
  await call('GET', '/requesters/1');
  const { json } = await control('GET', '/stats');
  expect(json).toMatchObject({
    calls: 3,
    refused: 0,
    byRoute: {
      'requesters.create': { calls: 2, changes: 2, statuses: { 201: 2 } },
      'requesters.get': { calls: 1, statuses: { 404: 1 } },
    },
    duplicates: [{ by: 'external_id', value: 'same', ids: [OWNER_ID + 1, OWNER_ID + 2] }],
  });
});

test('faults are armed, listed and disarmed; the clock goes forward', async () => {
  const { control, sim } = await openSubject({ clock: () => 1000 });
  expect((await control('POST', '/faults', { kind: '503', nth: 3 })).json).toMatchObject({
    armed: [{ kind: '503', nth: 3, seen: 0, fired: 0 }],
  });
  await control('POST', '/faults', { random: { seed: 1, rate: 0.5, kinds: ['500'] } });
  expect((await control('GET', '/faults')).json).toMatchObject({ random: { rate: 0.5, fired: 0 } });
  expect((await control('POST', '/faults', { kind: 'x' })).status).toBe(400);
  expect((await control('DELETE', '/faults')).json).toEqual({ armed: [], random: null });
  expect((await control('POST', '/clock', { advanceMs: 500 })).json).toEqual({ now: 1500 });
  expect(sim.config.plan).toBe('addon2');
});

test('a key may belong to another agent', async () => {
  const { call, control, agent } = await openSubject();
  const agentId = await agent();
  await control('POST', '/keys', { key: 'theirs', permissions: ['agents.manage'], agentId });
  const me = await call('GET', '/agents/me', undefined, { authorization: basic('theirs') });
  expect(me.json['agent']).toMatchObject({ id: agentId });
  expect((await call('GET', '/agents/me', undefined, { authorization: basic(API_KEY) })).status).toBe(200);
});
