/**
 * Unmanaged resources: accounts that a listing showed, and that Entra has not written to. SCIM sees them as it sees any
 * other user, so that Entra finds people instead of creating them. They follow the listings until Entra claims them.
 */

import type { Redis } from 'ioredis';
import type { Attributes } from '@fresh-scim/scim';
import { commit, type Import, isCommitted } from './commit.ts';
import type { Chance } from './contention.ts';
import { type Observed, parseObserved } from './records.ts';
import { getUser } from './resources.ts';
import { accountPrefix, connectionPrefix, idOf, type Key, type Scope, userKey } from './scope.ts';
import { runScript } from './scripts.ts';
import { parseStored, type StoredResource } from './stored.ts';
import { guarded } from './unavailable.ts';

const SLICE = 100;

/** An account that somebody owns. */
export interface KnownAccount {
  /** `undefined`: a key of another connection, of which no more is told than whether it is managed. */
  readonly key: Key | undefined;
  readonly managed: boolean;
  readonly stored: StoredResource | undefined;
  readonly observed: Observed | undefined;
}

/** Who owns these accounts; those that nobody owns are left out. */
export async function loadAccounts(
  redis: Redis,
  scope: Scope,
  remoteIds: readonly number[],
): Promise<ReadonlyMap<number, KnownAccount>> {
  if (remoteIds.length === 0) return new Map();
  const prefix = connectionPrefix(scope);
  const mine = `${scope.connectionId}/`;
  return guarded(async () => {
    const owners = await redis.hmget(`${accountPrefix(scope)}owners`, ...remoteIds.map(String));
    const found = remoteIds.map(async (remoteId, index): Promise<[number, KnownAccount][]> => {
      const owner = owners[index];
      if (!owner) return [];
      if (!owner.startsWith(mine)) {
        const [connectionId, ...key] = owner.split('/');
        const managed = await redis.hget(
          `${accountPrefix(scope)}${connectionId}:k:${key.join('/')}`,
          'managed',
        );
        return [
          [remoteId, { key: undefined, managed: managed !== '0', stored: undefined, observed: undefined }],
        ];
      }
      const key = owner.slice(mine.length) as Key;
      const id = idOf(key);
      const [managed, text, observed] = await Promise.all([
        redis.hget(`${prefix}k:${key}`, 'managed'),
        redis.get(`${prefix}u:${id}`),
        redis.get(`${prefix}o:${id}`),
      ]);
      const stored = text === null ? undefined : parseStored(id, text);
      return [[remoteId, { key, managed: managed !== '0', stored, observed: parseObserved(observed ?? '') }]];
    });
    return new Map((await Promise.all(found)).flat());
  });
}

/**
 * Makes an account visible that nobody owns.
 *
 * @returns false when a person whom Entra manages has its address or externalId: that one's reconcile finds it.
 */
export async function showAccount(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  attributes: Attributes,
  listed: Import,
): Promise<boolean> {
  return isCommitted(await commit(redis, scope, { id: chance.newId(), after: attributes, import: listed }));
}

/** An unmanaged resource as a newer listing shows it. Left alone if Entra was faster. */
export async function updateAccount(
  redis: Redis,
  scope: Scope,
  stored: StoredResource,
  attributes: Attributes,
  listed: Import,
): Promise<void> {
  const before = { attributes: JSON.parse(stored.json) as Attributes, stored }; // written by this package only
  await commit(redis, scope, { id: stored.id, before, after: attributes, import: listed });
}

/** A newer snapshot of an account that a key owns. Left alone if somebody is at it or has looked since. */
export async function refreshAccount(
  redis: Redis,
  scope: Scope,
  key: Key,
  readAt: number,
  { remoteId, observed, listing }: Import,
): Promise<boolean> {
  const args = [key, remoteId, readAt, JSON.stringify(observed), listing];
  return (await runScript(redis, 'refresh', scope, args)) === 1;
}

/**
 * Takes an unmanaged resource away, its account stays as it is: another key is about to claim it.
 *
 * @returns false when Entra manages it, or there is none.
 */
export async function hideAccount(redis: Redis, scope: Scope, key: Key): Promise<boolean> {
  const stored = await getUser(redis, scope, idOf(key));
  if (!stored) return false;
  const before = { attributes: JSON.parse(stored.json) as Attributes, stored }; // written by this package only
  const nowhere: Observed = { readAt: 0, values: {}, echoes: {}, sentAddresses: [], ours: [] };
  const listed = { remoteId: 0, observed: nowhere, listing: 0 };
  return isCommitted(await commit(redis, scope, { id: stored.id, before, import: listed }));
}

/**
 * Takes away who was in neither this complete listing nor the complete one before.
 *
 * @param listing the number of the listing that has just been read to its end.
 * @returns how many.
 */
export async function hideVanished(redis: Redis, scope: Scope, listing: number): Promise<number> {
  let hidden = 0;
  for (;;) {
    const ids = await guarded(() =>
      redis.zrangebyscore(`${connectionPrefix(scope)}unmanaged`, '-inf', listing - 2, 'LIMIT', 0, SLICE),
    );
    const done = await Promise.all(ids.map((id) => hideAccount(redis, scope, userKey(id))));
    const count = done.filter(Boolean).length;
    hidden += count;
    // Those that Entra has just claimed have left the set by themselves.
    if (ids.length < SLICE || count === 0) return hidden;
  }
}
