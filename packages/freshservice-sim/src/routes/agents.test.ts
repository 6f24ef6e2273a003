import { expect, test } from 'vitest';
import { codesOf, openSubject, OWNER_ID, SD_AGENT } from '../test-support.ts';

const ROLES = [{ role_id: SD_AGENT, assignment_scope: 'entire_helpdesk' }];

test('me is the agent who owns the key', async () => {
  const { call } = await openSubject({ domain: 'acme.example.test' });
  const { json } = await call('GET', '/agents/me');
  expect(json['agent']).toMatchObject({ id: OWNER_ID, email: 'owner@acme.example.test', active: true });
});

test('create: the whole record', async () => {
  const { call, url } = await openSubject({ clock: () => Date.UTC(2026, 2, 2, 9, 20) });
  const body = { first_name: 'Jonas', last_name: 'Brandt', email: 'Jonas@example.test', occasional: true };
  const reply = await call('POST', '/agents', { ...body, roles: ROLES, workspace_ids: [2] });
  expect(reply.status).toBe(201);
  const id = Number(reply.json['agent']?.['id']);
  expect(reply.headers.get('location')).toBe(`${url}/api/v2/agents/${id}`);
  expect(reply.json['agent']).toEqual({
    id,
    first_name: 'Jonas',
    last_name: 'Brandt',
    email: 'jonas@example.test',
    occasional: true,
    active: true,
    job_title: null,
    work_phone_number: null,
    mobile_phone_number: null,
    department_ids: [],
    department_names: null,
    can_see_all_tickets_from_associated_departments: false,
    can_see_all_changes_from_associated_departments: false,
    reporting_manager_id: null,
    address: null,
    time_zone: 'London',
    time_format: '12h',
    language: 'en',
    location_id: null,
    location_name: null,
    background_information: null,
    scoreboard_level_id: 1,
    scoreboard_points: null,
    member_of: [],
    observer_of: [],
    member_of_pending_approval: [],
    observer_of_pending_approval: [],
    roles: [{ role_id: SD_AGENT, assignment_scope: 'entire_helpdesk', groups: [], workspace_id: null }],
    signature: null,
    custom_fields: {},
    vip_user: false,
    external_id: null,
    has_logged_in: false,
    last_login_at: null,
    last_active_at: null,
    auto_assign_tickets: true,
    auto_assign_status_changed_at: null,
    api_key_enabled: false,
    license_type: null,
    workspace_ids: [2],
    workspace_info: [{ workspace_id: 2, points: null, scoreboard_level_id: 1 }],
    created_at: '2026-03-02T09:20:00Z',
    updated_at: '2026-03-02T09:20:00Z',
  });
});

test('create without roles or e-mail: missing_field', async () => {
  const { call } = await openSubject();
  const reply = await call('POST', '/agents', { first_name: 'A', roles: [] });
  expect(codesOf(reply)).toEqual(['email:missing_field', 'roles:missing_field']);
  expect(codesOf(await call('POST', '/agents', { first_name: 'A', email: 'a@b.test' }))).toEqual([
    'roles:missing_field',
  ]);
});

test('attributes of the past and of requesters are unknown', async () => {
  const { call } = await openSubject();
  const body = {
    first_name: 'A',
    email: 'a@b.test',
    roles: ROLES,
    group_ids: [],
    role_ids: [],
    primary_email: 'a@b.test',
  };
  expect(codesOf(await call('POST', '/agents', body))).toEqual([
    'group_ids:invalid_field',
    'role_ids:invalid_field',
    'primary_email:invalid_field',
  ]);
  const id = OWNER_ID;
  expect(codesOf(await call('PUT', `/agents/${id}`, { workspace_info: [] }))).toEqual([
    'workspace_info:readonly_field',
  ]);
});

test.for<[unknown, string]>([
  [[{ role_id: 1, assignment_scope: 'entire_helpdesk' }], 'invalid_value'],
  [[{ role_id: SD_AGENT, assignment_scope: 'everything' }], 'invalid_value'],
  [[{ role_id: SD_AGENT, assignment_scope: 'entire_helpdesk', groups: [5] }], 'invalid_value'],
  [['SD Agent'], 'datatype_mismatch'],
  [null, 'missing_field'],
])('roles = %j: %s', async ([roles, code]) => {
  const { call, agent } = await openSubject();
  expect(codesOf(await call('PUT', `/agents/${await agent()}`, { roles }))).toEqual([`roles:${code}`]);
});

test('update is partial and replaces roles; workspaces and levels are checked', async () => {
  const { call, agent } = await openSubject();
  const id = await agent({ workspace_ids: [2] });
  const reply = await call('PUT', `/agents/${id}`, {
    roles: [{ role_id: 21_000_120_405, assignment_scope: 'assigned_items' }],
    scoreboard_level_id: 3,
    last_name: 'New',
  });
  expect(reply.json['agent']).toMatchObject({
    first_name: 'Jonas',
    last_name: 'New',
    roles: [{ role_id: 21_000_120_405, assignment_scope: 'assigned_items', groups: [], workspace_id: null }],
    workspace_info: [{ workspace_id: 2, scoreboard_level_id: 3 }],
  });
  expect(codesOf(await call('PUT', `/agents/${id}`, { workspace_ids: [3], scoreboard_level_id: 7 }))).toEqual(
    ['scoreboard_level_id:invalid_value', 'workspace_ids:invalid_value'],
  );
});

test('an agent shares the addresses of everybody', async () => {
  const { call, requester, agent } = await openSubject();
  await requester({ primary_email: 'taken@example.test' });
  const body = { first_name: 'A', email: 'taken@example.test', roles: ROLES };
  const reply = await call('POST', '/agents', body);
  expect([reply.status, codesOf(reply)]).toEqual([409, ['email:duplicate_value']]);
  expect((await call('PUT', `/agents/${await agent()}`, { email: 'taken@example.test' })).status).toBe(409);
});

test('DELETE answers 200 with the inactive agent; again 404; reactivated as occasional', async () => {
  const { call, agent } = await openSubject();
  const id = await agent({ occasional: false });
  const gone = await call('DELETE', `/agents/${id}`);
  expect([gone.status, gone.json['agent']?.['active']]).toEqual([200, false]);
  expect((await call('DELETE', `/agents/${id}`)).status).toBe(404);
  expect((await call('GET', `/agents/${id}`)).json['agent']?.['active']).toBe(false);
  const back = await call('PUT', `/agents/${id}/reactivate`);
  expect([back.status, back.json['agent']]).toMatchObject([200, { active: true, occasional: true }]);
  expect((await call('PUT', `/agents/${id}/reactivate`)).json['code']).toBe('contact_already_active');
});

test('agentDeleteStatus 204, deleteAgain 204, reactivateAgentOccasional keep', async () => {
  const { call, agent } = await openSubject({
    agentDeleteStatus: 204,
    deleteAgain: 204,
    reactivateAgentOccasional: 'keep',
  });
  const id = await agent({ occasional: false });
  expect((await call('DELETE', `/agents/${id}`)).status).toBe(204);
  expect((await call('DELETE', `/agents/${id}`)).status).toBe(204);
  const back = await call('PUT', `/agents/${id}/reactivate`);
  expect(back.json['agent']?.['occasional']).toBe(false);
});

test('without licences nobody becomes an active agent', async () => {
  const { call, agent, sim } = await openSubject();
  const id = await agent({ occasional: true });
  await call('DELETE', `/agents/${id}`);
  sim.configure({ licences: { fullTime: 1, occasional: 0 } });
  const body = { first_name: 'A', email: 'a@b.test', roles: ROLES };
  const refused = await call('POST', '/agents', body);
  expect([refused.status, refused.json['code']]).toEqual([403, 'access_denied']);
  expect((await call('POST', '/agents', { ...body, occasional: true })).status).toBe(403);
  expect((await call('PUT', `/agents/${id}/reactivate`)).status).toBe(403);
  expect((await call('PUT', `/agents/${OWNER_ID}`, { occasional: true })).status).toBe(403);
  expect((await call('PUT', `/agents/${OWNER_ID}`, { job_title: 'x' })).status).toBe(200);
  sim.configure({ licenceError: 'require_feature400' });
  const other = await call('POST', '/agents', body);
  expect([other.status, other.json['code']]).toEqual([400, 'require_feature']);
});

test('convert_to_requester keeps the id and sees all tickets; secondaryEmailsQuirk emptyString', async () => {
  const { call, agent, sim } = await openSubject();
  const id = await agent({ email: 'was.agent@example.test' });
  const reply = await call('PUT', `/agents/${id}/convert_to_requester`);
  expect([reply.status, reply.json['requester']]).toMatchObject([
    200,
    {
      id,
      is_agent: false,
      primary_email: 'was.agent@example.test',
      can_see_all_tickets_from_associated_departments: true,
      secondary_emails: [],
    },
  ]);
  expect((await call('GET', `/agents/${id}`)).status).toBe(404);
  sim.configure({ secondaryEmailsQuirk: 'emptyString' });
  const second = await call('PUT', `/agents/${await agent()}/convert_to_requester`);
  expect(second.json['requester']?.['secondary_emails']).toBe('');
});

test('forget', async () => {
  const { call, agent } = await openSubject();
  const id = await agent();
  expect((await call('DELETE', `/agents/${id}/forget`)).status).toBe(204);
  expect((await call('GET', `/agents/${id}`)).status).toBe(404);
});

test('the routes of agents do not know requesters', async () => {
  const { call, requester } = await openSubject();
  const id = await requester();
  expect((await call('GET', `/agents/${id}`)).status).toBe(404);
  expect((await call('PUT', `/agents/${id}`, { job_title: 'x' })).status).toBe(404);
  expect((await call('DELETE', `/agents/${id}`)).status).toBe(404);
});

test('agents filter by address, activity and state, combined', async () => {
  const { call, agent } = await openSubject();
  const occasional = await agent({ occasional: true, email: 'a.one@example.test' });
  const inactive = await agent({ occasional: true, email: 'a.two@example.test' });
  await call('DELETE', `/agents/${inactive}`);
  const ids = async (query: string): Promise<unknown> => {
    const agents = JSON.parse((await call('GET', `/agents${query}`)).text) as { agents: { id: number }[] };
    return agents.agents.map(({ id }) => id).toSorted((a, b) => a - b);
  };
  expect(await ids('')).toEqual([OWNER_ID, occasional, inactive]);
  expect(await ids('?email=A.one@example.test')).toEqual([occasional]);
  expect(await ids('?active=true')).toEqual([OWNER_ID, occasional]);
  expect(await ids('?state=fulltime')).toEqual([OWNER_ID]);
  expect(await ids('?state=occasional&active=false')).toEqual([inactive]);
  expect(codesOf(await call('GET', '/agents?active=maybe&state=x'))).toEqual(['active:invalid_value']);
  expect(await ids(`?query=${encodeURIComponent(`"email:'a.two@example.test'"`)}`)).toEqual([inactive]);
});

test('roles, agent fields', async () => {
  const { call } = await openSubject();
  const { json } = await call('GET', '/roles');
  expect(json['roles']).toContainEqual(
    expect.objectContaining({ id: SD_AGENT, name: 'SD Agent', role_type: 2 }),
  );
  expect((await call('GET', `/roles/${SD_AGENT}`)).json['role']?.['name']).toBe('SD Agent');
  expect((await call('GET', '/roles/1')).status).toBe(404);
  const fields = (await call('GET', '/agent_fields')).json['agent_fields'];
  expect(fields).toContainEqual(expect.objectContaining({ name: 'work_phone', default_field: true }));
});
