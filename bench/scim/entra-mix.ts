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
import { type Figures, joined, toFigures } from './figures.ts';
import { type Exchange, type Measured, send, type Target } from './load.ts';
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
    const elapsedMs = Math.max(...rounds.map((round) => round.elapsedMs));
    const figures = toFigures([joined(rounds, elapsedMs)]);
    return { tenants: count, perSecond: options.perSecond, figures, applied };
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    redis.disconnect();
    await server.stop();
  }
}

async function runTenant(
  { target, crowd }: Tenant,
  tenant: number,
  { perSecond, seconds, tenants }: EntraMixOptions,
): Promise<Measured> {
  const pool = new Pool(target.origin, { connections: SOCKETS, pipelining: 1 });
  const next = mixedRequests(crowd);
  const latenciesMs: number[] = [];
  const problems: string[] = [];
  const sendDue = async (dueAt: number): Promise<void> => {
    // A timer may fire up to a millisecond early.
    const from = Math.min(dueAt, performance.now());
    const problem = await send(pool, target, next());
    if (problem === undefined) latenciesMs.push(performance.now() - from);
    else problems.push(problem);
  };
  const everyMs = 1000 / perSecond;
  // Tenants do not beat in time.
  const startAt = performance.now() + (everyMs * tenant) / tenants;
  const underWay: Promise<void>[] = [];
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const dueAt = startAt + number * everyMs;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    underWay.push(sendDue(dueAt));
  }
  await Promise.all(underWay);
  const elapsedMs = performance.now() - startAt;
  await pool.close();
  return { latenciesMs, elapsedMs, errors: problems.length, firstError: problems[0] };
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

function repeat(operation: Operation, times: number): Operation[] {
  return Array.from({ length: times }, () => operation);
}
