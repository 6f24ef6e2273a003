/** What the SCIM face does with users: create, read, find, page, scan, change and delete. */

import type { Redis } from 'ioredis';
import { type Attributes, type Lookup, ScimError } from '@fresh-scim/scim';
import { type Committed, commit, indexValue, isCommitted } from './commit.ts';
import { connectionPrefix, type Scope, userKey } from './scope.ts';
import { parseStored, type StoredResource } from './stored.ts';
import { DirectoryUnavailable, guarded } from './unavailable.ts';

/** Randomness and time, passed in. */
export interface Chance {
  /** A fresh SCIM id: random, never from a counter, since a lost tail of the log would hand one out again. */
  newId(): string;
  /** Waits `ms`, for the gap between two tries of a contended change. */
  pause(ms: number): Promise<void>;
  random(): number;
}

/** Tries of one contended change before it is answered with 503 and `Retry-After`. */
const CHANGE_TRIES_MAX = 40;
/** Tries of one create against claims and imports of the same person. */
const CREATE_TRIES_MAX = 5;
/** Candidates of one look-up by a value that is not unique. */
const CANDIDATES_MAX = 50;

/**
 * Stores a new user. Where the import has shown the account of the same person, by userName, else externalId, else work
 * e-mail, its resource is claimed: it keeps its id, and there are never two resources of one account.
 *
 * @throws {ScimError} 409 `uniqueness`.
 */
export async function createUser(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  attributes: Attributes,
): Promise<Committed> {
  for (let attempt = 0; attempt < CREATE_TRIES_MAX; attempt += 1) {
    const result = await commit(redis, scope, { id: chance.newId(), after: attributes });
    if (isCommitted(result)) return result;
    if (typeof result === 'string') continue; // a fresh id was in use already
    const claimed = await claimUser(redis, scope, result.unmanaged, attributes);
    if (claimed) return claimed;
  }
  throw new DirectoryUnavailable('This user is being changed by too many requests at once.');
}

/** @returns `undefined` when somebody else claimed it, or the import changed it: the create is to be tried again. */
async function claimUser(
  redis: Redis,
  scope: Scope,
  id: string,
  attributes: Attributes,
): Promise<Committed | undefined> {
  const stored = await getUser(redis, scope, id);
  if (!stored) return undefined;
  const before = { attributes: JSON.parse(stored.json) as Attributes, stored }; // written by this package only
  const result = await commit(redis, scope, { id, before, after: attributes, claims: true });
  return isCommitted(result) ? result : undefined;
}

export async function getUser(redis: Redis, scope: Scope, id: string): Promise<StoredResource | undefined> {
  const text = await guarded(() => redis.get(`${connectionPrefix(scope)}u:${id}`));
  return text === null ? undefined : parseStored(id, text);
}

/**
 * Loads, changes and stores, until nobody was faster.
 *
 * @param change pure; returns the very object that it was given when nothing changes. Errors of it pass through,
 * and nothing is stored.
 * @returns `undefined` when there is no such user.
 * @throws {ScimError} 409 `uniqueness`, 412 when `ifMatch` names another version.
 * @throws {DirectoryUnavailable} when the user is changed by others faster than we can follow.
 */
export async function mutateUser(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  id: string,
  change: (attributes: Attributes) => Attributes | undefined,
  ifMatch?: string,
): Promise<Committed | undefined> {
  for (let attempt = 0; attempt < CHANGE_TRIES_MAX; attempt += 1) {
    if (attempt > 0) await chance.pause(chance.random() * Math.min(2 ** attempt, 50));
    const stored = await getUser(redis, scope, id);
    if (!stored) return undefined;
    assertMatches(stored, ifMatch);
    const attributes = JSON.parse(stored.json) as Attributes; // written by this package only
    const after = change(attributes);
    if (after === attributes) return { stored, changed: false, key: userKey(id), urgency: 'normal' };
    const result = await commit(redis, scope, {
      id,
      before: { attributes, stored },
      ...(after === undefined ? {} : { after }),
    });
    if (result === 'gone') return undefined;
    if (isCommitted(result)) return result;
  }
  throw new DirectoryUnavailable('This user is being changed by too many requests at once.');
}

function assertMatches(stored: StoredResource, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  const version = `W/"${stored.generation}"`;
  const wanted = new Set(ifMatch.split(',').map((tag) => tag.trim()));
  if (!wanted.has(version) && !wanted.has(version.slice(2))) {
    throw new ScimError(
      412,
      undefined,
      'The resource has changed since the version that If-Match names. Read it again.',
    );
  }
}

/** The few users that may fit; which of them do is for the caller's whole filter to say. */
export async function lookupUsers(redis: Redis, scope: Scope, lookup: Lookup): Promise<StoredResource[]> {
  const prefix = connectionPrefix(scope);
  const ids = await guarded(async () => {
    switch (lookup.by) {
      case 'id':
        return [lookup.value];
      case 'userName':
        return [await redis.hget(`${prefix}un`, indexValue(lookup.value.toLowerCase()))];
      case 'externalId':
        return ((await redis.hget(`${prefix}xi`, indexValue(lookup.value))) ?? '').split(',');
      case 'email': {
        const value = indexValue(lookup.value.toLowerCase());
        const [named, listed] = await Promise.all([
          redis.hget(`${prefix}un`, value),
          redis.hget(`${prefix}em`, value),
        ]);
        return [named, ...(listed ?? '').split(',')];
      }
      case 'displayName':
      case 'member':
        throw new TypeError(`users have no index of ${lookup.by}`);
    }
  });
  const wanted = [...new Set(ids)].flatMap((id) => (id ? [id] : []));
  if (wanted.length > CANDIDATES_MAX) {
    throw new ScimError(400, 'tooMany', 'More users carry this value than one answer may hold.');
  }
  return loadAll(redis, scope, wanted);
}

/** One page in the order of creation. `startIndex` is 1-based. A page costs the same wherever it is. */
export async function pageUsers(
  redis: Redis,
  scope: Scope,
  startIndex: number,
  count: number,
): Promise<{ totalResults: number; resources: StoredResource[] }> {
  const ord = `${connectionPrefix(scope)}ord`;
  return guarded(async () => {
    const totalResults = await redis.zcard(ord);
    const ids =
      count > 0 ? await redis.zrange(ord, String(startIndex - 1), String(startIndex + count - 2)) : [];
    return { totalResults, resources: await loadAll(redis, scope, ids) };
  });
}

/** All users in slices, in the order of creation. Users that come or go meanwhile may be seen or missed; no other is. */
export async function* scanUsers(
  redis: Redis,
  scope: Scope,
  sliceSize: number,
): AsyncGenerator<StoredResource[]> {
  const ord = `${connectionPrefix(scope)}ord`;
  let score = '-inf';
  let seenAtScore = new Set<string>();
  for (;;) {
    const limit = sliceSize + seenAtScore.size;
    const flat = await guarded(() =>
      redis.zrangebyscore(ord, score, '+inf', 'WITHSCORES', 'LIMIT', 0, limit),
    );
    const fresh: string[] = [];
    for (let index = 0; index < flat.length; index += 2) {
      const id = flat[index] ?? '';
      const at = flat[index + 1] ?? '';
      if (seenAtScore.has(id)) continue;
      if (at !== score) {
        score = at;
        seenAtScore = new Set();
      }
      seenAtScore.add(id);
      fresh.push(id);
    }
    if (fresh.length === 0) return;
    yield await loadAll(redis, scope, fresh);
  }
}

/** One round trip for all of them; those deleted meanwhile are left out. */
async function loadAll(redis: Redis, scope: Scope, ids: readonly string[]): Promise<StoredResource[]> {
  if (ids.length === 0) return [];
  const prefix = connectionPrefix(scope);
  const texts = await guarded(() => redis.mget(ids.map((id) => `${prefix}u:${id}`)));
  return ids.flatMap((id, index) => {
    const text = texts[index];
    return typeof text === 'string' ? [parseStored(id, text)] : [];
  });
}
