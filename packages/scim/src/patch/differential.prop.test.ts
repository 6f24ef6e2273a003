// Our PATCH against scim-patch and scimmy: all make the same of what they all understand. Where they part, and why, is
// in differences.test.ts.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../json.ts';
import { ours, scimmys, scimPatchs } from '../testing/other-implementations.ts';
import type { Operation, Patcher } from '../testing/other-implementations.ts';
import { CORE_USER, ENTERPRISE_USER } from '../urns.ts';

/** Few, so that values meet again. */
const text = fc.constantFrom('a', 'b', 'c', 'd');
const type = fc.constantFrom('work', 'home', 'other');
const verb = fc.constantFrom('add' as const, 'replace' as const);
const namePart = fc.constantFrom('givenName', 'familyName', 'middleName');
const extensionPart = fc.constantFrom('department', 'division');
const single = fc.constantFrom('title', 'displayName', 'nickName', 'userType');

const some = (names: readonly string[], value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> =>
  fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1 });

const elements = fc.uniqueArray(fc.record({ type, value: text }), {
  selector: (one) => one.type,
  minLength: 1,
});

const person: fc.Arbitrary<JsonObject> = fc.record({
  userName: fc.constant('ines'),
  active: fc.constant(true),
  title: text,
  name: some(['givenName', 'familyName'], text),
  emails: elements,
  phoneNumbers: fc.constant([
    { type: 'work', value: 'a' },
    { type: 'home', value: 'b' },
    { type: 'other', value: 'c' },
  ]),
  [ENTERPRISE_USER]: some(['department', 'division'], text),
});

const setSingle = fc.record({ op: verb, path: single, value: text });
const setByUrn = setSingle.map(({ path, ...rest }) => ({ ...rest, path: `${CORE_USER}:${path}` }));
const setName = fc.record({ op: verb, path: namePart.map((part) => `name.${part}`), value: text });
const addName = fc.record({
  op: fc.constant('add' as const),
  path: fc.constant('name'),
  value: some(['givenName', 'middleName'], text),
});
const replaceName = addName.map((operation) => ({ ...operation, op: 'replace' as const }));
const setExtension = fc.record({
  op: verb,
  path: extensionPart.map((part) => `${ENTERPRISE_USER}:${part}`),
  value: text,
});
const setWithoutPath = fc.record({
  op: verb,
  value: some(['title', 'nickName', 'name.givenName', `${ENTERPRISE_USER}:division`], text),
});
/** The people of `person` have a phone of each type, and no operation takes one away. */
const setPhone = fc.record({
  op: verb,
  path: fc
    .tuple(type, fc.constantFrom('value', 'display'))
    .map(([type, part]) => `phoneNumbers[type eq "${type}"].${part}`),
  value: text,
});
const setEmail = fc.record({
  op: verb,
  path: type.map((type) => `emails[type eq "${type}"].value`),
  value: text,
});
const addEmails = fc.record({
  op: fc.constant('add' as const),
  path: fc.constant('emails'),
  value: elements,
});
const replaceEmails = addEmails.map((operation) => ({ ...operation, op: 'replace' as const }));
const removeWhole = fc.record({ op: fc.constant('remove' as const), path: single });
const removePart = fc.record({
  op: fc.constant('remove' as const),
  path: fc.oneof(
    namePart.map((part) => `name.${part}`),
    extensionPart.map((part) => `${ENTERPRISE_USER}:${part}`),
  ),
});
const removeEmail = fc.record({
  op: fc.constant('remove' as const),
  path: type.map((type) => `emails[type eq "${type}"]`),
});

/** One phone is left: scim-patch does not filter what is absent. */
const removePhone = fc.record({
  op: fc.constant('remove' as const),
  path: fc.constantFrom('work', 'home').map((type) => `phoneNumbers[type eq "${type}"]`),
});

const forAll: readonly fc.Arbitrary<Operation>[] = [
  setSingle,
  setName,
  addName,
  setExtension,
  setWithoutPath,
  setPhone,
  replaceEmails,
  removeWhole,
  removePart,
];

async function agree(theirs: Patcher, operation: fc.Arbitrary<Operation>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      person,
      fc.array(operation, { minLength: 1, maxLength: 4 }),
      async (source, operations) => {
        expect(await ours(source, operations)).toEqual(await theirs(source, operations));
      },
    ),
    { numRuns: 300 },
  );
}

describe('all make the same of it', () => {
  test('scim-patch', async () => {
    await agree(scimPatchs, fc.oneof(...forAll, setByUrn, replaceName, setEmail, removePhone));
    await agree(scimPatchs, fc.oneof(...forAll, addEmails));
  });

  test('scimmy', async () => {
    await agree(scimmys, fc.oneof(...forAll, removeEmail));
  });
});
