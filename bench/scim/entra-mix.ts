/**
 * Twenty tenants in the middle of a cycle at once, each with the 25 requests a second that Entra allows itself, while a
 * worker brings the changes to twenty simulated accounts on the same machine. Requests are sent when they are due,
 * whatever became of those before, and a latency counts from then: a server that falls behind cannot hide it.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import { type Directory, openDirectory } from '@fresh-scim/directory';
import { connectRedis, type RedisBinary } from '@fresh-scim/runtime';
import { Pool } from 'undici';
import { startPrivateRedis } from '../../test/support/redis-server.ts';
import { type Figures, toFigures } from './figures.ts';
import { type Exchange, send, type Target } from './load.ts';
import { create, type Crowd, fill, type Operation, requestsOf } from './operations.ts';
import { type Fsync, type Program, startApp, startProgram } from './servers.ts';

/** What a cycle asks for: new people are looked for and created, known ones are read and changed. */
const MIX: readonly Operation[] = [
  ...repeat('userName eq', 6),
  ...repeat('create', 3),
  ...repeat('get by id', 6),
  ...repeat('PATCH active', 1),
];
/** Connections that Entra may have open to one tenant. */
const SOCKETS = 10;

export interface EntraMixOptions {
  readonly tenants: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Whom each tenant has at the start. */
  readonly people: number;
  readonly fsync: Fsync;
}

/** What came of it. */
export interface EntraMix {
  readonly tenants: number;
  readonly perSecond: number;
  /** All tenants together. */
  readonly figures: Figures;
  /** Changes that the worker brought to the accounts meanwhile. */
  readonly applied: number;
}

interface Tenant {
  readonly target: Target;
  readonly crowd: Crowd;
  readonly directory: Directory;
}

export async function runEntraMix(binary: RedisBinary, options: EntraMixOptions): Promise<EntraMix> {
  const { tenants: count, people } = options;
  const server = await startPrivateRedis(binary, ['--appendfsync', options.fsync]);
  const redis = connectRedis(server.url, 'commands');
  const programs: Program[] = [];
  const start = async (program: Promise<Program>): Promise<Program> => {
    programs.push(await program);
    return program;
  };
  try {
    const apiKey = 'key-of-the-owner';
    const secret = randomBytes(32).toString('base64');
    const env = { REDIS_URL: server.url, FRESH_SCIM_SECRET: secret, FRESH_SCIM_ALLOW_ANY_UPSTREAM: '1' };
    const accounts = await start(startProgram('./accounts.ts', {}, [String(count), apiKey]));
    const scimApi = await start(startApp('scim-api', env));
    const connections = openConnections(redis, parseSecret(secret), { allowAnyUpstream: true });
    const tenants: Tenant[] = [];
    for (const [name, port] of Object.entries(accounts.ports)) {
      const { connection, token } = await connections.add({
        name: `Tenant ${name}`,
        domain: `tenant${name}.freshservice.test`,
        baseUrl: `http://127.0.0.1:${port}`,
        apiKey,
        plan: 'pro',
        settings: { 'brake.count': '100000' },
      });
      const target = { origin: `http://127.0.0.1:${scimApi.ports['http']}`, token };
      const scope = { accountId: connection.accountId, connectionId: connection.id };
      tenants.push({ target, crowd: { people: [], next: 0 }, directory: openDirectory(redis, scope) });
    }
    for (const { target, crowd } of tenants) await fill(target, crowd, people);
    await start(startApp('worker', env));
    const before = await appliedBy(tenants);
    const rounds = await Promise.all(tenants.map((tenant, index) => runTenant(tenant, index, options)));
    const applied = (await appliedBy(tenants)) - before;
    const figures = toFigures([joined(rounds, options.seconds)]);
    return { tenants: count, perSecond: options.perSecond, figures, applied };
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    redis.disconnect();
    await server.stop();
  }
}

interface Sent {
  readonly latenciesMs: number[];
  readonly problems: string[];
}

async function runTenant({ target, crowd }: Tenant, tenant: number, options: EntraMixOptions): Promise<Sent> {
  const { perSecond, seconds, tenants } = options;
  const pool = new Pool(target.origin, { connections: SOCKETS, pipelining: 1 });
  const next = mixedRequests(crowd);
  const sent: Sent = { latenciesMs: [], problems: [] };
  const everyMs = 1000 / perSecond;
  // Tenants do not beat in time.
  const from = performance.now() + (everyMs * tenant) / tenants;
  const underWay: Promise<void>[] = [];
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const dueAt = from + number * everyMs;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    underWay.push(sendDue(pool, target, next(), dueAt, sent));
  }
  await Promise.all(underWay);
  await pool.close();
  return sent;
}

async function sendDue(
  pool: Pool,
  target: Target,
  exchange: Exchange,
  dueAt: number,
  sent: Sent,
): Promise<void> {
  // A timer may fire up to a millisecond early.
  const startedAt = Math.min(dueAt, performance.now());
  const problem = await send(pool, target, exchange);
  if (problem === undefined) sent.latenciesMs.push(performance.now() - startedAt);
  else sent.problems.push(problem);
}

/** In a fixed order that spreads each kind evenly. */
function mixedRequests(crowd: Crowd): () => Exchange {
  const kinds = new Map(MIX.map((operation) => [operation, requestsOf(operation, crowd)]));
  let turn = 0;
  return () => {
    turn += 1;
    const operation = MIX[(turn * 7) % MIX.length];
    return (operation && kinds.get(operation)?.()) ?? create(crowd);
  };
}

async function appliedBy(tenants: readonly Tenant[]): Promise<number> {
  const statuses = await Promise.all(tenants.map(({ directory }) => directory.status()));
  return statuses.reduce((sum, { applied }) => sum + applied, 0);
}

function joined(all: readonly Sent[], seconds: number): Parameters<typeof toFigures>[0][number] {
  const problems = all.flatMap((sent) => sent.problems);
  return {
    latenciesMs: all.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b),
    elapsedMs: seconds * 1000,
    errors: problems.length,
    firstError: problems[0],
  };
}

function repeat(operation: Operation, times: number): Operation[] {
  return Array.from({ length: times }, () => operation);
}
