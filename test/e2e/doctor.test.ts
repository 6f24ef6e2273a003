/**
 * doctor on a whole installation: https in front of scim-api, under a name that the test's own DNS knows and with a
 * certificate that it trusts. All is well at first; then one thing after another is not.
 */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { connectRedis } from '@fresh-scim/runtime';
import { createCertificate } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { ROOT } from '../support/sources.ts';
import { temporaryFolder } from '../support/temp-dir.ts';
import { environment, runCommand, startCommand } from './command.ts';
import type { Ended, RunningCommand } from './command.ts';
import { startHttpsProxy } from './https-proxy.ts';
import type { HttpsProxy } from './https-proxy.ts';

interface Check {
  readonly name: string;
  readonly state: string;
  readonly problem?: string;
  readonly fix?: string;
}
interface Report {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

const NAME = 'scim.larkspur.example';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataDir: string;
let scimPort: number;
let proxy: HttpsProxy;
/** Where the name leads, and whose certificate is trusted. */
let outside: Readonly<Record<string, string>>;
let up: RunningCommand;
let run: { readonly redisUrl: string; readonly simulatorUrl: string };
let redis: Redis;

beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, 'data');
  scimPort = await freePort();
  const certificate = createCertificate(NAME, 90);
  proxy = await startHttpsProxy(`http://127.0.0.1:${scimPort}`, certificate);
  const certificateFile = join(folder.path, 'certificate.pem');
  await writeFile(certificateFile, certificate.cert);
  outside = {
    PUBLIC_NAME: NAME,
    NODE_OPTIONS: `--import=${pathToFileURL(join(ROOT, 'test/support/programs/public-name.ts')).href}`,
    NODE_EXTRA_CA_CERTS: certificateFile,
  };
  const where = { SCIM_PORT: `${scimPort}`, PUBLIC_URL: `https://${NAME}:${proxy.port}` };
  up = startCommand(environment(dataDir, where), 'up', '--simulator');
  await up.line('ready');
  run = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as typeof run;
  redis = connectRedis(run.redisUrl, 'commands');
  // The checks of the key take from the calls per minute, and need not wait for them.
  expect((await configure({ plan: 'addon2' })).status).toBe(200);
});

afterAll(async () => {
  redis.disconnect();
  await up.end('SIGINT');
  await proxy.close();
  await folder[Symbol.asyncDispose]();
});

const doctor = (more: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
  runCommand(environment(dataDir, { ...outside, ...more }), ['doctor', ...args]);

/** What is wrong, by the name of the check, in words; and that the exit code says so. */
async function problemsOf(more: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const { exitCode, stdout } = await doctor(more, 'simulator', '--json');
  const { ok, checks } = JSON.parse(stdout) as Report;
  const wrong = checks.filter(({ state }) => state === 'problem');
  expect({ ok, exitCode }).toEqual(
    wrong.length === 0 ? { ok: true, exitCode: 0 } : { ok: false, exitCode: 1 },
  );
  return new Map(wrong.map(({ name, problem, fix }) => [name, `${problem} ${fix}`]));
}

/** Changes what the account does. */
const configure = (knobs: object): Promise<Response> =>
  fetch(`${run.simulatorUrl}/__sim/config`, { method: 'PUT', body: JSON.stringify(knobs) });

test('every check of an installation that Entra can reach is green', async () => {
  const { exitCode, stdout } = await doctor({}, 'simulator', '--json');
  const { ok, checks } = JSON.parse(stdout) as Report;
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect({ ok, exitCode }).toEqual({ ok: true, exitCode: 0 });
  expect(checks.map(({ name }) => name)).toEqual([
    'Redis answers',
    'Redis version',
    'Redis eviction',
    'Redis append-only file',
    'Redis last write',
    'Redis appendfsync',
    'Redis memory',
    'secret',
    'data folder',
    'secret file',
    'worker is ready',
    'console is ready',
    'scim-api is ready',
    'console answers',
    'PUBLIC_URL',
    'name of PUBLIC_URL',
    'certificate of PUBLIC_URL',
    'SCIM at PUBLIC_URL',
    'refusal without a token',
    'layout of the data',
    'state',
    'import',
    'leavers',
    'put aside',
    'held',
    'API key',
    'view requesters',
    'view agents',
    'view agents among requesters',
    'view roles',
    'clock',
  ]);
});

test('an address that Entra cannot use', async () => {
  const [nowhere, unknown, plain] = await Promise.all([
    problemsOf({ PUBLIC_URL: `https://${NAME}:${await freePort()}` }),
    problemsOf({ PUBLIC_URL: 'https://scim.nowhere.example' }),
    problemsOf({ PUBLIC_URL: `http://${NAME}:${scimPort}` }),
  ]);
  expect([...nowhere]).toEqual([
    [
      'SCIM at PUBLIC_URL',
      expect.stringMatching(/^Nothing answers there \(ECONNREFUSED\)\. .*proxy forward/),
    ],
  ]);
  expect([...unknown]).toEqual([
    ['name of PUBLIC_URL', expect.stringContaining('is not found (ENOTFOUND). Enter it in the public DNS')],
    ['SCIM at PUBLIC_URL', expect.stringContaining('(ENOTFOUND)')],
  ]);
  expect([...plain]).toEqual([
    ['PUBLIC_URL', expect.stringMatching(/^It begins with http:.* Put a reverse proxy with a certificate/)],
  ]);
});

test('a certificate that nobody trusts', async () => {
  expect([...(await problemsOf({ NODE_EXTRA_CA_CERTS: '' }))]).toEqual([
    [
      'certificate of PUBLIC_URL',
      expect.stringMatching(/^It is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. Let the proxy send/),
    ],
  ]);
});

test('another secret than the stored keys are sealed under', async () => {
  const problems = await problemsOf({ FRESH_SCIM_SECRET: Buffer.alloc(32, 7).toString('base64') });
  expect([...problems]).toEqual([['secret', expect.stringContaining('FRESH_SCIM_SECRET')]]);
});

test('a Redis that may throw people away', async () => {
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  onTestFinished(async () => void (await redis.config('SET', 'maxmemory-policy', 'noeviction')));
  const problems = await problemsOf({});
  expect([...problems.keys()]).toEqual(['Redis eviction', 'worker is ready', 'scim-api is ready']);
  expect(problems.get('Redis eviction')).toContain('noeviction');
});

test('an API key that Freshservice does not accept any more', async () => {
  await configure({ keyRevoked: true });
  onTestFinished(async () => void (await configure({ keyRevoked: false })));
  const problems = await problemsOf({});
  expect(problems.get('API key')).toContain('fresh-scim connection set-key simulator --api-key-file F');
});

test('what is wrong is found, and nothing secret is shown', async () => {
  const secret = Buffer.alloc(32, 7).toString('base64');
  await chmod(join(dataDir, 'secret'), 0o644);
  await redis.config('SET', 'appendfsync', 'everysec');
  const [keyOfAccount = ''] = await redis.keys('{a*}:*');
  await redis.set(keyOfAccount.replace(/:.*$/, ':layoutVersion'), '0');
  const { exitCode, stdout, stderr } = await doctor({ FRESH_SCIM_SECRET: secret }, '--json');
  expect(exitCode).toBe(1);
  const { checks } = JSON.parse(stdout) as Report;
  expect(checks.filter(({ state }) => state === 'problem').map(({ name }) => name)).toEqual([
    'secret',
    'secret file',
    'worker is ready',
    'scim-api is ready',
    'layout of the data',
  ]);
  expect(checks).toContainEqual(expect.objectContaining({ name: 'Redis appendfsync', state: 'warning' }));
  for (const hidden of [secret, (await readFile(join(dataDir, 'secret'), 'utf8')).trim()]) {
    expect(stdout + stderr).not.toContain(hidden);
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
