/** What becomes of each id, whatever the changes are and whatever their order is. */
import { type MemberChange, parseFilter } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MemberPlan, neededOf, planMembers } from './member-changes.ts';

const where = parseFilter('Group', 'members[value eq "any"]'); // which ids fit is for the test to say
const byMatch = (fitting: ReadonlySet<string>, current: readonly string[]) => ({
  ids: async () => current,
  matching: async (_: unknown, ids: readonly string[]) => ids.filter((id) => fitting.has(id)),
});

const carriedOut = (plan: MemberPlan, current: readonly string[]): string[] => {
  const members = new Set(current);
  for (const [id, what] of plan) {
    if (what === 'add') members.add(id);
    else members.delete(id);
  }
  return [...members].sort();
};

/** One change after the other, as RFC 7644 §3.5.2 says. */
function oneByOne(
  changes: readonly MemberChange[],
  current: readonly string[],
  fitting: ReadonlySet<string>,
): string[] {
  let members = new Set(current);
  for (const change of changes) {
    if ('where' in change) members = new Set([...members].filter((id) => !fitting.has(id)));
    else if (change.op === 'replace') members = new Set(change.ids);
    else if (change.op === 'add') members = new Set([...members, ...change.ids]);
    else members = new Set([...members].filter((id) => !change.ids.includes(id)));
  }
  return [...members].sort();
}

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
const change: fc.Arbitrary<MemberChange> = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'remove'), ids }),
  fc.constant({ op: 'remove', where } as const),
);

describe('planMembers', () => {
  test('brings about what the changes do one after the other, and may be carried out twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), ids, ids, async (changes, current, fits) => {
        const fitting = new Set(fits);
        const plan = await planMembers(changes, byMatch(fitting, current));
        const done = carriedOut(plan, current);
        expect(done).toEqual(oneByOne(changes, current, fitting));
        expect(carriedOut(plan, done)).toEqual(done);
      }),
    );
  });

  test('does not ask who is in the group where ids are named', async () => {
    const unasked = {
      ids: () => Promise.reject(new Error('asked')),
      matching: () => Promise.reject(new Error('asked')),
    };
    const plan = await planMembers(
      [
        { op: 'add', ids: ['a', 'b'] },
        { op: 'remove', ids: ['b', 'c'] },
      ],
      unasked,
    );
    expect(Object.fromEntries(plan)).toEqual({ a: 'add', b: 'remove', c: 'remove' });
  });
});

test('what is so already is left out of a plan', async () => {
  const plan = await planMembers([{ op: 'replace', ids: ['a', 'c'] }], byMatch(new Set(), ['a', 'b', 'd']));
  const needed = await neededOf(plan, new Set(['a', 'b']));
  expect(Object.fromEntries(needed)).toEqual({ b: 'remove', c: 'add' });
});

test('a plan for many members lets others in between', async () => {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    others = setImmediate(count);
  };
  let others = setImmediate(count);
  const many = Array.from({ length: 50_000 }, (_, index) => `u${index}`);
  const plan = await planMembers([{ op: 'replace', ids: many }], byMatch(new Set(), many));
  await neededOf(plan, new Set());
  clearImmediate(others);
  expect(plan.size).toBe(many.length);
  // Each id is looked at five times, 5,000 in a turn.
  expect(turns).toBeGreaterThanOrEqual(40);
});
