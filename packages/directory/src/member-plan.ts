/** What a request means for the members of one group: its changes, held against those who are members now. */

import type { Redis } from 'ioredis';
import { type Filter, matchesMember, type MemberChange, MEMBERS_MAX } from '@fresh-scim/scim';
import { MEMBERS_PER_SCRIPT, tooManyMembers } from './commit-group.ts';
import { type MemberPlan, neededOf, planMembers } from './member-changes.ts';
import { scanMembers, toMembers } from './memberships.ts';
import { connectionPrefix, type Scope } from './scope.ts';
import { guarded } from './unavailable.ts';

/**
 * What is to be done of what was asked for. @throws {ScimError} 400 when the group would be too large; found out before
 * anything is changed.
 */
export async function planMembersOf(
  redis: Redis,
  scope: Scope,
  id: string,
  changes: readonly MemberChange[],
): Promise<MemberPlan> {
  let loaded: Promise<ReadonlySet<string>> | undefined;
  const load = (): Promise<ReadonlySet<string>> => (loaded ??= loadIds(redis, scope, id));
  const plan = await planMembers(changes, {
    ids: load,
    matching: (where, ids) => matching(redis, scope, where, ids),
  });
  if (plan.size > MEMBERS_PER_SCRIPT) {
    const count = await guarded(() => redis.scard(`${connectionPrefix(scope)}gm:${id}`));
    if (count + plan.size > MEMBERS_MAX) await load(); // else there is room, however many are new
  }
  if (!loaded) return plan; // one slice, or room: the script looks
  const current = await loaded;
  const needed = await neededOf(plan, current);
  let growth = 0;
  for (const what of needed.values()) growth += what === 'add' ? 1 : -1;
  if (growth > 0 && current.size + growth > MEMBERS_MAX) throw tooManyMembers();
  return needed;
}

async function loadIds(redis: Redis, scope: Scope, id: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const slice of scanMembers(redis, scope, id)) for (const member of slice) ids.add(member);
  return ids;
}

async function matching(
  redis: Redis,
  scope: Scope,
  where: Filter,
  ids: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let start = 0; start < ids.length; start += MEMBERS_PER_SCRIPT) {
    const members = await toMembers(redis, scope, ids.slice(start, start + MEMBERS_PER_SCRIPT));
    found.push(...members.filter((member) => matchesMember(where, member)).map((member) => member.id));
  }
  return found;
}
