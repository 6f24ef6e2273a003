// Values that name other records. What is not there, or may not be named here, is `invalid_value`.
import type { Account } from '../account/account.ts';
import { ROLES, WORKSPACE_IDS } from '../account/catalog.ts';
import type { RoleAssignment } from '../account/user.ts';
import type { Knobs } from '../knobs.ts';
import { isObject, list, mismatch, positiveInteger, wrong } from './primitives.ts';

const SCOPES = ['entire_helpdesk', 'member_groups', 'specified_groups', 'assigned_items'] as const;

/** Any person. */
export function person(value: unknown, account: Account): number {
  const id = positiveInteger(value);
  if (account.users.get(id) === undefined) throw wrong('There is no such person');
  return id;
}

/** Somebody else, and with the knob `inactiveManager` somebody active. */
export function manager(value: unknown, account: Account, knobs: Knobs, selfId: number | undefined): number {
  const id = person(value, account);
  if (id === selfId) throw wrong('Nobody is their own manager');
  if (knobs.inactiveManager === 'reject400' && account.users.get(id)?.active === false) {
    throw wrong('The manager is deactivated');
  }
  return id;
}

/** Departments, each once. */
export function departments(value: unknown, account: Account): number[] {
  const ids = list(value).map((item) => {
    const id = positiveInteger(item);
    if (account.departments.get(id) === undefined) throw wrong('There is no such department');
    return id;
  });
  return [...new Set(ids)];
}

/** A location. */
export function location(value: unknown, account: Account): number {
  const id = positiveInteger(value);
  if (account.locations.get(id) === undefined) throw wrong('There is no such location');
  return id;
}

/** A location that is neither the given one nor below it, so that the tree stays a tree. */
export function parent(value: unknown, account: Account, selfId: number | undefined): number {
  const id = location(value, account);
  const seen = new Set<number>();
  for (let at: number | null = id; at !== null && !seen.has(at); ) {
    if (at === selfId) throw wrong('A location cannot be below itself');
    seen.add(at);
    at = account.locations.get(at)?.parent_location_id ?? null;
  }
  return id;
}

/** Workspaces of agents. */
export function workspaces(value: unknown): number[] {
  return list(value).map((item) => {
    const id = positiveInteger(item);
    if (!WORKSPACE_IDS.has(id)) throw wrong('There is no such workspace');
    return id;
  });
}

/** One role of an agent. */
export function roleAssignment(value: unknown): RoleAssignment {
  if (!isObject(value)) throw mismatch('Hash');
  const roleId = positiveInteger(value['role_id']);
  if (!ROLES.some(({ id }) => id === roleId)) throw wrong('There is no such role');
  const assignmentScope = SCOPES.find((scope) => scope === value['assignment_scope']);
  if (assignmentScope === undefined) throw wrong('It should be one of the choice value.');
  const groups = list(value['groups'] ?? []).map(positiveInteger);
  if (groups.length > 0 && assignmentScope !== 'specified_groups') {
    throw wrong('groups go only with specified_groups');
  }
  const workspace = value['workspace_id'] ?? null;
  return {
    role_id: roleId,
    assignment_scope: assignmentScope,
    groups,
    workspace_id: workspace === null ? null : positiveInteger(workspace),
  };
}
