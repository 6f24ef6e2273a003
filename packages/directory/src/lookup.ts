/** Finds the few resources that may fit a filter, by an index. Which of them do is for the whole filter to say. */

import type { Redis } from 'ioredis';
import { type Lookup, type Membership, ScimError } from '@fresh-scim/scim';
import { GROUPS, loadAll, USERS } from './collection.ts';
import { indexValue } from './indexed.ts';
import { groupIdsOf, toMemberships } from './memberships.ts';
import { connectionPrefix, type Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';
import { parseStored, type StoredResource } from './stored.ts';
import { guarded } from './unavailable.ts';

/** Resources of one look-up by a value that is not unique. */
const CANDIDATES_MAX = 50;
/** Groups of one member in one look-up. */
const MEMBERSHIPS_MAX = 1000;

/** `workEmail` is not a question of SCIM's, but of the reconcile's: whose first work e-mail, or userName, is it? */
export type UserLookup = Lookup | { readonly by: 'workEmail'; readonly value: string };

type ValueIndex = 'xi' | 'em' | 'ea' | 'gx';

/** Length of `<created>\0` in front of an id in `shared`. */
const CREATED_LENGTH = 14;

/** The ids that carry a value, the oldest first, as prelude.lua keeps them. Costs the same however many there are. */
export async function carriersOf(
  redis: Redis,
  scope: Scope,
  index: ValueIndex,
  value: string,
  max: number,
): Promise<string[]> {
  const prefix = connectionPrefix(scope);
  const sole = await redis.hget(prefix + index, value);
  if (sole === null) return [];
  if (sole !== '') return [sole];
  const from = `${index}\0${value}\0`;
  const members = await redis.zrangebylex(
    `${prefix}shared`,
    `[${from}`,
    `(${from.slice(0, -1)}\u0001`,
    'LIMIT',
    0,
    max,
  );
  return members.map((member) => member.slice(from.length + CREATED_LENGTH));
}

/** A user with the groups that it is in. */
export type UserWithGroups = StoredResource & { readonly groups: readonly Membership[] };

/**
 * The user of a userName: in one trip for all that are in no group, since this is what Entra asks most. `undefined` for
 * nobody.
 */
export async function findUser(
  redis: Redis,
  scope: Scope,
  userName: string,
): Promise<UserWithGroups | undefined> {
  const reply = await runScript(redis, 'find-user', scope, [indexValue(userName.toLowerCase())]);
  const [id, text, ...groupIds] = textReply(reply);
  if (id === undefined || text === undefined) return undefined;
  const groups = groupIds.length > 0 ? await toMemberships(redis, scope, groupIds) : [];
  return { ...parseStored(id, text), groups };
}

/** @throws {ScimError} 400 `tooMany` when more users carry the value than one answer may hold. */
export async function lookupUsers(redis: Redis, scope: Scope, lookup: UserLookup): Promise<StoredResource[]> {
  const named = (): Promise<string | null> =>
    redis.hget(`${connectionPrefix(scope)}un`, indexValue(lookup.value.toLowerCase()));
  const carrying = (index: ValueIndex, value: string): Promise<string[]> =>
    carriersOf(redis, scope, index, indexValue(value), CANDIDATES_MAX + 1);
  const ids = await guarded(async () => {
    switch (lookup.by) {
      case 'id':
        return [lookup.value];
      case 'userName':
        return [await named()];
      case 'externalId':
        return carrying('xi', lookup.value);
      case 'workEmail': {
        const [holder, others] = await Promise.all([named(), carrying('em', lookup.value.toLowerCase())]);
        return [holder, ...others];
      }
      case 'email': {
        const address = lookup.value.toLowerCase();
        const [holder, ...others] = await Promise.all([
          named(),
          carrying('em', address),
          carrying('ea', address),
        ]);
        return [holder, ...others.flat()];
      }
      case 'displayName':
      case 'member':
        return []; // of groups only
    }
  });
  return loadAll(redis, scope, USERS, bounded(ids, CANDIDATES_MAX, 'users'));
}

/** @throws {ScimError} 400 `tooMany` when more groups carry the value than one answer may hold. */
export async function lookupGroups(redis: Redis, scope: Scope, lookup: Lookup): Promise<StoredResource[]> {
  const ids = await guarded(async () => {
    switch (lookup.by) {
      case 'id':
        return [lookup.value];
      case 'displayName':
        return [await redis.hget(`${connectionPrefix(scope)}gn`, indexValue(lookup.value.toLowerCase()))];
      case 'externalId':
        return carriersOf(redis, scope, 'gx', indexValue(lookup.value), CANDIDATES_MAX + 1);
      case 'member':
        return groupIdsOf(redis, scope, lookup.value);
      case 'userName':
      case 'email':
        return []; // of users only
    }
  });
  const max = lookup.by === 'member' ? MEMBERSHIPS_MAX : CANDIDATES_MAX;
  return loadAll(redis, scope, GROUPS, bounded(ids, max, 'groups'));
}

function bounded(ids: readonly (string | null)[], max: number, what: string): string[] {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  if (wanted.length <= max) return wanted;
  throw new ScimError(400, 'tooMany', `More ${what} carry this value than one answer may hold.`);
}
