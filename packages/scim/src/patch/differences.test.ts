// Where our PATCH parts from scimmy's and scim-patch's, with the reason why ours is right or what forces it. Each entry is
// shown: one that is no longer true fails.

import { expect, test } from 'vitest';
import { isSameJson } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { ours, scimmys, scimPatchs } from '../testing/other-implementations.ts';
import type { Operation, Patcher } from '../testing/other-implementations.ts';
import { CORE_USER, ENTERPRISE_USER } from '../urns.ts';

interface Difference {
  readonly what: string;
  /** Why ours is right, or what forces it. */
  readonly why: string;
  readonly operation: Operation;
  readonly ours: Outcome;
  readonly scimmy?: Outcome;
  readonly scimPatch?: Outcome;
}

/** The attributes that changed, null for one that is gone; or the keyword of the refusal. */
type Outcome = JsonObject | string;

const work = { type: 'work', value: 'a@x', primary: true };
const home = { type: 'home', value: 'b@x' };
const source = {
  userName: 'ines',
  active: true,
  title: 'Clerk',
  name: { givenName: 'Ines' },
  emails: [work, home],
  [ENTERPRISE_USER]: { department: 'IT' },
};

const DIFFERENCES: readonly Difference[] = [
  {
    what: 'names of attributes in another case',
    why: 'RFC 7643 §2.1: names are case-insensitive',
    operation: { op: 'add', path: 'TITLE', value: 'x' },
    ours: { title: 'x' },
    scimmy: 'invalidPath',
    scimPatch: { TITLE: 'x' },
  },
  {
    what: 'the URN of the core schema before a name',
    why: 'RFC 7644 §3.10: every attribute may be named with its URN',
    operation: { op: 'add', path: `${CORE_USER}:title`, value: 'x' },
    ours: { title: 'x' },
    scimmy: 'invalidPath',
  },
  {
    what: 'a type in another case',
    why: 'RFC 7643 §8.7.1: type is not caseExact',
    operation: { op: 'replace', path: 'emails[type eq "Home"].value', value: 'c@x' },
    ours: { emails: [work, { ...home, value: 'c@x' }] },
    scimmy: 'noTarget',
    scimPatch: { emails: [work, home, { type: 'Home', value: 'c@x' }] },
  },
  {
    what: 'a filtered value where nothing is selected',
    why: 'Entra counts on the entry being made; RFC 7644 §3.5.2.3 has noTarget',
    operation: { op: 'add', path: 'emails[type eq "other"].value', value: 'c@x' },
    ours: { emails: [work, home, { type: 'other', value: 'c@x' }] },
    scimmy: 'noTarget',
  },
  {
    what: 'the same by a filter of type and primary',
    why: 'as above; primary moves with it',
    operation: { op: 'add', path: 'emails[type eq "other" and primary eq true].value', value: 'c@x' },
    ours: { emails: [{ ...work, primary: false }, home, { type: 'other', primary: true, value: 'c@x' }] },
    scimmy: 'noTarget',
    scimPatch: 'noTarget',
  },
  {
    what: 'the same by a filter that is no type',
    why: 'RFC 7644 §3.5.2.3: noTarget; nobody counts on more than types',
    operation: { op: 'replace', path: 'emails[value eq "z@x"].display', value: 'x' },
    ours: 'noTarget',
    scimPatch: { emails: [work, home, { value: 'z@x', display: 'x' }] },
  },
  {
    what: 'an element that is there',
    why: 'RFC 7644 §3.5.2.1: no value is added again',
    operation: { op: 'add', path: 'emails', value: [home] },
    ours: {},
    scimmy: { emails: [work, home, home] },
  },
  {
    what: 'an element that is there, without a path',
    why: 'as above',
    operation: { op: 'add', value: { emails: [home] } },
    ours: {},
    scimmy: { emails: [work, home, home] },
    scimPatch: { emails: [work, home, home] },
  },
  {
    what: 'an element twice in one value',
    why: 'RFC 7643 §2.4: the same value is not returned more than once',
    operation: { op: 'replace', path: 'emails', value: [home, home] },
    ours: { emails: [home] },
    scimmy: { emails: [home, home] },
    scimPatch: { emails: [home, home] },
  },
  {
    what: 'an element that is there in another case',
    why: 'RFC 7643 §8.7.1: e-mail addresses are not caseExact',
    operation: { op: 'add', path: 'emails', value: [{ type: 'home', value: 'B@X' }] },
    ours: { emails: [work, { type: 'home', value: 'B@X' }] },
    scimmy: { emails: [work, home, { type: 'home', value: 'B@X' }] },
    scimPatch: { emails: [work, home, { type: 'home', value: 'B@X' }] },
  },
  {
    what: 'a new primary',
    why: 'RFC 7644 §3.5.2: the others lose it',
    operation: { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
    ours: {
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
    scimmy: { emails: [work, { ...home, primary: true }] },
    scimPatch: { emails: [work, { ...home, primary: true }] },
  },
  {
    what: 'replace of a complex attribute',
    why: 'RFC 7644 §3.5.2.3: parts that are not sent are left unchanged',
    operation: { op: 'replace', path: 'name', value: { familyName: 'L' } },
    ours: { name: { givenName: 'Ines', familyName: 'L' } },
    scimmy: { name: { familyName: 'L' } },
  },
  {
    what: 'a complex attribute without a path',
    why: 'as above: with or without a path is the same',
    operation: { op: 'add', value: { name: { familyName: 'L' } } },
    ours: { name: { givenName: 'Ines', familyName: 'L' } },
    scimPatch: { name: { familyName: 'L' } },
  },
  {
    what: 'a selected element replaced without its type',
    why: 'Entra could not find it again; RFC 7644 §3.5.2.3 replaces it wholly',
    operation: { op: 'replace', path: 'emails[type eq "home"]', value: { value: 'c@x' } },
    ours: { emails: [work, { type: 'home', value: 'c@x' }] },
    scimmy: { emails: [work, { value: 'c@x' }] },
  },
  {
    what: 'the last part but the type removed',
    why: 'a mere type says nothing; Entra would read an entry without a value',
    operation: { op: 'remove', path: 'emails[type eq "home"].value' },
    ours: { emails: [work] },
    scimmy: { emails: [work, { type: 'home' }] },
    scimPatch: { emails: [work, { type: 'home' }] },
  },
  {
    what: 'elements removed from a list that is not there',
    why: 'what is to be gone is gone',
    operation: { op: 'remove', path: 'ims[type eq "xmpp"]' },
    ours: {},
    scimPatch: 'invalidSyntax',
  },
  {
    what: 'elements removed by their value alone',
    why: 'Entra removes members that way; the RFC has no value in a remove',
    operation: { op: 'remove', path: 'emails', value: [{ value: 'b@x' }] },
    ours: { emails: [work] },
    scimPatch: {},
  },
  {
    what: 'a boolean as text',
    why: "Entra's default",
    operation: { op: 'replace', path: 'active', value: 'False' },
    ours: { active: false },
    scimmy: 'invalidValue',
    scimPatch: { active: 'False' },
  },
  {
    what: 'empty text',
    why: 'to Entra it is no value; Microsoft tests that it is gone',
    operation: { op: 'replace', path: 'title', value: '' },
    ours: { title: null },
    scimmy: { title: '' },
    scimPatch: { title: '' },
  },
  {
    what: 'a manager as text',
    why: 'Entra writes it so, and reads an object',
    operation: { op: 'add', path: `${ENTERPRISE_USER}:manager`, value: 'M1' },
    ours: { [ENTERPRISE_USER]: { department: 'IT', manager: { value: 'M1' } } },
    scimmy: 'invalidValue',
    scimPatch: { [ENTERPRISE_USER]: { department: 'IT', manager: 'M1' } },
  },
  {
    what: 'an attribute of an extension by its bare name',
    why: 'Entra sends "manager" alone',
    operation: { op: 'add', path: 'division', value: 'D' },
    ours: { [ENTERPRISE_USER]: { department: 'IT', division: 'D' } },
    scimmy: 'invalidPath',
    scimPatch: { division: 'D' },
  },
  {
    what: 'a wrong type',
    why: 'RFC 7644 §3.12: invalidValue; scim-patch knows no schema',
    operation: { op: 'replace', path: 'title', value: 7 },
    ours: 'invalidValue',
    scimPatch: { title: 7 },
  },
  {
    what: 'a required attribute removed',
    why: 'RFC 7644 §3.5.2.2: mutability',
    operation: { op: 'remove', path: 'userName' },
    ours: 'mutability',
    scimmy: 'invalidValue',
    scimPatch: { userName: null },
  },
  {
    what: 'active removed',
    why: 'without a value a leaver would count as active again',
    operation: { op: 'remove', path: 'active' },
    ours: 'mutability',
    scimmy: { active: null },
    scimPatch: { active: null },
  },
  {
    what: 'a read-only attribute',
    why: 'RFC 7644 §3.5.2: mutability; the others let it pass',
    operation: { op: 'replace', path: 'meta.version', value: 'x' },
    ours: 'mutability',
    scimmy: {},
    scimPatch: {},
  },
  {
    what: 'an unknown attribute without a path',
    why: "an administrator's mapping may hold more than we know; it must not fail the person",
    operation: { op: 'replace', value: { shoeSize: '41' } },
    ours: {},
    scimmy: 'invalidPath',
    scimPatch: { shoeSize: '41' },
  },
  {
    what: 'an unknown attribute with a path',
    why: 'RFC 7644 §3.5.2: invalidPath; scim-patch knows no schema',
    operation: { op: 'replace', path: 'shoeSize', value: '41' },
    ours: 'invalidPath',
    scimPatch: { shoeSize: '41' },
  },
];

async function outcomeOf(patch: Patcher, operation: Operation): Promise<Outcome> {
  let after: JsonObject;
  try {
    after = await patch(source, [operation]);
  } catch (error) {
    const { scimType, scimCode } = error as { scimType?: string; scimCode?: string };
    return scimType ?? scimCode ?? String(error);
  }
  const before: JsonObject = source;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names]
      .filter((name) => !isSameJson(before[name], after[name]))
      .map((name) => [name, after[name] ?? null]),
  );
}

test.each(DIFFERENCES)('$what: $why', async ({ operation, scimmy, scimPatch, ...expected }) => {
  expect(await outcomeOf(ours, operation)).toEqual(expected.ours);
  expect(await outcomeOf(scimmys, operation)).toEqual(scimmy ?? expected.ours);
  expect(await outcomeOf(scimPatchs, operation)).toEqual(scimPatch ?? expected.ours);
  const theirs = [scimmy, scimPatch].filter((outcome) => outcome !== undefined);
  expect(theirs).not.toEqual([]);
  expect(theirs).not.toContainEqual(expected.ours);
});
