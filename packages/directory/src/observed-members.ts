/**
 * The other set of a group: the members that Freshservice has shown. It follows the answered calls, one member each; the
 * two sets together say what is left to do, however often a process dies in between.
 */

import type { Redis } from 'ioredis';
import type { Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';

/** A slice of what is to be done in Freshservice. */
export interface MemberMoves {
  /** All of one kind: everybody who has to go comes before anybody who is to be added. */
  readonly op: 'remove' | 'add';
  /** At most some more than the slice; ids that are references only among them. */
  readonly memberIds: readonly string[];
  /** Where the pass goes on; `undefined` at its end. */
  readonly next: { readonly op: 'remove' | 'add'; readonly cursor: string } | undefined;
}

/** An answer of Freshservice: the member is in the group there, or is not. @returns whether that is news. */
export async function moveObserved(
  redis: Redis,
  scope: Scope,
  groupId: string,
  memberId: string,
  isIn: boolean,
): Promise<boolean> {
  return (await runScript(redis, 'move-observed', scope, [groupId, memberId, isIn ? '1' : '0'])) === 1;
}

/**
 * The next slice of a pass over a group; without `after` the first. A pass looks at every member once, so it costs as
 * much as the group is large, in bounded steps. What changes behind it is found by the next one. A slice may be empty.
 */
export async function nextMoves(
  redis: Redis,
  scope: Scope,
  groupId: string,
  slice: number,
  after: MemberMoves['next'] = { op: 'remove', cursor: '0' },
): Promise<MemberMoves> {
  const [next = '', cursor = '0', ...memberIds] = textReply(
    await runScript(redis, 'next-moves', scope, [groupId, after.op, after.cursor, slice]),
  );
  return {
    op: after.op,
    memberIds,
    next: next === 'remove' || next === 'add' ? { op: next, cursor } : undefined,
  };
}
