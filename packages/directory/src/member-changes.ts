/** How the members of a group change: a list of changes becomes one decision per id, whatever their order was. */

import { setImmediate as othersTurn } from 'node:timers/promises';
import { type Filter, type MemberChange, ScimError } from '@fresh-scim/scim';

/** Characters of a member's id: ours have 36, and a reference to anything else never becomes a member. */
const MEMBER_ID_LENGTH_MAX = 128;

/** Ids after which others have their turn: a millisecond or two. */
const TURN = 5_000;

/** What is to become of each id that a change is about. */
export type MemberPlan = ReadonlyMap<string, 'add' | 'remove'>;

/** The members as they are, asked for only where a change is about more than the ids that it names. */
export interface CurrentMembers {
  ids(): Promise<Iterable<string>>;
  matching(where: Filter, ids: readonly string[]): Promise<readonly string[]>;
}

/**
 * Repeatable: made again of a newer state, or carried out twice, a plan brings about the same. What others add or
 * remove meanwhile stays as they want it, unless a change here names the same id.
 *
 * @throws {ScimError} invalidValue for an id that is too long.
 */
export async function planMembers(
  changes: readonly MemberChange[],
  current: CurrentMembers,
): Promise<MemberPlan> {
  const plan = new Map<string, 'add' | 'remove'>();
  for (const change of changes) {
    if ('where' in change) {
      for (const id of await current.matching(change.where, membersAfter(plan, await current.ids()))) {
        plan.set(id, 'remove');
      }
      continue;
    }
    await forEach(change.ids, assertBounded);
    if (change.op === 'replace') {
      await forEach(await current.ids(), (id) => plan.set(id, 'remove'));
      await forEach(plan.keys(), (id) => plan.set(id, 'remove'));
    }
    await forEach(change.ids, (id) => plan.set(id, change.op === 'remove' ? 'remove' : 'add'));
  }
  return plan;
}

/** What is still to be done of a plan where these are the members. */
export async function neededOf(plan: MemberPlan, current: ReadonlySet<string>): Promise<MemberPlan> {
  const needed = new Map<string, 'add' | 'remove'>();
  await forEach(plan, ([id, what]) => {
    if (current.has(id) === (what === 'remove')) needed.set(id, what);
  });
  return needed;
}

/** Lets others have their turn after each `TURN` of them. The items must not change meanwhile. */
async function forEach<T>(items: Iterable<T>, visit: (item: T) => unknown): Promise<void> {
  let left = TURN;
  for (const item of items) {
    visit(item);
    left -= 1;
    if (left > 0) continue;
    await othersTurn();
    left = TURN;
  }
}

function membersAfter(plan: MemberPlan, ids: Iterable<string>): string[] {
  const members = new Set(ids);
  for (const [id, what] of plan) {
    if (what === 'add') members.add(id);
    else members.delete(id);
  }
  return [...members];
}

function assertBounded(id: string): void {
  if (id === '' || id.length > MEMBER_ID_LENGTH_MAX) {
    throw new ScimError(
      400,
      'invalidValue',
      `members.value must be the id of a user or a group, of at most ${MEMBER_ID_LENGTH_MAX} characters.`,
    );
  }
}
