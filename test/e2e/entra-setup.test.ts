/**
 * Runs each command of docs/entra-setup.md, as it is printed, in the order of the page: by a shell, in an empty folder,
 * against a simulated account. The test plays Entra, and stands in for npm, for the address on the internet and for
 * Freshservice's host.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSimulator } from '@fresh-scim/freshservice-sim';
import type { Simulator } from '@fresh-scim/freshservice-sim';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/poll.ts';
import { readText, ROOT } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment, runCommand, startCommand } from './command.ts';
import type { RunningCommand } from './command.ts';
import { redisPidOf } from './processes.ts';

const API_KEY = 'key-of-the-owner';
const PUBLIC_URL = 'https://scim.example.com';
const INES = 'ines.barros@acme.example';

/** The shell text of each block, without the indentation of lists. */
const blocks = [...readText('docs/entra-setup.md').matchAll(/^( *)```sh\n(.*?)^ *```$/gms)].map(
  ([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
);

/** `npm run -s fresh-scim -- ARGS`; a new connection leads to the simulator. */
const NPM = `#!/bin/sh
[ "$1 $2 $3 $4" = 'run -s fresh-scim --' ] || { echo "unexpected: npm $*" >&2; exit 64; }
shift 4
case "$1 $2" in 'connection add') set -- "$@" --base-url "$SIMULATOR_URL" --plan pro ;; esac
exec '${process.execPath}' '${join(ROOT, 'apps/cli/src/main.ts')}' "$@"
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let up: RunningCommand;
let simulator: Simulator;
let env: NodeJS.ProcessEnv;
/** Where the proxy of the address on the internet would forward to. */
let scimUrl: string;
let token = 'unknown';

beforeAll(async () => {
  folder = await temporaryFolder();
  simulator = createSimulator({ apiKey: API_KEY, samples: false });
  simulator.state.create({ first_name: 'Ines', last_name: 'Barros', primary_email: INES });
  const { url } = await simulator.listen();
  const programs = join(folder.path, 'programs');
  await mkdir(programs);
  await writeFile(join(programs, 'npm'), NPM);
  await chmod(join(programs, 'npm'), 0o755);
  await writeFile(join(folder.path, 'key.txt'), API_KEY);
  // PUBLIC_URL hides where `up` listens, so the port is chosen here.
  const port = await freePort();
  scimUrl = `http://127.0.0.1:${port}`;
  env = {
    ...environment(join(folder.path, 'data'), { FRESH_SCIM_ALLOW_ANY_UPSTREAM: '1', SCIM_PORT: `${port}` }),
    PATH: `${programs}:${process.env['PATH']}`,
    SIMULATOR_URL: url,
    PUBLIC_URL,
  };
});

afterAll(async () => {
  await up.end('SIGKILL');
  process.kill(await redisPidOf(join(folder.path, 'data')), 'SIGKILL');
  await simulator.close();
  await folder[Symbol.asyncDispose]();
});

/** Takes the next block of the page and runs it. @throws with what it printed, when a command of it fails. */
async function runNext(expected: string): Promise<string> {
  const text = blocks.shift() ?? '';
  expect(text).toContain(expected);
  const script = text.replaceAll('fsc_...', token).replaceAll(PUBLIC_URL, scimUrl);
  const { stdout, stderr } = await promisify(execFile)('sh', ['-e', '-c', script], { cwd: folder.path, env });
  return stdout + stderr;
}

/** What Entra sends for somebody. @returns the id in the answer */
async function send(method: string, path: string, body: object): Promise<string> {
  const answer = await fetch(`${scimUrl}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
  return ((await answer.json()) as { id: string }).id;
}

/** Waits until the command tells this about her. */
async function untilTold(words: string): Promise<void> {
  await until(words, async () => (await runCommand(env, ['user', 'acme', INES])).stdout.includes(words));
}

const accounts = () => simulator.state.users.all('requesters');
const ines = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: INES,
  name: { givenName: 'Ines', familyName: 'Barros' },
};
const inesHas = (title: string) => accounts().some(({ job_title }) => job_title === title);

test('every command of the page does what the page says', async () => {
  expect(blocks.shift()?.trim()).toBe(`PUBLIC_URL=${PUBLIC_URL} npm start`);
  up = startCommand(env, 'up');
  await up.line('ready');

  const added = await runNext('connection add');
  expect(added).toMatch(/Tenant URL +https:\/\/scim\.example\.com\/scim\/v2$/m);
  expect(added).toContain('The import is done');
  token = /Secret Token +(\S+)/.exec(added)?.[1] ?? '';
  expect(await runNext('curl')).toMatch(/^HTTP\/1\.1 200 .*"totalResults":0/s);

  const before = accounts().length;
  const id = await send('POST', '/Users', { ...ines, active: 'True', title: 'Engineer' });
  await until('the title', () => inesHas('Engineer'));
  expect(accounts()).toHaveLength(before);
  await untilTold('In step');

  const first = await runNext('user acme');
  expect(first).toContain('In step: Entra wants active');
  expect(first).toContain('name.givenName');
  expect(await runNext('status acme --check')).toContain('Nobody.');

  const observing = await runNext('mode=observe');
  expect(observing).toContain('The import is done');
  expect(observing).toContain('UNMANAGED');

  await send('PUT', `/Users/${id}`, { ...ines, title: 'Lead' });
  await untilTold('Put aside');
  const failures = await runNext('failures acme');
  expect(failures).toContain('update');
  expect(failures).toContain('mode=apply');
  expect(failures).toContain('Nobody.');
  expect(inesHas('Lead')).toBe(false);

  expect(await runNext('mode=apply')).toContain('Nobody.');
  await until('the change', () => inesHas('Lead'));
  expect(blocks).toEqual([]);
});
