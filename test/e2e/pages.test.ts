/**
 * Runs the commands of README.md and docs/operations.md as they are printed, all but those that test/support/
 * shell-commands.ts lists with a reason; those of docs/entra-setup.md have a test of their own. The scripts of npm are
 * run with npm, each as far as is quick.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../support/poll.ts';
import { NOT_RUN, shellBlocksOf } from '../support/shell-commands.ts';
import { readText, ROOT } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment, runCommand, startCommand } from './command.ts';
import type { Ended, RunningCommand } from './command.ts';

const FRESH_SCIM = 'npm run -s fresh-scim -- ';
const START = 'npm start -- ';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: NodeJS.ProcessEnv;
let up: RunningCommand;
let run: {
  readonly redisUrl: string;
  readonly publicUrl: string;
  readonly simulatorUrl: string;
};

const isRun = (command: string): boolean => ![...NOT_RUN.keys()].some((start) => command.startsWith(start));
const [, firstPatch = [], forReal = []] = shellBlocksOf(readText('README.md'));

beforeAll(async () => {
  folder = await temporaryFolder();
  const dataDir = join(folder.path, 'data');
  env = environment(dataDir, { FRESH_SCIM_ALLOW_ANY_UPSTREAM: '1' });
  const start = firstPatch.shift() ?? '';
  expect(start.startsWith(START)).toBe(true);
  up = startCommand(env, 'up', ...start.slice(START.length).split(' '));
  await up.line('ready');
  run = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as typeof run;
  // Checks of keys take from the calls per minute, and need not wait for them.
  const body = JSON.stringify({ plan: 'addon2' });
  const { status } = await fetch(`${run.simulatorUrl}/__sim/config`, { method: 'PUT', body });
  expect(status).toBe(200);
});

afterAll(async () => {
  await up.end('SIGINT');
  await folder[Symbol.asyncDispose]();
});

/** Runs a command of the page in the place of npm. */
function freshScim(printed: string | undefined, ...more: readonly string[]): Promise<Ended> {
  expect(printed?.startsWith(FRESH_SCIM)).toBe(true);
  return runCommand(env, [...(printed ?? '').slice(FRESH_SCIM.length).split(' '), ...more]);
}

async function shell(...lines: readonly string[]): Promise<string> {
  const script = lines.join('\n').replaceAll('http://127.0.0.1:8080', run.publicUrl);
  return (await promisify(execFile)('sh', ['-e', '-c', script], { env })).stdout;
}

test.each([
  ['start -- --help', /^Usage: fresh-scim up /m],
  ['run demo -- --help', /^Usage: fresh-scim demo /m],
  ['run -s fresh-scim -- help', /^Usage: fresh-scim /m],
  ['test -- --only types', /^1 passed, 0 failed$/m],
])('npm %s', async (args, expected) => {
  const { stdout } = await promisify(execFile)('npm', args.split(' '), {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  expect(stdout).toMatch(expected);
});

test('the first PATCH of README.md', async () => {
  const [, define = '', create = '', id, patch = '', look, ...rest] = firstPatch;
  expect([id, rest]).toEqual(['ID=...', []]);
  const token = `TOKEN=${/fsc_\S+/.exec(up.stdout())?.[0]}`;
  const created = JSON.parse(await shell(token, define, create)) as { id: string; active: boolean };
  expect(created.active).toBe(true);
  const patched = JSON.parse(await shell(token, define, `ID=${created.id}`, patch)) as { active: boolean };
  expect(patched.active).toBe(false);
  await until('the command to tell it', async () =>
    (await freshScim(look)).stdout.includes('In step: Entra wants no access'),
  );
});

test('for real, as README.md has it', async () => {
  // With an address in front of it, test/e2e/entra-setup.test.ts begins so.
  expect(forReal.shift()).toBe('npm start');
  const keyFile = join(folder.path, 'key.txt');
  await writeFile(keyFile, await readFile(join(folder.path, 'data/simulator/api-key')));
  const add = forReal.shift()?.replace('key.txt', keyFile);
  const added = await freshScim(add, '--base-url', run.simulatorUrl);
  expect(added).toMatchObject({ exitCode: 0 });
  expect(added.stdout).toMatch(/Tenant URL +http.*Secret Token +fsc_/s);

  const watch = startCommand(env, ...(forReal.shift() ?? '').slice(FRESH_SCIM.length).split(' '));
  await until('a table, and another one', () => watch.stdout().split('acme').length > 2);
  await watch.end('SIGINT');
  const help = await freshScim(forReal.shift());
  expect(help.stdout).toContain('connection');
  expect(forReal).toEqual([]);
});

test('what the pages name for when something is to be changed', async () => {
  const dataDir = join(folder.path, 'data');
  const stateOf = async (): Promise<string | undefined> => {
    const { stdout } = await runCommand(env, ['status', 'simulator', '--json']);
    return (JSON.parse(stdout) as { connections: { state: string }[] }).connections[0]?.state;
  };
  const answerTo = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${run.publicUrl}/scim/v2/Users?count=1`, { headers })).status;
  };
  const shown = await runCommand(env, ['connection', 'show', 'simulator']);
  expect(shown.stdout).toContain(`${run.publicUrl}/scim/v2`);
  expect((await runCommand(env, ['connection', 'test', 'simulator'])).exitCode).toBe(0);

  await runCommand(env, ['connection', 'pause', 'simulator']);
  expect(await stateOf()).toBe('paused');
  await runCommand(env, ['connection', 'resume', 'simulator']);
  expect(await stateOf()).not.toBe('paused');

  const key = ['--api-key-file', join(dataDir, 'simulator/api-key')];
  expect((await runCommand(env, ['connection', 'set-key', 'simulator', ...key])).exitCode).toBe(0);
  const before = /fsc_\S+/.exec(up.stdout())?.[0] ?? '';
  const rotated = await runCommand(env, ['connection', 'rotate-token', 'simulator']);
  const after = /fsc_\S+/.exec(rotated.stdout)?.[0] ?? '';
  expect(after).not.toBe(before);
  expect(await Promise.all([before, after].map(answerTo))).toEqual([200, 200]);
  expect((await runCommand(env, ['retry', 'simulator', '--all'])).exitCode).toBe(0);
});

test.each(shellBlocksOf(readText('docs/operations.md')).flat().filter(isRun))('%s', async (command) => {
  const child = spawn('sh', ['-c', `exec ${command}`], {
    cwd: ROOT,
    env: { ...env, REDIS_URL: run.redisUrl },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (line.includes('"opsPort":')) break;
  }
  expect(lines.at(-1)).toMatch(/"msg":"(?:listening|working)"/);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
