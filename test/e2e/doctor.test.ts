import { once } from 'node:events';
import { chmod, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '@fresh-scim/runtime';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment, runCommand, startCommand } from './command.ts';
import type { RunningCommand } from './command.ts';

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { name: string; state: string; connection?: string; problem?: string }[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataDir: string;
let up: RunningCommand;

beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, 'data');
  up = startCommand(environment(dataDir), 'up', '--simulator');
  await up.line('ready');
});

afterAll(async () => {
  await up.end('SIGINT');
  await folder[Symbol.asyncDispose]();
});

const problemsOf = ({ checks }: Report): string[] =>
  checks.filter(({ state }) => state === 'problem').map(({ name }) => name);

test('all is well but for an address that Entra cannot reach', async () => {
  const { exitCode, stdout } = await runCommand(environment(dataDir), ['doctor', 'simulator', '--json']);
  const report = JSON.parse(stdout) as Report;
  expect(problemsOf(report)).toEqual(['PUBLIC_URL']);
  expect(report.ok).toBe(false);
  expect(exitCode).toBe(1);
  const fine = report.checks.filter(({ state }) => state === 'ok').map(({ name }) => name);
  for (const name of [
    'Redis appendfsync',
    'secret',
    'secret file',
    'scim-api is ready',
    'console answers',
    'SCIM at PUBLIC_URL',
    'refusal without a token',
    'layout of the data',
    'API key',
    'view roles',
    'clock',
  ]) {
    expect(fine).toContain(name);
  }
});

test('what is wrong is found, and nothing secret is shown', async () => {
  const secret = Buffer.alloc(32, 7).toString('base64');
  const page = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<html>'));
  page.listen(0, '127.0.0.1');
  await once(page, 'listening');
  const { redisUrl } = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as { redisUrl: string };
  const redis = connectRedis(redisUrl, 'commands');
  try {
    await chmod(join(dataDir, 'secret'), 0o644);
    await redis.config('SET', 'appendfsync', 'everysec');
    const [keyOfAccount = ''] = await redis.keys('{a*}:*');
    await redis.set(keyOfAccount.replace(/:.*$/, ':layoutVersion'), '0');
    const env = environment(dataDir, {
      FRESH_SCIM_SECRET: secret,
      PUBLIC_URL: `http://127.0.0.1:${(page.address() as AddressInfo).port}`,
    });
    const { exitCode, stdout, stderr } = await runCommand(env, ['doctor', '--json']);
    expect(exitCode).toBe(1);
    const report = JSON.parse(stdout) as Report;
    expect(problemsOf(report)).toEqual([
      'secret',
      'secret file',
      'PUBLIC_URL',
      'SCIM at PUBLIC_URL',
      'refusal without a token',
      'layout of the data',
    ]);
    expect(report.checks).toContainEqual(
      expect.objectContaining({ name: 'Redis appendfsync', state: 'warning' }),
    );
    for (const hidden of [secret, (await readFile(join(dataDir, 'secret'), 'utf8')).trim()]) {
      expect(stdout + stderr).not.toContain(hidden);
    }
  } finally {
    redis.disconnect();
    page.close();
  }
});

test('the exit codes of what it cannot look at', async () => {
  const elsewhere = environment(join(folder.path, 'nothing'));
  const [unknown, nothing, noRedis] = await Promise.all([
    runCommand(environment(dataDir), ['doctor', 'nobody']),
    runCommand(elsewhere, ['doctor']),
    runCommand({ ...elsewhere, REDIS_URL: 'redis://:hidden@127.0.0.1:1' }, ['doctor']),
  ]);
  expect([unknown.exitCode, nothing.exitCode, noRedis.exitCode]).toEqual([2, 3, 3]);
  expect(noRedis.stdout).toMatch(/^problem +Redis answers: /m);
  expect(noRedis.stdout + noRedis.stderr).not.toContain('hidden');
});
