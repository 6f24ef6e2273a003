/** scim-api as a process: what it announces, what it keeps over a kill, how it lives without Redis, and how it ends. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import { connectRedis, provideRedis, spawnNode, startEmbeddedRedis } from '@fresh-scim/runtime';
import type { NodeChild } from '@fresh-scim/runtime';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/poll.ts';
import { person } from '../support/scim-api.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

const SCRIPT = fileURLToPath(new URL('../../apps/scim-api/src/main.ts', import.meta.url));
const NO_REDIS = 'redis://127.0.0.1:1';
const secret = randomBytes(32).toString('base64');
const children: NodeChild[] = [];

afterEach(() => Promise.all(children.splice(0).map((child) => child.stop(60_000))));

function start(env: NodeJS.ProcessEnv): NodeChild {
  const fixed = {
    PATH: process.env['PATH'],
    LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'],
    SCIM_PORT: '0',
    SCIM_OPS_PORT: '0',
    LOG_LEVEL: 'silent',
  };
  const child = spawnNode({ script: SCRIPT, env: { ...fixed, ...env } });
  children.push(child);
  return child;
}

const portsOf = (child: NodeChild): Promise<{ http: number; ops: number }> =>
  until('the ports of the process', () => {
    const { http, ops } = child.ports();
    return http !== undefined && ops !== undefined && { http, ops };
  });

const statusOf = async (port: number, path: string): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.arrayBuffer();
  return response.status;
};

it('keeps over a kill what it has acknowledged, counts without names, and ends when it is asked to', async () => {
  await using folder = await temporaryFolder();
  const server = await startEmbeddedRedis({ dataDir: folder.path, binary: await provideRedis() });
  const redis = connectRedis(server.url, 'commands');
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop(5_000);
  });
  const connections = openConnections(redis, parseSecret(secret));
  const { token } = await connections.add({ name: 'Acme', domain: 'acme.freshservice.com', apiKey: 'k' });

  const env = {
    REDIS_URL: server.url,
    FRESH_SCIM_SECRET: secret,
    PUBLIC_URL: 'https://scim.larkspur.example',
  };
  const first = start(env);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const body = JSON.stringify(person());
  const post = await fetch(`http://127.0.0.1:${(await portsOf(first)).http}/scim/v2/Users`, {
    method: 'POST',
    headers,
    body,
  });
  const created = (await post.json()) as { id: string };
  expect([post.status, post.headers.get('location')]).toEqual([
    201,
    `https://scim.larkspur.example/scim/v2/Users/${created.id}`,
  ]);
  process.kill(first.pid, 'SIGKILL');
  await first.exited;

  const second = start(env);
  const { http, ops } = await portsOf(second);
  const read = await fetch(`http://127.0.0.1:${http}/scim/v2/Users/${created.id}?excludedAttributes=x`, {
    headers,
  });
  expect(await read.json()).toEqual(created);
  expect(await statusOf(ops, '/readyz')).toBe(200);
  const metrics = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
  expect(metrics).toMatch(/fresh_scim_request_seconds_count\{.*route="\/scim\/v2\/Users\/:id".*\} 1/);
  expect(metrics).not.toContain(created.id);
  await redis.set((await redis.keys('*layoutVersion'))[0] ?? '', '99'); // as a newer version would
  expect(await statusOf(ops, '/readyz')).toBe(503);
  await second.stop(60_000);
  expect(await second.exited).toContain('0');
});

it('lives without Redis, says that it is not ready, and answers 503', async () => {
  const { http, ops } = await portsOf(start({ REDIS_URL: NO_REDIS, FRESH_SCIM_SECRET: secret }));
  expect([await statusOf(ops, '/livez'), await statusOf(ops, '/readyz')]).toEqual([200, 503]);
  const authorization = `Bearer fsc_${'A'.repeat(43)}`;
  const answer = await fetch(`http://127.0.0.1:${http}/scim/v2/Users`, { headers: { authorization } });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
  await answer.arrayBuffer();
});

it('ends with 2 when its configuration is wrong', async () => {
  expect(await start({ REDIS_URL: NO_REDIS }).exited).toContain('2');
});
