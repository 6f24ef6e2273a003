/**
 * What the SCIM face does with groups. A group is its attributes, which are replaced as a whole, and a set of members,
 * which is changed by element: parallel changes of members lose nobody, and many members go in slices.
 *
 * A change of thousands of members is not all or nothing. The attributes and the first slice are; the rest follows.
 * Whoever dies in between has answered nothing, and the same request, sent again, completes it.
 */

import type { Redis } from 'ioredis';
import { type Attributes, type MemberChange, MEMBERS_MAX } from '@fresh-scim/scim';
import { type CommittedGroup, commitGroup, MEMBERS_PER_SCRIPT, tooManyMembers } from './commit-group.ts';
import { assertMatches, type Chance, CREATE_TRIES_MAX, MOVED, untilNobodyWasFaster } from './contention.ts';
import { type CurrentMembers, type MemberPlan, planMembers } from './member-changes.ts';
import { planMembersOf } from './member-plan.ts';
import { endMemberships } from './memberships.ts';
import { connectionPrefix, groupKey, type Scope } from './scope.ts';
import { parseStored, type StoredResource } from './stored.ts';
import { DirectoryUnavailable, guarded } from './unavailable.ts';

/** @throws {ScimError} 409 `uniqueness`: displayName is unique in a connection, without case. */
export async function createGroup(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  attributes: Attributes,
  members: readonly string[],
): Promise<CommittedGroup> {
  const plan = await planMembers([{ op: 'add', ids: members }], nobody);
  if (plan.size > MEMBERS_MAX) throw tooManyMembers();
  const slices = slicesOf(plan);
  const first = firstOf(slices);
  for (let attempt = 0; attempt < CREATE_TRIES_MAX; attempt += 1) {
    const id = chance.newId();
    const change = { id, op: 'create', after: attributes, members: first } as const;
    const committed = await commitGroup(redis, scope, change);
    if (typeof committed === 'string') continue; // a fresh id was in use already
    // Deleted before the last member was in it: it did exist, and what it was is the answer.
    return (await commitSlices(redis, scope, committed, slices)) ?? committed;
  }
  throw new DirectoryUnavailable('No group could be created under a fresh id.');
}

const nobody: CurrentMembers = { ids: async () => [], matching: async () => [] };

export async function getGroup(redis: Redis, scope: Scope, id: string): Promise<StoredResource | undefined> {
  const text = await guarded(() => redis.get(`${connectionPrefix(scope)}g:${id}`));
  return text === null ? undefined : parseStored(id, text);
}

/**
 * Changes attributes until nobody was faster, and members whatever others do. What `replace` and a filter mean is
 * decided by the members at the beginning: who is added meanwhile stays.
 *
 * @param change pure; returns the very object that it was given when nothing changes. Errors of it pass through, and
 * nothing is stored.
 * @returns `undefined` when there is no such group.
 * @throws {ScimError} 409 `uniqueness`, 412 when `ifMatch` names another version, 503 when the group is changed by others
 * faster than we can follow.
 */
export async function mutateGroup(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  id: string,
  change: (attributes: Attributes) => Attributes,
  members: readonly MemberChange[],
  ifMatch?: string,
): Promise<CommittedGroup | undefined> {
  let slices: Generator<MemberPlan> | undefined;
  let first: MemberPlan = new Map();
  const begun = await untilNobodyWasFaster(redis, scope, chance, 'group', id, async () => {
    const stored = await getGroup(redis, scope, id);
    if (!stored) return undefined;
    assertMatches(stored, ifMatch);
    const attributes = JSON.parse(stored.json) as Attributes; // written by this package only
    const after = change(attributes);
    if (!slices) {
      slices = slicesOf(await planMembersOf(redis, scope, id, members));
      first = firstOf(slices);
    }
    const isSame = after === attributes;
    if (isSame && first.size === 0) return { stored, changed: false, key: groupKey(id) };
    const committed = await commitGroup(redis, scope, {
      id,
      op: 'update',
      ...(isSame ? {} : { before: { attributes, json: stored.json }, after }),
      ...(isGeneration(ifMatch) ? { generation: stored.generation } : {}),
      members: first,
    });
    if (committed === 'gone') return undefined;
    return committed === 'moved' ? MOVED : committed;
  });
  // Not in the turn of the first one: nobody is faster with members.
  return begun && slices ? commitSlices(redis, scope, begun, slices) : begun;
}

/** @returns the group as it was last; `undefined` when there is none. @throws {ScimError} 412, 503 as `mutateGroup` */
export async function removeGroup(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  id: string,
  ifMatch?: string,
): Promise<CommittedGroup | undefined> {
  return untilNobodyWasFaster(redis, scope, chance, 'group', id, async () => {
    const stored = await getGroup(redis, scope, id);
    if (!stored) return undefined;
    assertMatches(stored, ifMatch);
    const before = { attributes: JSON.parse(stored.json) as Attributes, json: stored.json }; // of this package
    const generation = isGeneration(ifMatch) ? { generation: stored.generation } : {};
    const committed = await commitGroup(redis, scope, {
      id,
      op: 'delete',
      before,
      ...generation,
      members: new Map(),
    });
    if (committed === 'gone') return undefined;
    if (committed === 'moved') return MOVED;
    if (committed.isLeft) await endMemberships(redis, scope, id);
    const { stored: last, changed, key } = committed;
    return { stored: last, changed, key };
  });
}

const isGeneration = (ifMatch: string | undefined): boolean => ifMatch !== undefined && ifMatch !== '*';

/** The slices after the first, each by itself. @returns `undefined` when the group was deleted meanwhile. */
async function commitSlices(
  redis: Redis,
  scope: Scope,
  first: CommittedGroup,
  rest: Iterable<MemberPlan>,
): Promise<CommittedGroup | undefined> {
  let { stored, changed } = first;
  for (const members of rest) {
    const committed = await commitGroup(redis, scope, { id: stored.id, op: 'update', members });
    if (typeof committed === 'string') return undefined;
    stored = committed.stored;
    changed ||= committed.changed;
  }
  return { stored, changed, key: first.key };
}

/** Removals first: they take access away, and make room. Made one by one, since 100,000 members are 200 slices. */
function* slicesOf(plan: MemberPlan): Generator<MemberPlan> {
  let slice = new Map<string, 'add' | 'remove'>();
  for (const wanted of ['remove', 'add'] as const) {
    for (const [id, what] of plan) {
      if (what !== wanted) continue;
      slice.set(id, what);
      if (slice.size < MEMBERS_PER_SCRIPT) continue;
      yield slice;
      slice = new Map();
    }
  }
  if (slice.size > 0) yield slice;
}

/** The first slice, which goes with the attributes. The others are left in the generator. */
function firstOf(slices: Generator<MemberPlan>): MemberPlan {
  const { done, value } = slices.next();
  return done === true ? new Map() : value;
}
