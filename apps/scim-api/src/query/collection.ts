/**
 * The resources of one type as a query sees them. What lies beside a resource in the store, the members of a group and
 * the groups of a user, is loaded only where a filter or the answer needs it.
 */
import type { Directory, StoredResource } from '@fresh-scim/directory';
import {
  type Lookup,
  type Member,
  type Position,
  type ResourceTypeName,
  ScimError,
  type StoredForm,
} from '@fresh-scim/scim';

export interface Collection {
  readonly type: ResourceTypeName;
  /** The attribute that `complete` adds. */
  readonly beside: 'members' | 'groups';
  /** One of them, with what lies beside it if asked for. */
  get(id: string, withBeside: boolean): Promise<StoredForm | undefined>;
  /**
   * Candidates by an index; whether the whole filter is met is for the caller to say. What lies beside them may be there
   * already.
   */
  lookup(lookup: Lookup): Promise<readonly StoredForm[]>;
  /** A page in the order of creation. */
  page(startIndex: number, count: number): Promise<Page>;
  /** All of them in slices, in the order of creation. */
  scan(sliceSize: number, after?: Position): AsyncIterable<readonly StoredResource[]>;
  /** The number of all. */
  size(): Promise<number>;
  /**
   * With what lies beside each; of members, only those of `ids` where these are given.
   * @throws {ScimError} tooMany when these together have more members than one answer may hold.
   */
  complete(stored: readonly StoredForm[], ids?: readonly string[]): Promise<readonly StoredForm[]>;
}

interface Page {
  readonly totalResults: number;
  readonly resources: readonly StoredResource[];
}

/** Members that are loaded at a time, for an answer or a slice of a scan: as many as one group may have. */
const MEMBERS_LOADED_MAX = 100_000;
/** Groups whose members are on their way together: most are small, and a round trip each would add up. */
const GROUPS_AT_A_TIME = 25;

/** The users of a connection. */
export const usersIn = (directory: Directory): Collection => ({
  type: 'User',
  beside: 'groups',
  get: async (id, withGroups) => {
    // Both are on their way at once: most requests are this one.
    const [user, groups] = await Promise.all([
      directory.getUser(id),
      withGroups ? directory.groupsOf([id]) : undefined,
    ]);
    return user && { ...user, groups: groups?.get(id) ?? [] };
  },
  lookup: async (lookup) => {
    if (lookup.by !== 'userName') return directory.lookupUsers(lookup);
    const user = await directory.findUser(lookup.value);
    return user ? [user] : [];
  },
  page: (startIndex, count) => directory.pageUsers(startIndex, count),
  scan: (sliceSize, after) => directory.scanUsers(sliceSize, after),
  size: async () => (await directory.pageUsers(1, 0)).totalResults,
  complete: async (stored) => {
    if (stored.every((user) => user.groups)) return stored;
    const groups = await directory.groupsOf(stored.map(({ id }) => id));
    return stored.map((user) => ({ ...user, groups: groups.get(user.id) ?? [] }));
  },
});

/** The groups of a connection. */
export const groupsIn = (directory: Directory): Collection => ({
  type: 'Group',
  beside: 'members',
  get: async (id, withMembers) => {
    const group = await directory.getGroup(id);
    return group && withMembers ? (await withMembersOf(directory, [group]))[0] : group;
  },
  lookup: (lookup) => directory.lookupGroups(lookup),
  page: (startIndex, count) => directory.pageGroups(startIndex, count),
  scan: (sliceSize, after) => directory.scanGroups(sliceSize, after),
  size: async () => (await directory.pageGroups(1, 0)).totalResults,
  complete: (stored, ids) =>
    ids ? withMembersNamed(directory, stored, ids) : withMembersOf(directory, stored),
});

async function withMembersOf(directory: Directory, groups: readonly StoredForm[]): Promise<StoredForm[]> {
  const counts = groups.length > 1 ? await directory.countMembers(groups.map(({ id }) => id)) : [];
  // Before any is loaded: many large groups at a time would be on their way together.
  if (counts.reduce((sum, count) => sum + count, 0) > MEMBERS_LOADED_MAX) throw tooManyMembers();
  const complete: StoredForm[] = [];
  let left = MEMBERS_LOADED_MAX;
  for (let start = 0; start < groups.length; start += GROUPS_AT_A_TIME) {
    const some = groups.slice(start, start + GROUPS_AT_A_TIME);
    const loaded = await Promise.all(some.map(({ id }) => directory.loadMembers(id, left)));
    for (const [index, group] of some.entries()) {
      const members = loaded[index];
      left -= members?.length ?? Infinity;
      if (!members || left < 0) throw tooManyMembers();
      complete.push({ ...group, members });
    }
  }
  return complete;
}

/** Whether they are members is asked of them, who are few, and not of the groups. */
async function withMembersNamed(
  directory: Directory,
  groups: readonly StoredForm[],
  ids: readonly string[],
): Promise<StoredForm[]> {
  const [groupsOf, members] = await Promise.all([
    directory.groupsOf(ids),
    Promise.all(ids.map((id) => toMember(directory, id))),
  ]);
  const existing = members.flatMap((member) => member ?? []);
  return groups.map((group) => ({
    ...group,
    members: existing.filter(({ id }) => groupsOf.get(id)?.some((holder) => holder.id === group.id)),
  }));
}

/** A reference to what does not exist is no member. */
async function toMember(directory: Directory, id: string): Promise<Member | undefined> {
  const [user, group] = await Promise.all([directory.getUser(id), directory.getGroup(id)]);
  if (user) return { id, type: 'User' };
  return group && { id, type: 'Group' };
}

const tooManyMembers = (): ScimError =>
  new ScimError(
    400,
    'tooMany',
    `These groups have more than ${MEMBERS_LOADED_MAX} members. Send excludedAttributes=members, a smaller count, or ` +
      'a filter that names one group.',
  );
