import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedMembers } from '../testing/member-set.ts';
import { PATCH_MESSAGE } from '../urns.ts';
import { splitPatch } from './member-changes.ts';
import { parsePatch } from './parse.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const elements = fc.array(fc.record({ value: id }), { maxLength: 3 });

/** Every form in which members come and go. */
const operation = fc.oneof(
  fc.record({
    op: fc.constantFrom('Add', 'replace', 'Remove'),
    path: fc.constant('members'),
    value: elements,
  }),
  fc.record({ op: fc.constantFrom('add', 'Remove'), path: fc.constant('members'), value: id }),
  fc.record({ op: fc.constantFrom('add', 'replace'), value: fc.record({ members: elements }) }),
  fc.record({
    op: fc.constant('remove'),
    path: fc
      .array(id, { minLength: 1, maxLength: 3 })
      .map((ids) => `members[${ids.map((id) => `value eq "${id}"`).join(' or ')}]`),
  }),
  fc.record({
    op: fc.constant('remove'),
    path: id.map((id) => `members[value gt "${id}" and type eq "User"]`),
  }),
  fc.constant({ op: 'remove', path: 'members' }),
);

const changesIn = (operations: readonly object[]) =>
  splitPatch(parsePatch('Group', { schemas: [PATCH_MESSAGE], Operations: operations })).members;

test('folded changes make the same set as one operation after the other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id), fc.array(operation, { maxLength: 8 }), (before, operations) => {
      const inTurn = operations.reduce<string[]>((ids, one) => changedMembers(ids, changesIn([one])), before);
      expect(changedMembers(before, changesIn(operations)).toSorted()).toEqual(inTurn.toSorted());
    }),
    { numRuns: 2000 },
  );
});
