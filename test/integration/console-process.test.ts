// The console as a process: what it announces, what it does without Redis, and how it ends.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnNode } from '@fresh-scim/runtime';
import type { NodeChild } from '@fresh-scim/runtime';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { until } from '../support/poll.ts';

const SCRIPT = fileURLToPath(new URL('../../apps/console/src/main.ts', import.meta.url));
const NO_REDIS = 'redis://127.0.0.1:1';

let dataDir: string;
const children: NodeChild[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fresh-scim-console-'));
});

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop(60_000)));
  await rm(dataDir, { recursive: true });
});

function start(env: NodeJS.ProcessEnv): NodeChild {
  const ports = { CONSOLE_PORT: '0', CONSOLE_OPS_PORT: '0', LOG_LEVEL: 'silent' };
  const child = spawnNode({
    script: SCRIPT,
    env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'], ...ports, ...env },
  });
  children.push(child);
  return child;
}

async function portsOf(child: NodeChild): Promise<{ http: number; ops: number }> {
  return until('its ports', () => {
    const { http, ops } = child.ports();
    return http !== undefined && ops !== undefined && { http, ops };
  });
}

test('makes its password, serves the sign-in page, is ready, and ends when asked to', async () => {
  const child = start({ REDIS_URL: inject('redisUrl'), FRESH_SCIM_DATA_DIR: dataDir });
  const { http, ops } = await portsOf(child);
  expect(await readFile(join(dataDir, 'console-password'), 'utf8')).toMatch(/^[2-9a-z-]{23}\n$/);
  const page = await fetch(`http://127.0.0.1:${http}/`, { headers: { accept: 'text/html' } });
  expect([page.url, page.status]).toEqual([`http://127.0.0.1:${http}/sign-in`, 200]);
  expect(await page.text()).toContain('name="password"');
  expect((await fetch(`http://127.0.0.1:${ops}/readyz`)).status).toBe(200);
  expect(await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text()).toContain(
    'process_cpu_seconds_total',
  );
  await child.stop(60_000);
  expect(await child.exited).toContain('0');
});

test('without Redis it lives, says that it is not ready, and shows nothing', async () => {
  const { http, ops } = await portsOf(start({ REDIS_URL: NO_REDIS, FRESH_SCIM_DATA_DIR: dataDir }));
  const statuses = await Promise.all(
    [`${ops}/livez`, `${ops}/readyz`].map(async (path) => (await fetch(`http://127.0.0.1:${path}`)).status),
  );
  expect(statuses).toEqual([200, 503]);
  const cookie = `fresh_scim_session_${http}=${'a'.repeat(43)}`;
  expect((await fetch(`http://127.0.0.1:${http}/`, { headers: { cookie } })).status).toBe(503);
});

test('a wrong configuration ends it with 2', async () => {
  expect(await start({ REDIS_URL: NO_REDIS }).exited).toContain('2');
});
