/**
 * Groups as the README of the directory describes them, in memory, and what must be true of Redis after every step: read
 * from the keys themselves. Knows nothing of how a change is made.
 */
import { expect } from 'vitest';
import type { Bench } from './directory-support.ts';

interface Group {
  displayName: string;
  readonly members: Set<string>;
  generation: number;
}

export interface Groups {
  readonly users: Set<string>;
  readonly groups: Map<string, Group>;
  /** Every id that was ever given, and will be: members may be references to any of them. */
  readonly ids: readonly string[];
  given: number;
}

export const emptyGroups = (ids: readonly string[]): Groups => ({
  users: new Set(),
  groups: new Map(),
  ids,
  given: 0,
});

/** Changes of one group by one request: the version moves once, and only if something changes. */
export function changeGroup(
  group: Group,
  plan: ReadonlyMap<string, 'add' | 'remove'>,
  displayName = group.displayName,
): boolean {
  let changed = displayName !== group.displayName;
  group.displayName = displayName;
  for (const [id, what] of plan) {
    if (group.members.has(id) === (what === 'add')) continue;
    changed = true;
    if (what === 'add') group.members.add(id);
    else group.members.delete(id);
  }
  if (changed) group.generation += 1;
  return changed;
}

/** A user or group that is deleted leaves all groups. */
export function remove(model: Groups, id: string): void {
  model.users.delete(id);
  model.groups.delete(id);
  for (const group of model.groups.values()) changeGroup(group, new Map([[id, 'remove']]));
}

const sorted = (values: Iterable<string>): string[] => [...values].sort();

/** @throws the assertion that does not hold. */
export async function assertGroups({ redis, prefix, directory }: Bench, model: Groups): Promise<void> {
  const groups = [...model.groups];
  const reverse = new Map<string, string[]>();
  for (const [id, { members }] of groups) {
    for (const member of members) reverse.set(member, [...(reverse.get(member) ?? []), id]);
  }
  for (const id of model.ids) {
    const group = model.groups.get(id);
    const [members, memberOf, text] = await Promise.all([
      redis.smembers(`${prefix}gm:${id}`),
      redis.hkeys(`${prefix}mg:${id}`),
      redis.get(`${prefix}g:${id}`),
    ]);
    expect(sorted(members), 'members of a group, and nobody in one that is deleted').toEqual(
      sorted(group?.members ?? []),
    );
    expect(sorted(memberOf), 'the reverse index says the same').toEqual(sorted(reverse.get(id) ?? []));
    expect(text === null ? undefined : [Number(text.slice(0, 12)), text.slice(41)], 'the group').toEqual(
      group && [group.generation, JSON.stringify({ displayName: group.displayName })],
    );
    if (!group) continue;
    const shown = [...group.members].filter((member) => model.users.has(member) || model.groups.has(member));
    const loaded = (await directory.loadMembers(id, 1000)) ?? [];
    expect(sorted(loaded.map((member) => member.id)), 'members that exist are shown').toEqual(sorted(shown));
  }
  expect(await redis.hgetall(`${prefix}gn`), 'names').toEqual(
    Object.fromEntries(groups.map(([id, { displayName }]) => [displayName.toLowerCase(), id])),
  );
  expect(sorted(await redis.zrange(`${prefix}gord`, '0', '-1')), 'order').toEqual(
    sorted(model.groups.keys()),
  );
  expect(sorted(await redis.zrange(`${prefix}unapplied`, '0', '-1'))).toEqual(sorted(model.groups.keys()));
  expect(await redis.smembers(`${prefix}leaving`), 'nothing is left undone').toEqual([]);
  expect(await directory.status()).toMatchObject({
    users: model.users.size,
    groups: model.groups.size,
    groupsNotApplied: model.groups.size,
  });
}
