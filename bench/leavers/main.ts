/**
 * How long does a leaver keep access while a backlog waits? Starts scim-api, workers and a simulated account on Pro at
 * its real pace, puts thousands of creates in the way, disables people one by one and in a burst, and prints the delay
 * from the PATCH's answer to Freshservice's answer. Also for people whose own create fails and is being retried.
 *
 * Redis is one of its own and waits for the disk, as `up` has it.
 *
 *   pnpm run bench:leavers --backlog 3000 --leavers 60 --workers 1
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import { createSimulator, type Simulator } from '@fresh-scim/freshservice-sim';
import { connectRedis, provideRedis, spawnNode } from '@fresh-scim/runtime';
import { startPrivateRedis } from '../../test/support/redis-server.ts';

const { values } = parseArgs({
  options: {
    backlog: { type: 'string', default: '3000' },
    leavers: { type: 'string', default: '60' },
    workers: { type: 'string', default: '1' },
  },
});
const [backlog, leavers, workers] = [values.backlog, values.leavers, values.workers].map(Number) as [
  number,
  number,
  number,
];
const DOMAIN = `bench-${randomUUID().slice(0, 8)}.freshservice.test`;
const API_KEY = 'key-of-the-owner';
/** People whose first create fails, so that it is being retried when they leave. */
const RETRIED = 10;

const server = await startPrivateRedis(await provideRedis(), ['--appendfsync', 'always']);
const redis = connectRedis(server.url, 'commands');
const secret = randomBytes(32).toString('base64');
const sim = createSimulator({
  apiKey: API_KEY,
  domain: DOMAIN,
  plan: 'pro',
  latencyMs: 120,
  jitterMs: 40,
  samples: false,
});
const { url } = await sim.listen();
const connections = openConnections(redis, parseSecret(secret), { allowAnyUpstream: true });
const { connection, token } = await connections.add({
  name: DOMAIN,
  domain: DOMAIN,
  baseUrl: url,
  apiKey: API_KEY,
  plan: 'pro',
  settings: { 'brake.count': '1000' },
});
const directory = openDirectory(redis, { accountId: connection.accountId, connectionId: connection.id });

const ports: Record<string, number> = {};
const env = {
  ...process.env,
  REDIS_URL: server.url,
  FRESH_SCIM_SECRET: secret,
  FRESH_SCIM_ALLOW_ANY_UPSTREAM: '1',
  SCIM_PORT: '0',
  SCIM_OPS_PORT: '0',
  WORKER_OPS_PORT: '0',
  LOG_LEVEL: 'warn',
};
const start = (app: string) =>
  spawnNode({
    script: new URL(`../../apps/${app}/src/main.ts`, import.meta.url).pathname,
    env,
    onPorts: (given) => Object.assign(ports, given),
  });
const children = [start('scim-api'), ...Array.from({ length: workers }, () => start('worker'))];

try {
  while (ports['http'] === undefined) await sleep(50);
  const base = `http://127.0.0.1:${ports['http']}/scim/v2/Users`;
  const ids: string[] = [];
  for (let index = 0; index < leavers; index += 1) ids.push(await post(base, `leaver${index}`));
  await until(() => directory.status().then(({ dirty }) => dirty === 0));
  print(`${leavers} people are in Freshservice; ${backlog} more are posted now`);

  await Promise.all(Array.from({ length: 10 }, (_, lane) => postMany(base, lane)));
  const singles = ids.slice(0, Math.ceil(leavers / 2));
  const burst = ids.slice(singles.length);
  const leftAt = new Map<string, number>();
  for (const [index, id] of singles.entries()) {
    await leave(base, id, `leaver${index}`, leftAt);
    await sleep(800);
  }
  const burstAt = singles.length;
  await Promise.all(burst.map((id, index) => leave(base, id, `leaver${burstAt + index}`, leftAt)));
  await until(() => inactiveSince(sim, leftAt).size === leftAt.size);
  const delays = delaysOf(sim, leftAt);
  report('single leavers', delays.slice(0, singles.length));
  report(`burst of ${burst.length}`, delays.slice(singles.length));

  const retried = new Map<string, number>();
  for (let index = 0; index < RETRIED; index += 1) {
    // The people ahead of them have to be created first, so these jump the queue by being the only ones to fail.
    sim.arm({ kind: '504-after', route: 'requesters.create', nth: 1, count: 1 });
    const id = await post(base, `retried${index}`);
    await directory.wake([`User-${id}`], { urgency: 'urgent' });
    await until(() =>
      directory.story(`User-${id}`).then((story) => (story?.failures ?? 0) > 0 || story?.state === 'clean'),
    );
    await leave(base, id, `retried${index}`, retried);
  }
  await until(() => inactiveSince(sim, retried).size === retried.size);
  report('own create being retried', delaysOf(sim, retried));
  const { dirty } = await directory.status();
  print(`changes still waiting: ${dirty}; calls refused: ${sim.log.counts().refused}`);
} finally {
  await Promise.all(children.map((child) => child.stop(10_000)));
  redis.disconnect();
  await sim.close();
  await server.stop();
}

async function post(base: string, name: string): Promise<string> {
  const response = await send(base, 'POST', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${name}@larkspur.example`,
    externalId: randomUUID(),
    active: true,
    displayName: name,
    name: { givenName: name, familyName: 'Bench' },
  });
  return (response as { id: string }).id;
}

async function postMany(base: string, lane: number): Promise<void> {
  for (let index = lane; index < backlog; index += 10) await post(base, `waiting${index}`);
}

async function leave(base: string, id: string, name: string, leftAt: Map<string, number>): Promise<void> {
  await send(`${base}/${id}`, 'PATCH', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  leftAt.set(`${name}@larkspur.example`, Date.now());
}

async function send(address: string, method: string, body: object): Promise<unknown> {
  const response = await fetch(address, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} was answered ${response.status}`);
  return response.json();
}

/** When the simulator deactivated each of them, ms since the epoch. */
function inactiveSince(simulator: Simulator, people: ReadonlyMap<string, number>): Map<string, number> {
  const since = new Map<string, number>();
  for (const { route, userId = 0, at, status } of simulator.log.read(0, 100_000).entries) {
    if (route !== 'requesters.deactivate' || status >= 300) continue;
    const address = simulator.state.users.get(userId)?.primary_email ?? '';
    if (people.has(address) && !since.has(address)) since.set(address, at);
  }
  return since;
}

function delaysOf(simulator: Simulator, leftAt: ReadonlyMap<string, number>): number[] {
  const since = inactiveSince(simulator, leftAt);
  return [...leftAt].map(([address, at]) => (since.get(address) ?? Number.POSITIVE_INFINITY) - at);
}

function report(what: string, delays: readonly number[]): void {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    String(Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0));
  print(
    `${what.padEnd(26)} n ${String(sorted.length).padStart(3)}   p50 ${at(0.5).padStart(6)} ms   p95 ${at(0.95).padStart(6)} ms   max ${at(1).padStart(6)} ms`,
  );
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error('waited five minutes in vain');
    await sleep(100);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
