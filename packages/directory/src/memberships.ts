/**
 * Who is in which group, as it is read: the members of a group, the groups of somebody, and the end of both with the
 * resource. Ids that are no resource (any more, or yet) are kept as references, and shown when the resource appears.
 */

import type { Redis } from 'ioredis';
import type { Member, Membership } from '@fresh-scim/scim';
import { connectionPrefix, type Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';
import { parseStored } from './stored.ts';
import { guarded } from './unavailable.ts';

/** Ids that one command of Redis looks at: about a millisecond. */
const SLICE = 1000;
/** Memberships after which one script tells no more: 2 ms of Redis. */
const PAIRS = 5000;
/** Memberships that one script undoes: 2 to 4 ms of Redis. */
const UNDO_SLICE = 500;
/** Slices of one sweep: a group of 100,000 members, and some more. */
const SWEEP_SLICES_MAX = 250;

/** The ids in a group in slices, the references too. An id that stays all the time is told once. */
export async function* scanMembers(redis: Redis, scope: Scope, groupId: string): AsyncGenerator<string[]> {
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const at = cursor;
    const [next, ids] = await guarded(() =>
      redis.sscan(`${connectionPrefix(scope)}gm:${groupId}`, at, 'COUNT', SLICE),
    );
    // Redis may tell an id twice while it grows or shrinks the set.
    const fresh = ids.filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    if (fresh.length > 0) yield fresh;
    cursor = next;
  } while (cursor !== '0');
}

/** What these ids are; references that are no resource now are left out. */
export async function toMembers(redis: Redis, scope: Scope, ids: readonly string[]): Promise<Member[]> {
  if (ids.length === 0) return [];
  const prefix = connectionPrefix(scope);
  const [users, groups] = await guarded(() =>
    Promise.all([redis.zmscore(`${prefix}ord`, ...ids), redis.zmscore(`${prefix}gord`, ...ids)]),
  );
  return ids.flatMap((id, index): Member[] => {
    if (users[index] !== null) return [{ id, type: 'User' }];
    return groups[index] === null ? [] : [{ id, type: 'Group' }];
  });
}

/**
 * The members of a group that exist now, in no order.
 *
 * @returns `undefined` when there are more than `max`, references counted; an empty list for no group.
 */
export async function loadMembers(
  redis: Redis,
  scope: Scope,
  groupId: string,
  max: number,
): Promise<readonly Member[] | undefined> {
  const count = await guarded(() => redis.scard(`${connectionPrefix(scope)}gm:${groupId}`));
  if (count > max) return undefined;
  const members: Member[] = [];
  for await (const slice of scanMembers(redis, scope, groupId)) {
    members.push(...(await toMembers(redis, scope, slice)));
  }
  return members;
}

/** How many members each of these groups has, references counted; 0 for no group. One round trip for all of them. */
export async function countMembers(
  redis: Redis,
  scope: Scope,
  groupIds: readonly string[],
): Promise<readonly number[]> {
  const prefix = connectionPrefix(scope);
  return guarded(() => Promise.all(groupIds.map((id) => redis.scard(`${prefix}gm:${id}`))));
}

/** The ids of the groups that a user or group is directly in. */
export async function groupIdsOf(redis: Redis, scope: Scope, memberId: string): Promise<string[]> {
  return guarded(() => redis.hkeys(`${connectionPrefix(scope)}mg:${memberId}`));
}

/** The groups that each of these users or groups is directly in, by name. Those in none are left out. */
export async function groupsOf(
  redis: Redis,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Membership[]>> {
  const pairs = await loadPairs(redis, scope, ids);
  const memberships = await loadNames(redis, scope, [...new Set(pairs.map(([, groupId]) => groupId))]);
  const found = new Map<string, Membership[]>();
  for (const [id, groupId] of pairs) {
    const membership = memberships.get(groupId);
    if (!membership) continue; // deleted meanwhile
    const groups = found.get(id);
    if (groups) groups.push(membership);
    else found.set(id, [membership]);
  }
  for (const groups of found.values()) groups.sort(byName);
  return found;
}

/** These groups by name, without those that are gone. */
export async function toMemberships(
  redis: Redis,
  scope: Scope,
  groupIds: readonly string[],
): Promise<readonly Membership[]> {
  return [...(await loadNames(redis, scope, groupIds)).values()].sort(byName);
}

/** Each of the ids with each of its groups. */
async function loadPairs(
  redis: Redis,
  scope: Scope,
  ids: readonly string[],
): Promise<[id: string, groupId: string][]> {
  const [sole] = ids;
  if (ids.length === 1 && sole !== undefined) {
    return (await groupIdsOf(redis, scope, sole)).map((groupId) => [sole, groupId]);
  }
  const pairs: [string, string][] = [];
  let rest = ids;
  while (rest.length > 0) {
    const slice = rest.slice(0, SLICE);
    const [done, ...flat] = textReply(await runScript(redis, 'groups-of', scope, [PAIRS, ...slice]));
    for (let index = 0; index < flat.length; index += 2) {
      pairs.push([slice[Number(flat[index]) - 1] ?? '', flat[index + 1] ?? '']);
    }
    rest = rest.slice(Number(done));
  }
  return pairs;
}

const byName = (a: Membership, b: Membership): number =>
  a.display === b.display ? (a.id < b.id ? -1 : 1) : a.display < b.display ? -1 : 1;

async function loadNames(
  redis: Redis,
  scope: Scope,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, Membership>> {
  const named = new Map<string, Membership>();
  for (let start = 0; start < groupIds.length; start += SLICE) {
    const ids = groupIds.slice(start, start + SLICE);
    const texts = await guarded(() => redis.mget(ids.map((id) => `${connectionPrefix(scope)}g:${id}`)));
    for (const [index, id] of ids.entries()) {
      const text = texts[index];
      if (typeof text !== 'string') continue; // deleted meanwhile
      const { displayName } = JSON.parse(parseStored(id, text).json) as { displayName?: string }; // of this package
      named.set(id, { id, display: displayName ?? '' });
    }
  }
  return named;
}

/**
 * Takes a deleted user or group out of the groups that it is still in, and its members out of it. Whoever dies before
 * the end leaves the rest to the sweep.
 */
export async function endMemberships(redis: Redis, scope: Scope, id: string): Promise<void> {
  let isLeft: unknown;
  do {
    isLeft = await runScript(redis, 'end-memberships', scope, [id, UNDO_SLICE]);
  } while (isLeft === 1);
}

/** Does a bounded part of what deletes have left undone. */
export async function endLeftMemberships(redis: Redis, scope: Scope): Promise<void> {
  for (let slice = 0; slice < SWEEP_SLICES_MAX; slice += 1) {
    if ((await runScript(redis, 'end-memberships', scope, ['', UNDO_SLICE])) !== 1) return;
  }
}
