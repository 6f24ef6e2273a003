// The executable, as a process of its own.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { basic, type Wire } from './test-support.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'freshservice-sim-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function watched(child: ChildProcess): ChildProcess {
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  return child;
}

function start(...args: string[]): ChildProcess {
  return watched(spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

async function firstLine(child: ChildProcess): Promise<{ url: string; apiKey?: string }> {
  if (child.stdout === null) throw new Error('the output is not piped');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('it ended without a line');
}

async function call(url: string, method: string, path: string, body?: object): Promise<Wire> {
  const response = await fetch(`${url}/api/v2${path}`, {
    method,
    headers: { authorization: basic('from-a-file'), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Wire;
}

test('an account with a state file survives SIGKILL', async () => {
  const path = folder();
  writeFileSync(join(path, 'key'), 'from-a-file\n');
  const args = [
    '--api-key-file',
    join(path, 'key'),
    '--state-file',
    join(path, 'state'),
    '--plan',
    'enterprise',
  ];
  const first = start(...args, '--minute-ms', '2000', '--set', 'conflictStyle=409-flat', '--people', '10');
  const { url } = await firstLine(first);
  const body = { first_name: 'Mira', primary_email: 'mira@example.test' };
  const created = await call(url, 'POST', '/requesters', body);
  const config = (await (await fetch(`${url}/__sim/config`)).json()) as Wire;
  expect(config).toMatchObject({ plan: 'enterprise', windowMs: 2000, conflictStyle: '409-flat' });
  first.kill('SIGKILL');
  await once(first, 'exit');
  const again = await firstLine(start(...args));
  const found = await call(again.url, 'GET', '/requesters?email=mira@example.test');
  expect(found['requesters']).toEqual([created['requester']]);
});

test('SIGTERM ends it with 0; without a key it makes one and prints it', async () => {
  const child = start('--no-samples');
  const { url, apiKey = '' } = await firstLine(child);
  const me = await fetch(`${url}/api/v2/agents/me`, { headers: { authorization: basic(apiKey) } });
  expect(me.status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it ends when its parent is gone', async () => {
  const child = watched(fork(MAIN, ['--api-key', 'k'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }));
  await firstLine(child);
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.for([['--port', 'x'], ['--plan', 'gold'], ['--set', 'noSuchKnob=1'], ['--nonsense']])(
  'wrong arguments %j end with 2',
  async (args) => {
    const child = start('--api-key', 'k', ...args);
    expect(await once(child, 'exit')).toEqual([2, null]);
  },
);
