import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSimulator } from '@fresh-scim/freshservice-sim';
import type { Simulator } from '@fresh-scim/freshservice-sim';
import { connectRedis } from '@fresh-scim/runtime';
import { until } from '../support/poll.ts';
import { isRunning } from '../support/runtime-process.ts';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment, runCommand, startCommand } from './command.ts';
import type { RunningCommand } from './command.ts';
import { childrenOf, redisPidOf } from './processes.ts';

const API_KEY = 'key-of-the-owner';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataDir: string;
let up: RunningCommand;
let simulator: Simulator;
let simulatorUrl: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, 'data');
  simulator = createSimulator({ apiKey: API_KEY, samples: false });
  ({ url: simulatorUrl } = await simulator.listen());
  up = startCommand(environment(dataDir), 'up', '--workers', '2');
  await up.line('ready');
});

afterAll(async () => {
  await up.end('SIGKILL');
  process.kill(await redisPidOf(dataDir), 'SIGKILL');
  await simulator.close();
  await folder[Symbol.asyncDispose]();
});

/** Runs a command that may use any upstream. */
function command(args: readonly string[], stdin?: string) {
  return runCommand(environment(dataDir, { FRESH_SCIM_ALLOW_ANY_UPSTREAM: '1' }), args, stdin);
}

function add(name: string, baseUrl: string, ...more: string[]) {
  const account = ['--domain', 'acme.freshservice.test', '--base-url', baseUrl];
  return ['connection', 'add', '--name', name, ...account, '--api-key-file', '-', '--json', ...more];
}

async function keysAbout(connectionId: string): Promise<string[]> {
  const { redisUrl } = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as { redisUrl: string };
  const redis = connectRedis(redisUrl, 'commands');
  try {
    return await redis.keys(`*${connectionId}*`);
  } finally {
    redis.disconnect();
  }
}

function headersOf(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
}

/** Creates somebody as Entra does. @returns the SCIM id */
async function post(
  tenantUrl: string,
  token: string,
  givenName: string,
  familyName: string,
): Promise<string> {
  const created = await fetch(`${tenantUrl}/Users`, {
    method: 'POST',
    headers: headersOf(token),
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${givenName}.${familyName}@acme.example`.toLowerCase(),
      name: { givenName, familyName },
    }),
  });
  expect(created.status).toBe(201);
  const { id } = (await created.json()) as { id: string };
  return id;
}

async function disable(tenantUrl: string, token: string, id: string): Promise<void> {
  const changed = await fetch(`${tenantUrl}/Users/${id}`, {
    method: 'PATCH',
    headers: headersOf(token),
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    }),
  });
  expect(changed.ok).toBe(true);
}

describe('what up says', () => {
  test('five lines on what to do next, then ready', () => {
    const lines = up.stdout().trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('ready');
    expect(lines.join('\n')).toContain('/scim/v2');
  });

  test('the workers that were asked for run', async () => {
    expect(await childrenOf(up.pid, 'worker')).toHaveLength(2);
  });

  test('the run file is where commands find what listens', async () => {
    const run = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as {
      opsPorts: Record<string, number>;
    };
    expect(Object.keys(run.opsPorts).toSorted()).toEqual(['console', 'scim-api', 'worker', 'worker-2']);
    for (const port of Object.values(run.opsPorts)) {
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    }
  });

  test('a second up on the same folder is refused in one sentence', async () => {
    const second = await runCommand(environment(dataDir), ['up']);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain('is in use by another fresh-scim');
    expect(second.stderr.split('\n').length).toBeLessThan(5);
  });

  test('a busy port is named with its variable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    const env = environment(join(folder.path, 'other'), { CONSOLE_PORT: port });
    const { exitCode, stderr } = await runCommand(env, ['up']);
    server.close();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(stderr).toContain('CONSOLE_PORT');
  });
});

describe('connection add', () => {
  const refusals: [what: string, key: string, address: () => string, words: RegExp][] = [
    ['a wrong key', 'not-the-key', () => simulatorUrl, /does not accept this API key/],
    [
      'an unknown host',
      API_KEY,
      () => 'http://no-such-host.invalid',
      /no host of this name|cannot be looked up/,
    ],
    ['a port where nobody listens', API_KEY, () => 'http://127.0.0.1:9', /cannot be reached/],
    ['a missing permission', 'weak-key', () => simulatorUrl, /not allowed to manage agents/],
  ];
  test.each(refusals)('says %s in words', async (_what, key, address, words) => {
    await fetch(`${simulatorUrl}/__sim/keys`, {
      method: 'POST',
      body: JSON.stringify({ key: 'weak-key', permissions: ['requesters.view', 'roles.view'] }),
    });
    const { exitCode, stdout, stderr } = await command(add('refused', address()), key);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string; fix: string } };
    expect(error.code).toBe('check-failed');
    expect(error.message).toMatch(words);
    expect(error.fix).not.toBe('');
    expect(stderr).not.toContain(key);
  });

  test('sends no key to a host that is not Freshservice', async () => {
    const calls = simulator.stats().calls;
    const { exitCode, stderr } = await runCommand(
      environment(dataDir),
      add('refused', simulatorUrl),
      API_KEY,
    );
    expect(exitCode).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'invalid-domain' } });
    expect(simulator.stats().calls).toBe(calls);
  });

  test('stores nothing when it refuses', async () => {
    const { stdout } = await command(['connection', 'list', '--json']);
    expect(JSON.parse(stdout)).toEqual({ connections: [] });
  });

  test('stores a good one, answers for it, and removes it without a trace', async () => {
    const added = await command(
      add('acme', simulatorUrl, '--plan', 'pro', '--set', 'brake.count=20'),
      API_KEY,
    );
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    const { id, tenantUrl, token } = JSON.parse(added.stdout) as {
      id: string;
      tenantUrl: string;
      token: string;
    };
    const headers = headersOf(token);
    await post(tenantUrl, token, 'Ines', 'Barros');
    await until('her to be in step', async () =>
      (await command(['user', 'acme', 'ines barros', '--json'])).stdout.includes('"state": "clean"'),
    );

    const status = await command(['status', 'acme', '--json', '--check']);
    expect(status.exitCode).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      connections: [
        { id, name: 'acme', state: 'running', resources: { users: 1 }, dirty: 0, parkedLeavers: 0 },
      ],
    });
    expect(added.stdout).not.toContain(API_KEY);

    expect((await command(['connection', 'remove', 'acme'])).exitCode).toBe(2);
    expect((await command(['connection', 'remove', 'acme', '--yes'])).exitCode).toBe(0);
    expect((await fetch(`${tenantUrl}/Users`, { headers })).status).toBe(401);
    expect((await command(['status', 'acme'])).exitCode).toBe(2);
    expect(await keysAbout(id)).toEqual([]);
  });
});

test('import: who is there already is shown, found and claimed', async () => {
  simulator.state.create({
    first_name: 'Noor',
    last_name: 'Haddad',
    primary_email: 'noor.haddad@acme.example',
  });
  const added = await command(add('moving', simulatorUrl, '--plan', 'pro'), API_KEY);
  const { tenantUrl, token } = JSON.parse(added.stdout) as { tenantUrl: string; token: string };
  const watched = await command(['import', 'moving', '--watch', '--json']);
  expect(watched).toMatchObject({ exitCode: 0, stderr: '' });
  const { seen } = (JSON.parse(watched.stdout) as { import: { seen: number } }).import;
  expect(seen).toBeGreaterThanOrEqual(2);

  const found = await command(['user', 'moving', 'noor haddad']);
  expect(found.stdout).toContain('Unmanaged: the import has found this account');
  const url = `${tenantUrl}/Users?filter=${encodeURIComponent('userName eq "NOOR.HADDAD@acme.example"')}`;
  const listed = await fetch(url, { headers: headersOf(token) });
  const { Resources } = (await listed.json()) as { Resources: { id: string }[] };
  expect(await post(tenantUrl, token, 'Noor', 'Haddad')).toBe(Resources[0]?.id);

  const status = await command(['status', 'moving', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    connections: [{ resources: { users: 1, unmanaged: seen - 1 }, import: { state: 'done', seen } }],
  });
  expect((await command(['mapping', 'show', 'moving'])).stdout).toContain('name.givenName');
  const edited = await command(['mapping', 'add', 'moving', 'TITLE', 'timezone', '--json']);
  const { changed, people, attributes } = JSON.parse(edited.stdout);
  expect([changed, people]).toEqual([2, 1]);
  expect(attributes).toContainEqual({ attribute: 'title', since: expect.any(String) });
  const unknown = await command(['mapping', 'add', 'moving', 'nickName', '--json']);
  expect([unknown.exitCode, JSON.parse(unknown.stderr).error.code]).toEqual([2, 'unknown-attribute']);
  expect((await command(['mapping', 'remove', 'moving', 'Title'])).stdout).toBe('Removed: 1.\n');
  const twice = await command(['mapping', 'remove', 'moving', 'title']);
  expect([twice.exitCode, twice.stderr]).toEqual([
    1,
    expect.stringContaining('"title" is not in the mapping.'),
  ]);
  expect((await command(['mapping', 'reset', 'moving'])).stdout).toContain('Forgotten: ');
  expect((await command(['mapping', 'show', 'moving'])).stdout).toBe('Entra has sent nothing yet.\n');
  expect((await command(['import', 'moving', 'cancel'])).exitCode).toBe(1);
  expect((await command(['import', 'moving', 'start', '--watch'])).stdout).toContain('The import is done');
});

test('the brake: held people are listed, asked for, kept or let go', async () => {
  const settings = ['--set', 'brake.count=0', '--set', 'brake.share=0'];
  const added = await command(add('careful', simulatorUrl, '--plan', 'pro', ...settings), API_KEY);
  const { tenantUrl, token } = JSON.parse(added.stdout) as { tenantUrl: string; token: string };
  const accountOf = (name: string) =>
    simulator.state.users.all('requesters').find(({ first_name }) => first_name === name);
  const leavers = ['Karim', 'Lotte'];
  const ids = await Promise.all(leavers.map((name) => post(tenantUrl, token, name, 'Brandt')));
  await until('the accounts', () => leavers.every((name) => accountOf(name)?.active));
  for (const id of ids) await disable(tenantUrl, token, id);
  await until('both to be held', async () => {
    const { stdout } = await command(['held', 'careful', '--json']);
    return (JSON.parse(stdout) as { total: number }).total === 2;
  });
  const check = await command(['status', 'careful', '--check']);
  expect(check.exitCode).toBe(1);
  expect(check.stderr).toContain('the brake holds 2 people back');

  expect((await command(['reject', 'careful', 'lotte brandt'])).stdout).toContain('1 person rejected');
  expect((await command(['approve', 'careful', '--all'])).stdout).toContain('1 person approved');
  await until('the approved one to go', () => accountOf('Karim')?.active === false);
  expect(accountOf('Lotte')?.active).toBe(true);
  expect((await command(['user', 'careful', 'lotte'])).stdout).toContain('rejected by an operator');
});

test('connection set: everybody is looked at under the new settings, by every worker', async () => {
  const added = await command(
    add('looking', simulatorUrl, '--plan', 'pro', '--set', 'mode=observe'),
    API_KEY,
  );
  const { tenantUrl, token } = JSON.parse(added.stdout) as { tenantUrl: string; token: string };
  const names = Array.from({ length: 10 }, (_, index) => `Watched${index}`);
  await Promise.all(names.map((name) => post(tenantUrl, token, name, 'Silva')));
  await until('all to be looked at', async () => {
    const { stdout } = await command(['status', 'looking', '--json']);
    return (JSON.parse(stdout) as { connections: { parked: number }[] }).connections[0]?.parked === 10;
  });
  expect((await command(['connection', 'set', 'looking', 'mode=apply'])).exitCode).toBe(0);
  await until('their accounts', () => {
    const made = new Set(simulator.state.users.all('requesters').map(({ first_name }) => first_name));
    return names.every((name) => made.has(name));
  });
});

test('without anything running, a command says so with exit code 3', async () => {
  const { exitCode, stderr } = await runCommand(environment(join(folder.path, 'nothing')), [
    'status',
    '--json',
  ]);
  expect(exitCode).toBe(3);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not-running' } });
});

test('Ctrl-C ends everything in order', async () => {
  const env = environment(join(folder.path, 'brief'));
  const brief = startCommand(env, 'up');
  await brief.line('ready');
  const redis = await redisPidOf(join(folder.path, 'brief'));
  const children = (
    await Promise.all((['worker', 'scim-api', 'console'] as const).map((name) => childrenOf(brief.pid, name)))
  ).flat();
  expect(children).toHaveLength(3);
  expect(await brief.end('SIGINT')).toBe(0);
  expect([redis, ...children].filter(isRunning)).toEqual([]);
});
