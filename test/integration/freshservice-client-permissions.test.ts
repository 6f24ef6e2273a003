import { checkPermissions } from '@fresh-scim/freshservice';
import { describe, expect, it } from 'vitest';
import { connect, JSON_TYPE, never, type Reply, reset, startServer } from './freshservice-client-support.ts';

/** What a person is told who connects an account: which check failed, why, and what to do. */

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (res) =>
    res.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));

const GOOD: Readonly<Record<string, Reply>> = {
  '/api/v2/agents/me': answer(200, { agent: { id: 7 } }, { 'x-ratelimit-total': '400' }),
  '/api/v2/requesters?page=1&per_page=1': answer(200, { requesters: [] }, { 'x-ratelimit-total': '120' }),
  '/api/v2/agents?page=1&per_page=1': answer(200, { agents: [] }, { 'x-ratelimit-total': '120' }),
  '/api/v2/requesters?include_agents=true&page=1&per_page=1': answer(200, { requesters: [] }),
  '/api/v2/roles': answer(200, { roles: [] }, { 'x-ratelimit-total': '400' }),
};
const denied = answer(403, { code: 'access_denied', message: 'You are not authorized.' });

async function report(routes: Readonly<Record<string, Reply>>, deadlineMs = 5000) {
  const server = await startServer(answer(404, {}));
  server.reply = (_nth, req) => routes[req.url ?? ''] ?? answer(404, {});
  return await checkPermissions(connect(server.baseUrl, { deadlineMs }));
}

describe('a key that may see everything', () => {
  it('passes every check and shows the plan', async () => {
    const { checks, totals } = await report(GOOD);
    expect(checks).toEqual([
      { check: 'API key', ok: true },
      { check: 'view requesters', ok: true },
      { check: 'view agents', ok: true },
      { check: 'view agents among requesters', ok: true },
      { check: 'view roles', ok: true },
    ]);
    expect(totals).toEqual({ overall: 400, list: 120 });
  });
});

describe('a permission that is missing', () => {
  it.each([
    ['/api/v2/requesters?page=1&per_page=1', 'view requesters', 'to view requesters'],
    ['/api/v2/agents?page=1&per_page=1', 'view agents', 'to manage agents'],
    [
      '/api/v2/requesters?include_agents=true&page=1&per_page=1',
      'view agents among requesters',
      'to manage agents',
    ],
    ['/api/v2/roles', 'view roles', 'to view roles'],
  ])('is named: %s', async (route, check, permission) => {
    const { checks } = await report({ ...GOOD, [route]: denied });
    const failed = checks.filter(({ ok }) => !ok);
    expect(failed.map((entry) => entry.check)).toEqual([check]);
    expect(failed[0]?.problem).toContain(permission);
    expect(failed[0]?.fix).toContain('Admin > Roles');
    expect(checks).toHaveLength(5);
  });

  it('is told apart from a feature that the plan lacks', async () => {
    const { checks } = await report({ ...GOOD, '/api/v2/roles': answer(403, { code: 'require_feature' }) });
    expect(checks.at(-1)?.problem).toContain('plan');
  });
});

describe('a key check that fails ends the matter', () => {
  it.each<[string, Reply, string]>([
    ['a wrong key', answer(401, { code: 'invalid_credentials' }), 'does not accept this API key'],
    ['a wrong key, answered 403', answer(403, {}), 'does not accept this API key'],
    ['a suspended account', answer(403, { code: 'account_suspended' }), 'suspended'],
    ['an agent without the API', denied, 'not allowed to use the API'],
    ['an unknown account', answer(404, {}), 'no Freshservice account'],
    ['a used-up limit', answer(429, {}, { 'retry-after': '17' }), 'calls per minute'],
    ['an outage', answer(503, {}), 'status 503'],
    ['a sign-in page', (res) => res.writeHead(200).end('<html>'), 'not the Freshservice API'],
    ['a redirect', (res) => res.writeHead(301, { location: '/' }).end(), 'not the Freshservice API'],
    ['a question it does not know', answer(406, {}), 'refused the question'],
    ['resets', reset, 'cannot be reached'],
  ])('%s', async (_name, reply, words) => {
    const { checks } = await report({ ...GOOD, '/api/v2/agents/me': reply });
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({ check: 'API key', ok: false });
    expect(checks[0]?.problem).toContain(words);
    expect(checks[0]?.fix).not.toBe('');
  });

  it('says when to try again', async () => {
    const used = answer(429, {}, { 'retry-after': '17' });
    const { checks } = await report({ '/api/v2/agents/me': used });
    expect(checks[0]?.fix).toContain('17 seconds');
  });

  it('a host that is silent', async () => {
    const { checks } = await report({ '/api/v2/agents/me': never }, 200);
    expect(checks[0]?.problem).toContain('in time');
  });

  it('a host that does not exist', async () => {
    const { checks } = await checkPermissions(connect('https://nobody.invalid'));
    expect(checks[0]?.problem).toMatch(/no host of this name|cannot be looked up/);
  });

  it('a machine where nobody listens', async () => {
    const server = await startServer(never);
    await server.stop();
    const { checks } = await checkPermissions(connect(server.baseUrl));
    expect(checks[0]?.problem).toContain('cannot be reached (ECONNREFUSED)');
  });
});
