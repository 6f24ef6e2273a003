// The state of a connection as `status` tells it to people and to programs.
import type { Redis } from 'ioredis';
import type { Connection } from '@fresh-scim/connections';
import type { ImportProgress } from '@fresh-scim/directory';
import { createBudget, PLANS } from '@fresh-scim/freshservice';
import type { BudgetUsage, PlanName } from '@fresh-scim/freshservice';
import { checkRedis, infoFields } from '@fresh-scim/runtime';
import { directoryOf } from '../installation.ts';

const MINUTE_MS = 60_000;

export type ConnectionState = 'importing' | 'running' | 'paused' | 'throttled' | 'stopped' | 'observing';

/** One connection in the status document; names, types and meanings are a contract with programs of others. */
export interface ConnectionStatus {
  readonly id: string;
  readonly name: string;
  readonly state: ConnectionState;
  /** In words, when the state is not `running`. */
  readonly reason: string | null;
  readonly resources: { readonly users: number; readonly groups: number; readonly unmanaged: number };
  /** Groups whose newest state is not in Freshservice; not counted as dirty. */
  readonly groupsNotApplied: number;
  /** Dirty and deferred keys: 0 means that everything that can be done is done. */
  readonly dirty: number;
  readonly deferred: number;
  readonly oldestDirtySeconds: number | null;
  readonly oldestUrgentSeconds: number | null;
  readonly parked: number;
  readonly parkedLeavers: number;
  readonly held: number;
  readonly notes: number;
  readonly budget: {
    readonly callsPerMinute: number | null;
    readonly share: number;
    readonly usedLastMinute: number;
  };
  /** Of the newest import. */
  readonly import: { readonly state: ImportProgress['state']; readonly seen: number };
  /** Of what is dirty now, at the account's limit; null when nothing is, or when nothing moves. */
  readonly etaSeconds: number | null;
  /** ISO 8601. */
  readonly lastSuccessAt: string | null;
}

/** The whole status document. */
export interface StatusDocument {
  /** ISO 8601. */
  readonly at: string;
  readonly redis: {
    readonly version: string | null;
    readonly usedMemoryBytes: number | null;
    /** What makes this server unfit, in words. */
    readonly problems: readonly string[];
  };
  readonly connections: readonly ConnectionStatus[];
}

/** The status of these connections. */
export async function loadStatus(redis: Redis, connections: readonly Connection[]): Promise<StatusDocument> {
  const info = infoFields(await redis.info());
  const memory = info.get('used_memory');
  return {
    at: new Date().toISOString(),
    redis: {
      version: info.get('redis_version') ?? null,
      usedMemoryBytes: memory === undefined ? null : Number(memory),
      problems: (await checkRedis(redis)).map(({ message }) => message),
    },
    connections: await Promise.all(connections.map((connection) => loadConnectionStatus(redis, connection))),
  };
}

/** The status of one connection. */
async function loadConnectionStatus(redis: Redis, connection: Connection): Promise<ConnectionStatus> {
  const directory = directoryOf(redis, connection);
  const [counts, usage, progress] = await Promise.all([
    directory.status(),
    budgetOf(redis, connection).usage(),
    directory.loadImport(),
  ]);
  const { state, reason } = stateOf(connection, usage, progress);
  const { callsPerMinute, share, usedLastMinute } = usage;
  const {
    users,
    groups,
    groupsNotApplied,
    unmanaged,
    dirty,
    deferred,
    oldestDirtySeconds,
    oldestUrgentSeconds,
    lastSuccessAt,
  } = counts;
  return {
    id: connection.id,
    name: connection.name,
    state,
    reason,
    resources: { users, groups, unmanaged },
    groupsNotApplied,
    dirty,
    deferred,
    oldestDirtySeconds,
    oldestUrgentSeconds,
    parked: counts.parked,
    parkedLeavers: counts.parkedLeavers,
    held: counts.held,
    notes: counts.notes,
    budget: { callsPerMinute, share, usedLastMinute },
    import: { state: progress.state, seen: progress.seen },
    etaSeconds:
      state === 'stopped' || state === 'paused' ? null : etaSecondsOf(dirty, usage, connection.minuteMs),
    lastSuccessAt: lastSuccessAt === null ? null : new Date(lastSuccessAt).toISOString(),
  };
}

/** One call per change, which is what most changes take. */
function etaSecondsOf(
  dirty: number,
  { callsPerMinute, share }: BudgetUsage,
  minuteMs: number,
): number | null {
  if (dirty === 0 || callsPerMinute === null) return null;
  return Math.ceil(((dirty / (callsPerMinute * share)) * minuteMs) / 1000);
}

function stateOf(
  connection: Connection,
  usage: BudgetUsage,
  { state: importing, completedAt, seen }: ImportProgress,
): { state: ConnectionState; reason: string | null } {
  if (connection.stopped !== undefined) {
    return { state: 'stopped', reason: `Freshservice refuses our API key (${connection.stopped.reason})` };
  }
  if (connection.paused) return { state: 'paused', reason: 'an operator paused it' };
  if (usage.pausedMs > 0) {
    const seconds = Math.ceil(usage.pausedMs / 1000);
    return { state: 'throttled', reason: `Freshservice refused a call; calls go on in ${seconds} s` };
  }
  if (importing === 'running' && completedAt === null) {
    return {
      state: 'importing',
      reason: `the people of the account are being listed, ${seen} so far; new people wait for the end of it, leavers do not`,
    };
  }
  if (connection.settings.mode === 'observe') {
    return {
      state: 'observing',
      reason: 'it shows what would be changed and changes nothing (mode=observe)',
    };
  }
  return { state: 'running', reason: null };
}

/** The budget of a connection's account, as the workers have it. */
export function budgetOf(redis: Redis, { accountId, settings, plan, minuteMs }: Connection) {
  return createBudget({
    redis,
    accountId,
    share: settings['budget.share'],
    plan: isPlan(plan) ? plan : undefined,
    windowMs: minuteMs === MINUTE_MS ? undefined : minuteMs,
  });
}

function isPlan(plan: string | undefined): plan is PlanName {
  return plan !== undefined && Object.hasOwn(PLANS, plan);
}
