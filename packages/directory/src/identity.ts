/** What several keys may share: the same person under two resources, and facts about the Freshservice account. */

import type { Redis } from 'ioredis';
import { indexValue } from './commit.ts';
import { parseObserved } from './records.ts';
import { accountPrefix, connectionPrefix, idOf, type Key, type Scope, userKey } from './scope.ts';
import { loadStory } from './story.ts';
import { guarded } from './unavailable.ts';

/** Another key of the same person. */
export interface Identity {
  readonly key: Key;
  /** Live and active; false for a disabled or deleted one. */
  readonly active: boolean;
  readonly deleted: boolean;
  /** For `Awaited`: nothing that it does after what is said here goes unnoticed. */
  readonly changes: string;
  /** Milliseconds since the epoch, by the clock of Redis; undefined for a deleted one. */
  readonly createdAt: number | undefined;
  /** The Freshservice account that it is, or was, bound to. */
  readonly remoteId: number | undefined;
  /** A call may be in flight, or have had an effect that nobody has seen yet. */
  readonly isUnresolved: boolean;
}

/** Of the live ones, and of the deleted ones; commit.lua keeps no more of the latter. */
const OTHERS_MAX = 10;

/** Entra's externalId is not unique at the SCIM edge, so there may be several. Live ones first, then the newest deleted. */
export async function sameIdentity(
  redis: Redis,
  scope: Scope,
  externalId: string,
  except: Key,
): Promise<Identity[]> {
  const prefix = connectionPrefix(scope);
  const value = indexValue(externalId);
  const [live, deleted] = await guarded(() =>
    Promise.all([redis.hget(`${prefix}xi`, value), redis.hget(`${prefix}xt`, value)]),
  );
  const ids = [live, deleted].flatMap((list) => (list ?? '').split(',').filter(Boolean).slice(0, OTHERS_MAX));
  const keys = [...new Set(ids.map(userKey))].filter((key) => key !== except);
  const stories = await Promise.all(keys.map((key) => loadStory(redis, scope, key)));
  return stories.flatMap((story) => {
    if (!story?.managed) return [];
    const active = story.resource !== undefined && JSON.parse(story.resource.json).active !== false;
    return [
      {
        key: story.key,
        active,
        deleted: !story.resource,
        changes: story.changes,
        createdAt: story.resource?.createdAt,
        remoteId: story.observed?.remoteId,
        isUnresolved: story.intent !== undefined,
      },
    ];
  });
}

export async function refuseAttribute(redis: Redis, scope: Scope, attribute: string): Promise<void> {
  await guarded(() => redis.sadd(`${accountPrefix(scope)}refused`, attribute));
}

export async function remoteIdOf(redis: Redis, scope: Scope, key: Key): Promise<number | undefined> {
  const text = await guarded(() => redis.get(`${connectionPrefix(scope)}o:${idOf(key)}`));
  return parseObserved(text ?? '')?.remoteId;
}

/** The key of this connection that owns a Freshservice account; `undefined` for nobody, or another connection. */
export async function ownerOf(redis: Redis, scope: Scope, remoteId: number): Promise<Key | undefined> {
  const owner = await guarded(() => redis.hget(`${accountPrefix(scope)}owners`, String(remoteId)));
  const mine = `${scope.connectionId}/`;
  return owner?.startsWith(mine) ? (owner.slice(mine.length) as Key) : undefined;
}
