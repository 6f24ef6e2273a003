/** What the SCIM face does with one user: create, read, change and delete. */

import type { Redis } from 'ioredis';
import type { Attributes } from '@fresh-scim/scim';
import { type Committed, commit, isCommitted } from './commit.ts';
import {
  assertMatches,
  type Chance,
  CREATE_TRIES_MAX,
  MOVED,
  tooContended,
  untilNobodyWasFaster,
} from './contention.ts';
import { connectionPrefix, type Scope, userKey } from './scope.ts';
import { parseStored, type StoredResource } from './stored.ts';
import { guarded } from './unavailable.ts';

/**
 * Stores a new user. Where the import has shown the account of the same person, by userName, else externalId, else work
 * e-mail, its resource is claimed: it keeps its id, and there are never two resources of one account.
 *
 * @throws {ScimError} 409 `uniqueness`, 503 when others were faster in every try.
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
  throw tooContended('user');
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
 * @throws {ScimError} 409 `uniqueness`, 412 when `ifMatch` names another version, 503 when the user is changed by others
 * faster than we can follow.
 */
export async function mutateUser(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  id: string,
  change: (attributes: Attributes) => Attributes | undefined,
  ifMatch?: string,
): Promise<Committed | undefined> {
  return untilNobodyWasFaster(redis, scope, chance, 'user', id, async () => {
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
    return isCommitted(result) ? result : MOVED;
  });
}
