// One connection: its key, its state, and the people whom somebody has to look at. Pure judgements, and what they need.
import type { Redis } from 'ioredis';
import type { Connection, Connections } from '@fresh-scim/connections';
import { ConnectionError } from '@fresh-scim/connections';
import { LayoutMismatch, verifyLayout } from '@fresh-scim/directory';
import type { PermissionCheck } from '@fresh-scim/freshservice';
import { CliError } from '../failure.ts';
import type { Io } from '../io.ts';
import { loadStatus } from '../look/connection-status.ts';
import type { ConnectionStatus } from '../look/connection-status.ts';
import { checkKey } from '../look/key-check.ts';
import { ask } from './ask.ts';
import type { Answer } from './ask.ts';
import { notChecked, ok, warn, wrong } from './check.ts';
import type { Check } from './check.ts';

/** HTTP dates have whole seconds, and an answer takes some time. */
const SKEW_MS_MAX = 60_000;
const KEY = 'API key';

/** What a connection is looked at with. */
export interface Store {
  readonly redis: Redis;
  readonly connections: Connections;
}

/** At most five calls of the account's budget, and one request for the time to the front page. */
export async function examineConnection(
  { redis, connections }: Store,
  connection: Connection,
  io: Io,
): Promise<Check[]> {
  const { connections: statuses } = await loadStatus(redis, [connection]);
  const checks = [
    await examineLayout(redis, connection),
    ...statuses.flatMap((status) => judgeStatus(status)),
    ...(await examineKey(redis, connections, connection, io)),
    await examineClock(connection.baseUrl),
  ];
  return checks.map((check) => ({ ...check, connection: connection.name }));
}

/** What `status` shows of a connection. */
export function judgeStatus({
  name,
  state,
  reason,
  import: { state: importing },
  parked,
  parkedLeavers,
  held,
}: ConnectionStatus): Check[] {
  return [
    judgeState(name, state, reason),
    judgeImport(name, importing),
    parkedLeavers === 0
      ? ok('leavers')
      : wrong(
          'leavers',
          `${people(parkedLeavers)} who left may still have access.`,
          `See: fresh-scim failures ${name}`,
        ),
    parked === parkedLeavers
      ? ok('put aside')
      : wrong(
          'put aside',
          `${people(parked - parkedLeavers)} put aside.`,
          `See: fresh-scim failures ${name}`,
        ),
    held === 0
      ? ok('held')
      : wrong('held', `The brake holds ${people(held)} back.`, `See: fresh-scim held ${name}`),
  ];
}

function judgeState(name: string, state: ConnectionStatus['state'], reason: string | null): Check {
  const sentence = `${state}: ${reason ?? 'no reason is known'}.`;
  switch (state) {
    case 'running':
    case 'importing':
      return ok('state');
    case 'stopped':
      return wrong(
        'state',
        sentence,
        `Give it a good key: fresh-scim connection set-key ${name} --api-key-file F`,
      );
    case 'paused':
      return warn('state', sentence, `When that is over: fresh-scim connection resume ${name}`);
    case 'throttled':
      return warn('state', sentence, 'It goes on by itself; if it comes often, lower budget.share.');
    case 'observing':
      return warn('state', sentence, `When that is over: fresh-scim connection set ${name} mode=apply`);
  }
}

function judgeImport(name: string, state: ConnectionStatus['import']['state']): Check {
  switch (state) {
    case 'running':
    case 'done':
      return ok('import');
    case 'none':
    case 'cancelled':
      return warn(
        'import',
        state === 'none' ? 'The people of the account were not listed yet.' : 'The last one was cancelled.',
        `Start it: fresh-scim import ${name} start`,
      );
    case 'failed':
      return wrong('import', 'The last one failed.', `See why: fresh-scim import ${name}`);
  }
}

/** @param now of this machine, in epoch milliseconds, when the answer came */
export function judgeClock(answer: Answer, now: number): Check {
  const name = 'clock';
  if ('failure' in answer) return notChecked(name, `Freshservice did not tell the time (${answer.failure}).`);
  const theirs = Date.parse(answer.at ?? '');
  if (Number.isNaN(theirs)) return notChecked(name, 'Freshservice did not tell the time.');
  const skewMs = Math.abs(now - theirs);
  if (skewMs <= SKEW_MS_MAX) return ok(name);
  return warn(
    name,
    `The clock of this machine is ${Math.round(skewMs / 1000)} s away from that of Freshservice.`,
    'Let the machine set its clock from the network (NTP).',
  );
}

/** When the key itself fails, nothing else was tried. @param name of the connection */
export function toKeyChecks(name: string, checks: readonly PermissionCheck[]): Check[] {
  const another = ` To enter another key: fresh-scim connection set-key ${name} --api-key-file F`;
  const judged = checks.map(({ check, ok: isOk, problem, fix }) =>
    isOk
      ? ok(check)
      : wrong(check, problem ?? 'It failed.', `${fix ?? 'Try again.'}${check === KEY ? another : ''}`),
  );
  return checks.length === 1 && checks[0]?.ok === false
    ? [...judged, notChecked('permissions', 'The key does not work.')]
    : judged;
}

async function examineKey(
  redis: Redis,
  connections: Connections,
  connection: Connection,
  io: Io,
): Promise<Check[]> {
  try {
    const key = {
      baseUrl: connection.baseUrl,
      apiKey: await connections.apiKey(connection.id),
      known: connection,
    };
    return toKeyChecks(connection.name, await checkKey(redis, { ...io, hint: () => undefined }, key));
  } catch (error) {
    // Its calls are used up, or the key cannot be opened: the latter is told with the secret, or here.
    if (error instanceof CliError) return [notChecked(KEY, `${error.message} ${error.fix}`)];
    if (!(error instanceof ConnectionError)) throw error;
    if (error.code === 'secret-mismatch') return [notChecked(KEY, 'It cannot be opened with this secret.')];
    if (error.code === 'seal-broken') return [wrong(KEY, error.message, error.fix)];
    throw error;
  }
}

async function examineLayout(redis: Redis, connection: Connection): Promise<Check> {
  try {
    await verifyLayout(redis, connection);
    return ok('layout of the data');
  } catch (error) {
    if (!(error instanceof LayoutMismatch)) throw error;
    return wrong('layout of the data', error.message, 'See docs/operations.md, Upgrade.');
  }
}

async function examineClock(baseUrl: string): Promise<Check> {
  return judgeClock(await ask(new URL('/', baseUrl).href, 'HEAD'), Date.now());
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
