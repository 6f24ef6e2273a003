import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScimError } from '../errors.ts';
import { hostileJson } from '../testing/arbitraries.ts';
import { changedMembers } from '../testing/member-set.ts';
import { finish } from '../steps.ts';
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
  finish(splitPatch(parsePatch('Group', { schemas: [PATCH_MESSAGE], Operations: operations }))).members;

test('folded changes make the same set as one operation after the other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id), fc.array(operation, { maxLength: 8 }), (before, operations) => {
      const inTurn = operations.reduce<string[]>((ids, one) => changedMembers(ids, changesIn([one])), before);
      expect(changedMembers(before, changesIn(operations)).toSorted()).toEqual(inTurn.toSorted());
    }),
    { numRuns: 2000 },
  );
});

const path = fc.constantFrom(
  'members',
  'members.value',
  'members.type',
  'members.$ref',
  'members[value eq "a"]',
  'members[value eq "a"].value',
  'members[type pr]',
  'members[not (value eq "a")]',
  'Members[value eq "a" or type eq "User"].display',
);

test('whatever is sent, only a word about all members is taken as one', () => {
  const hostile = fc.record(
    { op: fc.constantFrom('Add', 'Replace', 'Remove'), path, value: hostileJson },
    { requiredKeys: ['op', 'path'] },
  );
  fc.assert(
    fc.property(hostile, (one) => {
      let changes: readonly object[] = [];
      try {
        changes = changesIn([one]);
      } catch (error) {
        expect(error).toBeInstanceOf(ScimError);
        expect(error).toMatchObject({ status: 400 });
      }
      const isOfAll = one.path === 'members' && (one.op === 'Replace' || !hasValue(one.value));
      for (const change of changes) {
        const expected = one.op === 'Add' ? 'add' : isOfAll ? 'replace' : 'remove';
        expect(change).toMatchObject({ op: expected });
      }
    }),
    { numRuns: 3000 },
  );
});

const hasValue = (value: unknown): boolean => value !== undefined && value !== null;
