/** The numbers of a connection: how much is stored, waits, failed, and since when. */

import type { Redis } from 'ioredis';
import { connectionPrefix, type Key, type Scope } from './scope.ts';
import { guarded } from './unavailable.ts';

export interface DirectoryStatus {
  /** People whom Entra manages. */
  readonly users: number;
  /** Accounts that an import has shown, and Entra has not written to. */
  readonly unmanaged: number;
  readonly groups: number;
  /** Groups whose newest state is not in Freshservice. They are neither dirty nor deferred. */
  readonly groupsNotApplied: number;
  /** Dirty and deferred keys: 0 means that everything that can be done is done. */
  readonly dirty: number;
  readonly deferred: number;
  readonly parked: number;
  /** Parked keys that should have taken access away. */
  readonly parkedLeavers: number;
  readonly held: number;
  /** Keys that settled with something left out. */
  readonly notes: number;
  /** Age of the oldest change that is not in Freshservice yet; null when there is none. */
  readonly oldestDirtySeconds: number | null;
  readonly oldestUrgentSeconds: number | null;
  /** Milliseconds since the epoch; null before the first. */
  readonly lastSuccessAt: number | null;
  /** Settles that changed at least one attribute of a person, since the connection was made. */
  readonly applied: number;
}

export async function loadStatus(redis: Redis, scope: Scope): Promise<DirectoryStatus> {
  const prefix = connectionPrefix(scope);
  return guarded(async () => {
    const [
      clock,
      resources,
      unmanaged,
      groups,
      groupsNotApplied,
      unsettled,
      deferred,
      parked,
      parkedLeavers,
      held,
      notes,
      oldest,
      oldestUrgent,
      stats,
    ] = await Promise.all([
      redis.time(),
      redis.zcard(`${prefix}ord`),
      redis.zcard(`${prefix}unmanaged`),
      redis.zcard(`${prefix}gord`),
      redis.zcard(`${prefix}unapplied`),
      redis.zcard(`${prefix}unsettled`),
      redis.zcard(`${prefix}deferred`),
      redis.zcard(`${prefix}parked`),
      redis.scard(`${prefix}parkedLeavers`),
      redis.zcard(`${prefix}held`),
      redis.scard(`${prefix}noted`),
      redis.zrange(`${prefix}unsettled`, '0', '0', 'WITHSCORES'),
      redis.zrange(`${prefix}urgent`, '0', '0', 'WITHSCORES'),
      redis.hgetall(`${prefix}stats`),
    ]);
    const now = Number(clock[0]) * 1000 + Math.floor(Number(clock[1]) / 1000);
    const age = ([, since]: string[]): number | null =>
      since === undefined ? null : Math.max(0, Math.floor((now - Number(since)) / 1000));
    return {
      users: resources - unmanaged,
      unmanaged,
      groups,
      groupsNotApplied,
      dirty: unsettled,
      deferred,
      parked,
      parkedLeavers,
      held,
      notes,
      oldestDirtySeconds: age(oldest),
      oldestUrgentSeconds: age(oldestUrgent),
      lastSuccessAt: stats['lastSuccessAt'] ? Number(stats['lastSuccessAt']) : null,
      applied: Number(stats['applied'] ?? 0),
    };
  });
}

/** A page of the keys that are parked or held, those whose turn comes first in front. */
export async function keysIn(
  redis: Redis,
  scope: Scope,
  state: 'parked' | 'held' | 'deferred',
  start: number,
  count: number,
): Promise<Key[]> {
  const keys = await guarded(() =>
    redis.zrange(`${connectionPrefix(scope)}${state}`, String(start), String(start + count - 1)),
  );
  return keys as Key[];
}
