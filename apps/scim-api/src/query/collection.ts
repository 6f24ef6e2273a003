/**
 * The resources of one type as a query sees them. What lies beside a resource in the store, the members of a group and
 * the groups of a user, is loaded only where a filter or the answer needs it.
 */
import type { Directory, Page, StoredResource } from '@fresh-scim/directory';
import {
  type Lookup,
  type Member,
  MEMBERS_MAX,
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
  /** A page in the order of creation; see `Directory.pageUsers`. */
  page(start: number | Position, count: number, list?: string): Promise<Page>;
  /** All of them in slices, in the order of creation. */
  scan(sliceSize: number): AsyncIterable<readonly StoredResource[]>;
  /** The number of all. */
  size(): Promise<number>;
  /**
   * With what lies beside each.
   * @throws {ScimError} tooMany when these together have more members than one answer may hold.
   */
  complete: Complete;
  /** As `complete`, but of what lies beside each not more than these ids: what they are is asked once, for any number. */
  completing(ids: readonly string[]): Promise<Complete>;
}

export type Complete = (stored: readonly StoredForm[]) => Promise<readonly StoredForm[]>;

/** Members that are loaded at a time, for an answer or a slice of a scan: as many as one group may have. */
const MEMBERS_LOADED_MAX = MEMBERS_MAX;
/** Groups whose members are on their way together: most are small, and a round trip each would add up. */
const GROUPS_AT_A_TIME = 25;

/** The users of a connection. */
export const usersIn = (directory: Directory): Collection => {
  // Of a user all groups are loaded at once, whatever is asked of them.
  const complete: Complete = async (stored) => {
    if (stored.every((user) => user.groups)) return stored;
    const groups = await directory.groupsOf(stored.map(({ id }) => id));
    return stored.map((user) => ({ ...user, groups: groups.get(user.id) ?? [] }));
  };
  return {
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
    page: (start, count, list) => directory.pageUsers(start, count, list),
    scan: (sliceSize) => directory.scanUsers(sliceSize),
    size: async () => (await directory.pageUsers(1, 0)).totalResults,
    complete,
    completing: async () => complete,
  };
};

/** The groups of a connection. */
export const groupsIn = (directory: Directory): Collection => ({
  type: 'Group',
  beside: 'members',
  get: async (id, withMembers) => {
    const group = await directory.getGroup(id);
    return group && withMembers ? (await withMembersOf(directory, [group]))[0] : group;
  },
  lookup: (lookup) => directory.lookupGroups(lookup),
  page: (start, count, list) => directory.pageGroups(start, count, list),
  scan: (sliceSize) => directory.scanGroups(sliceSize),
  size: async () => (await directory.pageGroups(1, 0)).totalResults,
  complete: (groups) => withMembersOf(directory, groups),
  completing: (ids) => withMembersNamed(directory, ids),
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
async function withMembersNamed(directory: Directory, ids: readonly string[]): Promise<Complete> {
  const named = [...new Set(ids)];
  const [groupsOf, members] = await Promise.all([
    directory.groupsOf(named),
    Promise.all(named.map((id) => toMember(directory, id))),
  ]);
  const membersOf = new Map<string, Member[]>();
  for (const member of members) {
    if (!member) continue;
    for (const group of groupsOf.get(member.id) ?? []) {
      membersOf.set(group.id, [...(membersOf.get(group.id) ?? []), member]);
    }
  }
  return async (groups) => groups.map((group) => ({ ...group, members: membersOf.get(group.id) ?? [] }));
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
