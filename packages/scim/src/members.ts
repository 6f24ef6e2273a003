// What lies beside a resource and is a set of its own in the store: the members of a group, the groups of a user. A
// group with 100,000 members can then be read, renamed and searched as fast as an empty one.

import { matchesFilter } from './filter/matches.ts';
import type { Filter } from './filter/tree.ts';
import { isJsonObject, member } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Attributes } from './resource.ts';
import type { Steps } from './steps.ts';

/** A member of a group, of which only the id was sent; the server knows what it is. */
export interface Member {
  readonly id: string;
  readonly type: 'User' | 'Group';
}

/** A group that somebody is in: one entry of a user's `groups`. */
export interface Membership {
  /** The group's id. */
  readonly id: string;
  /** The group's displayName. */
  readonly display: string;
}

/** A group as the store keeps it: the attributes without `members`, and the ids of the members, none twice. */
export interface SplitGroup {
  readonly attributes: Attributes;
  readonly members: readonly string[];
}

/** Takes the members out of a parsed group. */
export function* splitMembers({ members, ...attributes }: Attributes): Steps<SplitGroup> {
  return { attributes, members: yield* idsOf(members) };
}

/** Elements looked at in a step: some milliseconds. */
const STEP = 10_000;

/** The `value` of each element, none twice. */
export function* idsOf(elements: JsonValue | undefined): Steps<string[]> {
  const ids = new Set<string>();
  let left = STEP;
  for (const element of Array.isArray(elements) ? elements : []) {
    const id = isJsonObject(element) ? member(element, 'value') : undefined;
    if (typeof id === 'string') ids.add(id);
    left -= 1;
    if (left === 0) {
      yield;
      left = STEP;
    }
  }
  return [...ids];
}

/** True when the member meets what stands in `members[...]`. */
export function matchesMember(where: Filter, member: Member): boolean {
  return matchesFilter(where, toMemberElement(member));
}

/** The member as an element of `members`, as far as a filter can ask for it. */
export function toMemberElement({ id, type }: Member): JsonObject {
  return { value: id, type };
}

/** The membership as an element of `groups`; Entra and we know direct ones only. */
export function toGroupElement({ id, display }: Membership): JsonObject {
  return { value: id, display, type: 'direct' };
}
