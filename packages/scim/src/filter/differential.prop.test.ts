// Our filters against scimmy's: both find the same people by what both understand. Where they part, the table says who
// is right, and shows it: an entry that is no longer true fails.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { isFoundByScimmy } from '../testing/other-implementations.ts';
import { toView } from '../view.ts';
import { matchesFilter } from './matches.ts';
import { parseFilter } from './parse.ts';

function isFound(filter: string, person: JsonObject): boolean {
  const stored = { id: '1', createdAt: 0, modifiedAt: 0, generation: 1, json: JSON.stringify(person) };
  return matchesFilter(parseFilter('User', filter), toView('User', stored));
}

/** Lower case: scimmy compares with it. */
const text = fc.constantFrom('a', 'b', 'ab', 'ba', 'abc');

const person: fc.Arbitrary<JsonObject> = fc.record({
  userName: text,
  displayName: text,
  externalId: text,
  active: fc.boolean(),
  name: fc.record({ givenName: text, familyName: text }),
  emails: fc.uniqueArray(fc.record({ type: fc.constantFrom('work', 'home'), value: text }), {
    selector: ({ type }) => type,
    minLength: 1,
  }),
});

const name = fc.constantFrom('userName', 'displayName', 'externalId', 'name.givenName', 'name.familyName');
const comparison = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
const onText = fc
  .tuple(name, comparison, text)
  .map(([name, comparison, text]) => `${name} ${comparison} "${text}"`);
const onBoolean = fc
  .tuple(fc.constantFrom('eq', 'ne'), fc.boolean())
  .map(([comparison, value]) => `active ${comparison} ${value}`);
const onPresence = fc.constantFrom('title pr', 'displayName pr', 'nickName pr');
const onElements = fc.oneof(
  fc
    .tuple(fc.constantFrom('type', 'value'), comparison, text)
    .map(([part, comparison, text]) => `emails.${part} ${comparison} "${text}"`),
  fc
    .tuple(fc.constantFrom('work', 'home'), comparison, text)
    .map(([type, comparison, text]) => `emails[type eq "${type}" and value ${comparison} "${text}"]`),
);

/** No groups, and lists and objects in one term of a conjunction at most: see the table. */
const simple = fc.oneof(
  onText.filter((text) => !text.startsWith('name.')),
  onBoolean,
  onPresence,
);
const negation = simple.map((term) => `not (${term})`);
const conjunction = fc
  .tuple(fc.array(fc.oneof(simple, negation), { maxLength: 3 }), fc.option(onElements), fc.option(onText))
  .map(([terms, elements, text]) => [...terms, ...(elements ? [elements] : []), ...(text ? [text] : [])])
  .filter((terms) => terms.length > 0)
  .map((terms) => terms.join(' and '));
const filter = fc.array(conjunction, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' or '));

test('both find the same people', () => {
  fc.assert(
    fc.property(person, filter, (person, filter) => {
      expect(isFound(filter, person)).toBe(isFoundByScimmy(filter, person));
    }),
    { numRuns: 2000 },
  );
});

interface Difference {
  readonly what: string;
  /** Why ours is right. */
  readonly why: string;
  readonly filter: string;
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

/** Whether the person is found, or that the filter is refused. */
type Outcome = boolean | 'refused';

const ines = {
  userName: 'Ines@x',
  displayName: 'Ines "Nes" O',
  active: true,
  emails: [
    { type: 'work', value: 'a@x' },
    { type: 'home', value: 'b@x' },
  ],
};

const DIFFERENCES: readonly Difference[] = [
  {
    what: 'text in another case',
    why: 'RFC 7644 §3.4.2.2: as the attribute says, and userName is not caseExact',
    filter: 'userName eq "ines@X"',
    ours: true,
    theirs: false,
  },
  {
    what: 'the URN of the core schema before a name',
    why: 'RFC 7644 §3.10',
    filter: 'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "Ines@x"',
    ours: true,
    theirs: false,
  },
  {
    what: 'a substring of nothing',
    why: 'what is absent has no text; theirs is found in "undefined"',
    filter: 'nickName co "e"',
    ours: false,
    theirs: true,
  },
  {
    what: 'presence of a list',
    why: 'RFC 7644 §3.4.2.2: pr',
    filter: 'emails pr',
    ours: true,
    theirs: 'refused',
  },
  {
    what: 'a list compared as a whole',
    why: 'RFC 7644 §3.4.2.2: its values are',
    filter: 'emails eq "b@x"',
    ours: true,
    theirs: 'refused',
  },
  {
    what: 'not over a list',
    why: 'RFC 7644 §3.4.2.2: not negates the whole; theirs looks for an element that is not',
    filter: 'not (emails.value eq "a@x")',
    ours: false,
    theirs: true,
  },
  {
    what: 'two terms on one list',
    why: 'each term may be met by another element; only [] ties them',
    filter: 'emails.value co "b" and emails.value co "a"',
    ours: true,
    theirs: false,
  },
  {
    what: 'not over a conjunction',
    why: 'RFC 7644 §3.4.2.2: not negates the whole group',
    filter: 'not (userName pr and nickName pr)',
    ours: true,
    theirs: false,
  },
  {
    what: 'a group before other terms',
    why: 'RFC 7644 §3.4.2.2: all terms count',
    filter: '(nickName pr or userName ew "x") and emails.type eq "work" and userName eq "z"',
    ours: false,
    theirs: true,
  },
  {
    what: 'a group in a group',
    why: 'RFC 7644 §3.4.2.2: grouping nests',
    filter: '((userName pr))',
    ours: true,
    theirs: 'refused',
  },
  {
    what: 'an escaped quote',
    why: 'RFC 7644 §3.4.2.2: values are JSON strings',
    filter: 'displayName eq "Ines \\"Nes\\" O"',
    ours: true,
    theirs: 'refused',
  },
  {
    what: 'a text without quotes',
    why: 'some clients forget them',
    filter: 'userName eq Ines@x',
    ours: true,
    theirs: 'refused',
  },
  {
    what: 'a number for text',
    why: 'RFC 7644 §3.12: invalidFilter, not nobody',
    filter: 'userName eq 7',
    ours: 'refused',
    theirs: false,
  },
  {
    what: 'an unknown attribute',
    why: 'RFC 7644 §3.12: invalidFilter; to be told "nobody" Entra would create the person',
    filter: 'shoeSize eq "41"',
    ours: 'refused',
    theirs: false,
  },
  {
    what: 'an order of booleans',
    why: 'RFC 7644 §3.4.2.2: invalidFilter',
    filter: 'active gt true',
    ours: 'refused',
    theirs: false,
  },
  {
    what: 'a filter without an end',
    why: 'RFC 7644 §3.12: invalidFilter',
    filter: 'userName eq "a" and',
    ours: 'refused',
    theirs: false,
  },
];

function outcomeOf(isFound: (filter: string, person: JsonObject) => boolean, filter: string): Outcome {
  try {
    return isFound(filter, ines);
  } catch {
    return 'refused';
  }
}

describe('they part', () => {
  test.each(DIFFERENCES)('$what: $why', ({ filter, ours, theirs }) => {
    expect(outcomeOf(isFound, filter)).toBe(ours);
    expect(outcomeOf(isFoundByScimmy, filter)).toBe(theirs);
    expect(theirs).not.toBe(ours);
  });
});
