// The order of checks, the shapes of errors, and the headers that every answer has.
import { expect, test } from 'vitest';
import { API_KEY, basic, codesOf, openSubject, OWNER_ID } from '../test-support.ts';

test('the recorded headers', async () => {
  const { call } = await openSubject();
  const { headers } = await call('GET', '/agents/me');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-cache, no-store, max-age=0, must-revalidate');
  expect(headers.get('x-freshservice-api-version')).toBe('latest=v2; requested=v2');
  expect(headers.get('x-fw-ratelimiting-managed')).toBe('true');
  expect(headers.get('server')).toBe('fwe');
  expect(headers.get('status')).toBe('200 OK');
  const again = await call('GET', '/agents/me');
  expect(again.headers.get('x-request-id')).not.toBe(headers.get('x-request-id'));
});

test('connectionClose ends the connection after each answer', async () => {
  const { call } = await openSubject({ connectionClose: true });
  expect((await call('GET', '/agents/me')).headers.get('connection')).toBe('close');
});

test.for([
  ['no header', ''],
  ['a wrong key', basic('nobody')],
  ['a key that is not encoded', `Basic ${API_KEY}:X`],
  ['another scheme', `Bearer ${API_KEY}`],
])('401 flat for %s', async ([, authorization = '']) => {
  const { call } = await openSubject();
  const reply = await call('GET', '/requesters/1', undefined, { authorization });
  expect(reply.status).toBe(401);
  expect(reply.json).toEqual({
    code: 'invalid_credentials',
    message: 'You have to be logged in to perform this action.',
  });
});

test('the password part of the key is a dummy, and may be empty', async () => {
  const { call } = await openSubject();
  const authorization = `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}`;
  expect((await call('GET', '/agents/me', undefined, { authorization })).status).toBe(200);
});

test('a user name with a password is refused as such', async () => {
  const { call } = await openSubject();
  const authorization = basic('admin@example.test');
  const reply = await call('GET', '/agents/me', undefined, { authorization });
  expect(reply.status).toBe(401);
  expect(reply.json['code']).toBe('unsupported_authentication_type');
});

test('unauthorizedStatus 403, keyRevoked', async () => {
  const { call, sim } = await openSubject({ keyRevoked: true });
  expect((await call('GET', '/agents/me')).status).toBe(401);
  sim.configure({ unauthorizedStatus: 403 });
  expect((await call('GET', '/agents/me')).status).toBe(403);
  sim.configure({ keyRevoked: false });
  expect((await call('GET', '/agents/me')).status).toBe(200);
});

test.for(['account_suspended', 'password_lockout', 'password_expired'] as const)(
  'revokedCode %s is a 403 of its own, for a key that was valid before',
  async (revokedCode) => {
    const { call, sim } = await openSubject({ revokedCode });
    expect((await call('GET', '/agents/me')).status).toBe(200);
    sim.configure({ keyRevoked: true });
    const { status, json } = await call('GET', '/agents/me');
    expect({ status, code: json['code'] }).toEqual({ status: 403, code: revokedCode });
  },
);

test('the key dies with its agent', async () => {
  const { call, control } = await openSubject();
  await control('PUT', `/users/${OWNER_ID}`, { active: false });
  expect((await call('GET', '/agents/me')).status).toBe(401);
});

test('credentials come before routes, routes before Accept, Accept before permission, permission before the body', async () => {
  const { call, control } = await openSubject();
  await control('POST', '/keys', { key: 'weak', permissions: ['requesters.view'] });
  const weak = { authorization: basic('weak') };
  expect((await call('GET', '/nothing', undefined, { authorization: '' })).status).toBe(401);
  expect((await call('GET', '/nothing', undefined, { accept: 'text/html' })).status).toBe(404);
  expect((await call('POST', '/requesters', '{', { ...weak, accept: 'text/html' })).status).toBe(406);
  expect((await call('POST', '/requesters', '{', { ...weak, 'content-type': 'text/plain' })).status).toBe(
    415,
  );
  const refused = await call('POST', '/requesters', '{', weak);
  expect(refused.status).toBe(403);
  expect(refused.json).toEqual({
    code: 'access_denied',
    message: 'You are not authorized to perform this action.',
  });
  const broken = await call('POST', '/requesters', '{');
  expect(broken.status).toBe(400);
  expect(broken.json['code']).toBe('invalid_json');
  expect((await call('POST', '/requesters', '[]')).json['code']).toBe('invalid_json');
});

test('permissions are per key', async () => {
  const { call, control, requester } = await openSubject();
  const id = await requester();
  await control('POST', '/keys', { key: 'reader', permissions: ['requesters.view'] });
  const headers = { authorization: basic('reader') };
  expect((await call('GET', `/requesters/${id}`, undefined, headers)).status).toBe(200);
  expect((await call('GET', '/agents/me', undefined, headers)).status).toBe(200);
  expect((await call('GET', '/requesters', undefined, headers)).status).toBe(200);
  expect((await call('GET', '/requesters?include_agents=true', undefined, headers)).status).toBe(403);
  expect((await call('GET', '/agents', undefined, headers)).status).toBe(403);
  expect((await call('GET', '/roles', undefined, headers)).status).toBe(403);
  expect((await call('DELETE', `/requesters/${id}`, undefined, headers)).status).toBe(403);
});

test('405 names the verbs that the path knows', async () => {
  const { call } = await openSubject();
  const reply = await call('PATCH', '/requesters/21000000001', {});
  expect(reply.status).toBe(405);
  expect(reply.headers.get('allow')).toBe('GET, PUT, DELETE');
});

test('notFoundBody empty, html, flat', async () => {
  const { call, sim } = await openSubject();
  const unknown = '/requesters/21099999999';
  const empty = await call('GET', unknown);
  expect([empty.status, empty.text, empty.headers.get('content-type')]).toEqual([404, '', null]);
  sim.configure({ notFoundBody: 'html' });
  expect((await call('GET', unknown)).text).toMatch(/<html>/);
  sim.configure({ notFoundBody: 'flat' });
  expect((await call('GET', unknown)).json['code']).toBe('not_found');
  expect((await call('GET', '/requesters/abc')).status).toBe(404);
});

test('every unknown attribute is named before anything else is looked at', async () => {
  const { call } = await openSubject();
  const reply = await call('POST', '/requesters', { nick: 'x', requester: {}, id: 5, first_name: 7 });
  expect(reply.status).toBe(400);
  expect(reply.json['description']).toBe('Validation failed');
  expect(codesOf(reply)).toEqual(['nick:invalid_field', 'requester:invalid_field']);
});

test('then read-only attributes, then values', async () => {
  const { call, sim } = await openSubject();
  const body = { id: 5, created_at: '2026-01-01', first_name: 7 };
  expect(codesOf(await call('POST', '/requesters', body))).toEqual([
    'id:readonly_field',
    'created_at:readonly_field',
  ]);
  sim.configure({ readOnlyEcho: 'ignore' });
  expect(codesOf(await call('POST', '/requesters', body))).toEqual(['first_name:datatype_mismatch']);
});

test('a query parameter that the route does not know is refused', async () => {
  const { call } = await openSubject();
  const reply = await call('GET', '/requesters?per_pge=5');
  expect([reply.status, codesOf(reply)]).toEqual([400, ['per_pge:invalid_field']]);
});

test('actions take no content', async () => {
  const { call, requester } = await openSubject();
  const id = await requester();
  const reply = await call('PUT', `/requesters/${id}/convert_to_agent`, {});
  expect([reply.status, reply.json['code']]).toEqual([400, 'no_content_required']);
  const empty = await call('PUT', `/requesters/${id}/convert_to_agent`, '');
  expect(empty.status).toBe(200);
});

test('maintenance is answered by the edge, without rate headers, until it is over', async () => {
  let now = 1_000_000;
  const { call, control } = await openSubject({ clock: () => now });
  await control('PUT', '/config', { maintenanceSeconds: 30 });
  const down = await call('GET', '/agents/me');
  expect([down.status, down.headers.get('x-ratelimit-total')]).toEqual([503, null]);
  now += 30_000;
  expect((await call('GET', '/agents/me')).status).toBe(200);
});

test('latency and jitter delay answers', async () => {
  const { call } = await openSubject({ latencyMs: 40, jitterMs: 10 });
  const reply = await call('GET', '/agents/me');
  const took = Number(reply.headers.get('x-envoy-upstream-service-time'));
  expect(took).toBeGreaterThanOrEqual(40);
  expect(took).toBeLessThanOrEqual(50);
});
