// The console by injected requests, over a real Redis and real queues.
import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import type { Connections } from '@fresh-scim/connections';
import { buildConsole } from '@fresh-scim/console';
import type { ConsoleOptions } from '@fresh-scim/console';
import { openQueues } from '@fresh-scim/queue';
import { connectRedis, createLogger, redisOptions } from '@fresh-scim/runtime';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { until } from '../support/poll.ts';

type Console = Awaited<ReturnType<typeof buildConsole>>;

const PASSWORD = 'abcde-fghjk-mnpqr-stuvw';
const HTML = { accept: 'text/html,application/xhtml+xml' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let redis: Redis;
let keyPrefix: string;
let connections: Connections;
let app: Console;
let logged: string;
const consoles: Console[] = [];
const prefixes: string[] = [];

beforeAll(() => {
  redis = connectRedis(inject('redisUrl'), 'commands');
});

beforeEach(async () => {
  keyPrefix = `test-${randomUUID()}`;
  prefixes.push(keyPrefix);
  connections = openConnections(redis, parseSecret(randomBytes(32)), { keyPrefix, allowAnyUpstream: true });
  logged = '';
  app = await build();
});

afterEach(async () => {
  await Promise.all(consoles.splice(0).map((built) => built.close()));
});

afterAll(async () => {
  for (const prefix of prefixes) {
    const sessions = await redis.keys(`${prefix}:console-session:*`);
    await redis.del(`${prefix}:connections`, `${prefix}:tokens`, ...sessions);
  }
  redis.disconnect();
});

async function build(options: Partial<ConsoleOptions> = {}): Promise<Console> {
  const built = await buildConsole({
    connections,
    redis,
    queueRedis: redisOptions(inject('redisUrl')),
    password: PASSWORD,
    logger: createLogger({ name: 'console', destination: { write: (line) => (logged += line) } }),
    keyPrefix,
    pollMs: 20,
    ...options,
  });
  consoles.push(built);
  return built;
}

async function post(
  url: string,
  form: Record<string, string> = {},
  headers: Record<string, string> = {},
  on: Console = app,
) {
  return on.inject({
    method: 'POST',
    url,
    headers: { ...HTML, ...FORM, ...headers },
    payload: new URLSearchParams(form).toString(),
  });
}

async function get(url: string, headers: Record<string, string> = {}, on: Console = app) {
  return on.inject({ url, headers: { ...HTML, ...headers } });
}

function cookieOf(response: Awaited<ReturnType<typeof get>>): { cookie: string } {
  const [cookie] = response.cookies;
  if (cookie === undefined) throw new Error('no cookie was set');
  return { cookie: `${cookie.name}=${cookie.value}` };
}

async function signIn(on: Console = app): Promise<{ cookie: string }> {
  const response = await post('/sign-in', { password: PASSWORD }, {}, on);
  expect(response.statusCode).toBe(303);
  return cookieOf(response);
}

async function addConnection(name = 'Acme') {
  const domain = `${randomUUID()}.freshservice.com`;
  return (await connections.add({ name, domain, apiKey: 'k' })).connection;
}

describe('without a sign-in', () => {
  const closed = [
    '/',
    '/queues',
    '/queues/',
    '/queues/queue/x',
    '/queues/static/favicon.ico',
    '/nowhere',
    '/sign-in/x',
  ];

  test.each(closed)('%s leads a browser to the sign-in page', async (url) => {
    const response = await get(url);
    expect([response.statusCode, response.headers.location]).toEqual([302, '/sign-in']);
    expect(response.body).toBe('');
  });

  test.each([...closed, '/queues/api/queues', '/queues/api/redis/stats'])(
    '%s is 401 for a program',
    async (url) => {
      const response = await get(url, { accept: 'application/json' });
      expect(response.statusCode).toBe(401);
      expect(response.json()).toEqual({ error: 'sign-in required' });
    },
  );

  test.each(['PUT', 'POST', 'PATCH', 'DELETE'] as const)('%s is refused too', async (method) => {
    for (const url of ['/', '/queues/api/queues/pause', '/nowhere']) {
      const response = await app.inject({
        method,
        url,
        headers: { ...HTML, 'content-type': 'application/json' },
        payload: '{',
      });
      expect(response.statusCode).toBe(401);
    }
  });

  test('an invented, a malformed and an empty session are none', async () => {
    const { cookie } = await signIn();
    const [name] = cookie.split('=');
    for (const value of [
      randomBytes(32).toString('base64url'),
      '',
      '*',
      `${randomBytes(32).toString('base64url')}x`,
    ]) {
      expect((await get('/', { cookie: `${name}=${value}` })).statusCode).toBe(302);
    }
  });

  test('only the sign-in page and its style sheet are shown', async () => {
    const page = await get('/sign-in');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<label for="password">');
    expect(page.body).not.toContain('Queues');
    const sheet = await get('/console.css', { accept: 'text/css' });
    expect([sheet.statusCode, sheet.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
  });
});

describe('signing in', () => {
  test('gives a session in a strict cookie; Redis does not hold its id', async () => {
    const response = await post('/sign-in', { password: ` ${PASSWORD}\n` });
    expect([response.statusCode, response.headers.location]).toEqual([303, '/']);
    expect(response.cookies).toMatchObject([
      { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 43_200 },
    ]);
    expect(response.cookies[0]?.secure).toBeUndefined();
    const keys = await redis.keys(`${keyPrefix}:console-session:*`);
    expect(keys).toHaveLength(1);
    expect(keys.join()).not.toContain(response.cookies[0]?.value);
    expect((await get('/', cookieOf(response))).statusCode).toBe(200);
    expect((await get('/sign-in', cookieOf(response))).headers.location).toBe('/');
  });

  test('is Secure by https, and where the installation is reached by https', async () => {
    const isSecure = async (on: Console, headers: Record<string, string>): Promise<boolean | undefined> =>
      (await post('/sign-in', { password: PASSWORD }, headers, on)).cookies[0]?.secure;
    expect(await isSecure(app, { 'x-forwarded-proto': 'https' })).toBe(true);
    const outside = await build({ publicUrl: 'https://scim.example.com' });
    expect(await isSecure(outside, { host: 'console.example.com' })).toBe(true);
    expect(await isSecure(outside, { host: '127.0.0.1:8081' })).toBeUndefined();
  });

  test.each([{ password: 'wrong' }, { password: '' }, {}, { password: 'x'.repeat(3_000) }])(
    '%j gets no session',
    async (form) => {
      const response = await post('/sign-in', form);
      expect(response.statusCode).toBe(401);
      expect(response.cookies).toEqual([]);
      expect(response.body).toContain('role="alert"');
    },
  );

  test('a broken form and one that is too large are refused without harm', async () => {
    expect((await post('/sign-in', { password: 'x'.repeat(10_000) })).statusCode).toBe(413);
    const json = { 'content-type': 'application/json' };
    expect(
      (await app.inject({ method: 'POST', url: '/sign-in', headers: json, payload: '{' })).statusCode,
    ).toBe(400);
    expect((await get('/sign-in')).statusCode).toBe(200);
  });

  test('is held back after five wrong passwords, for that source only, and the right one does not help', async () => {
    const clock = { now: 0 };
    const throttled = await build({ now: () => clock.now });
    const tryFrom = async (source: string, password: string) =>
      post('/sign-in', { password }, { 'x-forwarded-for': source }, throttled);
    for (let tries = 0; tries < 5; tries += 1)
      expect((await tryFrom('192.0.2.1', 'wrong')).statusCode).toBe(401);
    const refused = await tryFrom('192.0.2.1', PASSWORD);
    expect([refused.statusCode, refused.headers['retry-after'], refused.cookies]).toEqual([429, '300', []]);
    expect((await tryFrom('192.0.2.2', PASSWORD)).statusCode).toBe(303);
    clock.now = 300_000;
    expect((await tryFrom('192.0.2.1', PASSWORD)).statusCode).toBe(303);
  });

  test('ends after its life, by signing out, and by a new password', async () => {
    const short = await build({ sessionLifeMs: 40 });
    const brief = await signIn(short);
    await until('its end', async () => (await get('/', brief, short)).statusCode === 302);

    const left = await signIn();
    const out = await post('/sign-out', {}, left);
    expect([out.statusCode, out.headers.location]).toEqual([303, '/sign-in']);
    expect((await get('/', left)).statusCode).toBe(302);

    const kept = await signIn();
    const renewed = await build({ password: 'another-long-password' });
    expect((await get('/', kept, renewed)).statusCode).toBe(302);
    expect((await get('/', kept)).statusCode).toBe(200);
  });

  test('two consoles on one machine do not sign each other out', async () => {
    const names = await Promise.all(
      ['127.0.0.1:8081', '127.0.0.1:8091'].map(
        async (host) => (await post('/sign-in', { password: PASSWORD }, { host })).cookies[0]?.name,
      ),
    );
    expect(new Set(names).size).toBe(2);
  });
});

describe('a change asked for by another site', () => {
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:81' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('is refused: %j', async (headers) => {
    const session = await signIn();
    const response = await post('/sign-out', {}, { ...session, ...headers });
    expect(response.statusCode).toBe(403);
    expect((await get('/', session)).statusCode).toBe(200);
  });

  test('and one of our own page is not', async () => {
    const own = { origin: 'http://localhost:80', 'sec-fetch-site': 'same-origin' };
    expect((await post('/sign-in', { password: PASSWORD }, own)).statusCode).toBe(303);
  });
});

test('every answer carries the security headers', async () => {
  const session = await signIn();
  const urls = [
    '/',
    '/sign-in',
    '/console.css',
    '/nowhere',
    '/queues/',
    '/queues/api/queues',
    '/queues/static/favicon.ico',
  ];
  const answers = await Promise.all([
    ...urls.map((url) => get(url, session)),
    get('/'),
    post('/sign-in', {}),
  ]);
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
    });
  }
  expect((await get('/', session)).headers['content-security-policy']).not.toContain('script-src');
  expect((await get('/queues/', session)).headers['content-security-policy']).toContain("script-src 'self'");
});

describe('after the sign-in', () => {
  test('the first page says how to add a connection, then shows it with its state and queues', async () => {
    const session = await signIn();
    expect((await get('/', session)).body).toContain('fresh-scim connection add');
    const connection = await addConnection('Acme & Sons');
    await connections.setPaused(connection.id, true);
    const queues = openQueues(redisOptions(inject('redisUrl')), {
      accountId: connection.accountId,
      connectionId: connection.id,
    });
    try {
      await queues.urgent.add('reconcile', { key: 'User-1' }, { priority: 1 });
      const { body } = await get('/', session);
      expect(body).toContain('Acme &amp; Sons');
      expect(body).toContain('<span class="state paused">paused</span>');
      expect(body).toContain(connection.domain);
      expect(body).toMatch(
        new RegExp(`href="/queues/queue/${connection.id}-urgent">urgent</a></th>\\s*<td>1</td>`),
      );
    } finally {
      await queues.obliterate();
      await queues.close();
    }
  });

  test('the name of a connection is text, whatever it holds', async () => {
    const name = `"><script>alert('x')</script>`;
    const connection = await addConnection(name);
    await connections.stop(connection.id, '<b onclick="x">401</b>');
    const { body } = await get('/', await signIn());
    expect(body).not.toContain('<script');
    expect(body).not.toContain('<b onclick');
    expect(body).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
  });

  test('Bull Board shows the two queues of every connection, as connections come and go', async () => {
    const session = await signIn();
    const listed = async (): Promise<string[]> => {
      const response = await get('/queues/api/queues', { ...session, accept: 'application/json' });
      return response.json().queues.map((queue: { name: string }) => queue.name);
    };
    const ui = await get('/queues/', session);
    expect(ui.statusCode).toBe(200);
    expect(ui.body).toContain('<base href="/queues/" />');
    const script = /src="(static\/js\/main[^"]+)"/.exec(ui.body)?.[1] ?? '';
    expect((await get(`/queues/${script}`, session)).statusCode).toBe(200);

    const one = await addConnection('One');
    const two = await addConnection('Two');
    const names = [one, two].flatMap(({ id }) => [`${id}-urgent`, `${id}-normal`]);
    await until('both', async () => {
      const shown = await listed();
      return names.every((name) => shown.includes(name));
    });
    await connections.remove(one.id);
    await until('one to go', async () =>
      isDeepStrictEqual(await listed(), [`${two.id}-urgent`, `${two.id}-normal`]),
    );
  });

  test('Bull Board changes nothing', async () => {
    const connection = await addConnection();
    const session = await signIn();
    await get('/', session);
    const queue = `/queues/api/queues/${connection.id}-normal`;
    for (const action of ['pause', 'empty', 'add', 'obliterate', 'retry/failed', 'clean/completed']) {
      const response = await app.inject({
        method: action.includes('/') || action === 'pause' || action === 'empty' ? 'PUT' : 'POST',
        url: `${queue}/${action}`,
        headers: session,
      });
      expect([action, response.statusCode >= 400]).toEqual([action, true]);
    }
    const keys = await redis.keys(`{${connection.accountId}}:*`);
    expect(keys).toEqual([]);
  });

  test('an unknown page is 404', async () => {
    expect((await get('/nowhere', await signIn())).statusCode).toBe(404);
  });
});

test('without Redis the console says so, and lets nobody in', async () => {
  const away = connectRedis('redis://127.0.0.1:1', 'commands');
  try {
    const dark = await build({ redis: away });
    for (const response of [
      await get('/', await signIn(), dark),
      await post('/sign-in', { password: PASSWORD }, {}, dark),
    ]) {
      expect([response.statusCode, response.headers['retry-after'], response.cookies]).toEqual([
        503,
        '5',
        [],
      ]);
    }
  } finally {
    away.disconnect();
  }
});

test('no log line holds a password, a session or an address', async () => {
  const session = await signIn();
  await post('/sign-in', { password: 'hunter2-hunter2' }, { 'x-forwarded-for': '192.0.2.77' });
  await get('/', session);
  await get('/nowhere?who=ines', session);
  expect(logged).toContain('sign-in refused');
  for (const secret of [PASSWORD, 'hunter2', session.cookie.split('=')[1] ?? '', '192.0.2.77', 'ines']) {
    expect(logged).not.toContain(secret);
  }
});
