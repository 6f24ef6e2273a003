// A PATCH of a group -> what it does to the attributes, and what it does to the set of members. Members are told by id:
// thousands of operations, one for each member as Entra sends them, become a few sets of ids.

import type { Filter } from '../filter/tree.ts';
import { idsOf } from '../members.ts';
import type { Steps } from '../steps.ts';
import type { PatchOperation } from './operation.ts';

/** A change of a set of members. Changes are made in their order; `where` is what stands in `members[...]`. */
export type MemberChange =
  | { readonly op: 'add' | 'replace' | 'remove'; readonly ids: readonly string[] }
  | { readonly op: 'remove'; readonly where: Filter };

/** The operations on the attributes that are stored with the group, and the changes of its members. */
export interface SplitPatch {
  readonly attributes: readonly PatchOperation[];
  readonly members: readonly MemberChange[];
}

/**
 * Splits the operations of a PATCH of a group. The changes are folded: between two with `where` there are at most one
 * `replace`, one `remove` and one `add`, in that order, and the ids of the last two are not the same.
 */
export function* splitPatch(operations: readonly PatchOperation[]): Steps<SplitPatch> {
  const attributes: PatchOperation[] = [];
  const changes: MemberChange[] = [];
  for (const operation of operations) {
    const change = yield* changeOf(operation);
    if (change === undefined) {
      attributes.push(operation);
    } else {
      changes.push(change);
    }
  }
  yield;
  return { attributes, members: yield* folded(changes) };
}

function* changeOf(operation: PatchOperation): Steps<MemberChange | undefined> {
  if (operation.op === 'clear' || operation.target.attribute.name !== 'members') {
    return undefined;
  }
  if (operation.op !== 'remove') {
    return { op: operation.op, ids: yield* idsOf(operation.value ?? undefined) };
  }
  const { filter } = operation.target;
  if (filter !== undefined) {
    const ids = idsIn(filter);
    return ids === undefined ? { op: 'remove', where: filter } : { op: 'remove', ids };
  }
  return operation.elements === undefined
    ? { op: 'replace', ids: [] }
    : { op: 'remove', ids: yield* idsOf([...operation.elements]) };
}

/** The ids that the filter names and nothing else: `value eq "x"`, or several joined by "or". */
function idsIn(filter: Filter): readonly string[] | undefined {
  if (filter.kind === 'or') {
    const parts = filter.terms.map(idsIn);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  const isNamed =
    filter.kind === 'compare' && filter.comparison === 'eq' && filter.reference.attribute.name === 'value';
  return isNamed && typeof filter.value === 'string' ? [filter.value] : undefined;
}

/** What is to become of each id that was named since the last `where`; of the others, whether they stay. */
interface Segment {
  isReplaced: boolean;
  readonly last: Map<string, 'add' | 'remove'>;
}

function* folded(changes: readonly MemberChange[]): Steps<MemberChange[]> {
  const result: MemberChange[] = [];
  let segment: Segment = { isReplaced: false, last: new Map() };
  for (const change of changes) {
    if ('where' in change) {
      result.push(...changesOf(segment), change);
      segment = { isReplaced: false, last: new Map() };
    } else {
      if (change.op === 'replace') {
        segment = { isReplaced: true, last: new Map() };
      }
      for (const id of change.ids) {
        segment.last.set(id, change.op === 'remove' ? 'remove' : 'add');
      }
      if (change.ids.length > 1) yield;
    }
  }
  return [...result, ...changesOf(segment)];
}

function changesOf({ isReplaced, last }: Segment): MemberChange[] {
  const added: string[] = [];
  const removed: string[] = [];
  for (const [id, op] of last) {
    (op === 'add' ? added : removed).push(id);
  }
  if (isReplaced) {
    return [{ op: 'replace', ids: added }];
  }
  return [
    ...(removed.length > 0 ? [{ op: 'remove' as const, ids: removed }] : []),
    ...(added.length > 0 ? [{ op: 'add' as const, ids: added }] : []),
  ];
}
