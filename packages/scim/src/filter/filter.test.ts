import { describe, expect, test } from 'vitest';
import { toView } from '../view.ts';
import { ENTERPRISE_USER, FRESHSERVICE_USER } from '../urns.ts';
import { matchesFilter } from './matches.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

const ines = toView('User', {
  id: 'U1',
  createdAt: Date.parse('2026-11-02T08:15:30Z'),
  modifiedAt: Date.parse('2026-11-03T08:15:30Z'),
  generation: 3,
  groups: [{ id: 'G1', display: 'Tier 2' }],
  json: JSON.stringify({
    userName: 'Ines.Okafor@larkspur.example',
    externalId: 'IOkafor',
    active: true,
    displayName: 'Ines "Nes" Okafor',
    name: { givenName: 'Ines' },
    emails: [
      { type: 'work', value: 'ines@larkspur.example', primary: true },
      { type: 'home', value: 'ines@home.example' },
    ],
    [ENTERPRISE_USER]: { department: 'Logistics', manager: { value: 'M1' }, _location: 'Lisbon' },
    [FRESHSERVICE_USER]: { isAgent: 'True' },
  }),
});

function isFound(filter: string): boolean {
  return matchesFilter(parseFilter('User', filter), ines);
}

describe('what a filter finds', () => {
  test.each([
    'userName eq "ines.okafor@LARKSPUR.example"',
    'USERNAME Eq "ines.okafor@larkspur.example"',
    'userName eq ines.okafor@larkspur.example',
    'externalId eq IOkafor',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ines"',
    'displayName co "\\"nes\\""',
    'displayName eq "Ines \\u0022Nes\\u0022 Okafor"',
    'userName ew ".EXAMPLE"',
    'userName gt "a" and userName le "z"',
    'active eq true',
    'active eq "True"',
    'active ne false',
    'emails[type eq "work"].value eq "INES@larkspur.example"',
    'emails[type eq "work"] eq "ines@larkspur.example"',
    'Emails[Type eq "work"].Value eq "ines@larkspur.example"',
    'emails[type eq "work" and value co "@larkspur"]',
    'emails.value eq "ines@home.example"',
    'emails eq "ines@home.example"',
    'emails[not (type eq "work")]',
    'emails pr and name.givenName pr',
    'title ne "Lead"',
    'title eq null',
    'userName ne null',
    'not (title pr)',
    'id eq "U1" and manager eq "M1"',
    `${'('.repeat(32)}userName pr${')'.repeat(32)}`,
    'manager.value eq "M1"',
    `${ENTERPRISE_USER}:department eq "logistics"`,
    `${ENTERPRISE_USER}:manager.value eq "M1"`,
    `${ENTERPRISE_USER}:_LOCATION eq "lisbon"`,
    `${FRESHSERVICE_USER}:isAgent eq true`,
    'groups.value eq "G1" and groups.display eq "TIER 2"',
    'groups[type eq "direct"]',
    'meta.lastModified gt "2026-11-03T07:15:30.000Z"',
    'meta.created eq "2026-11-02T09:15:30+01:00"',
    'meta.created ge "2026-11-02T08:15:30"',
    'meta.version eq "W/\\"3\\""',
    'meta.resourceType eq "User"',
    `schemas eq "${FRESHSERVICE_USER}"`,
    'title pr or userName pr and active eq true',
    '(title pr or userName pr) and not (active eq false)',
  ])('%s', (filter) => {
    expect(isFound(filter)).toBe(true);
  });

  test.each([
    'externalId eq "iokafor"',
    'id eq "u1"',
    'manager eq "m1"',
    'emails[type eq "work" and value eq "ines@home.example"]',
    'emails[type eq "home"].value eq "ines@larkspur.example"',
    'title pr',
    'title eq "Lead"',
    'title co "e"',
    'userName pr and title pr or active eq false',
    'userName eq "7d2f0c51-93c4-4a5e-8a0b-31b6c2f9e0aa"',
    'meta.created gt "2026-11-02T08:15:30Z"',
  ])('not: %s', (filter) => {
    expect(isFound(filter)).toBe(false);
  });
});

describe('what is no filter', () => {
  test.each([
    '',
    'userName',
    'userName eq',
    'userName eq "a" and',
    'userName eq "a" userName eq "b"',
    'userName is "a"',
    'shoeSize eq "41"',
    'name.shoeSize eq "41"',
    'userName eq "a',
    'userName eq "\\x"',
    'userName eq "\\ud800"',
    'userName eq \ud800',
    'userName eq "a\\u0000b"',
    'userName eq "a\0b"',
    '(userName eq "a"',
    'userName eq "a")',
    'not userName eq "a"',
    'emails[type eq "work"',
    'emails[type eq "work"].shoe eq "x"',
    'emails[emails[type eq "work"]]',
    'userName[value eq "a"]',
    'name eq "Ines"',
    'addresses[type eq "work"] eq "x"',
    'userName eq 5',
    'userName eq true',
    "userName eq 'a'",
    "emails[type eq 'work'].value eq 'x'",
    'active eq "perhaps"',
    'active gt true',
    'active co "t"',
    'x509Certificates.value gt "a"',
    'userName gt null',
    'meta.created eq "yesterday"',
    'meta.created eq "2026-02-30T00:00:00Z"',
    'meta.created eq "2026-11-02"',
    'meta.created eq "2026-11-02T25:00:00Z"',
    'meta.created eq "2026-13-45T99:00:00Z"',
    'meta.created co "2026"',
    'meta.location pr',
    'password eq "x"',
    'urn:acme:User:badge eq "x"',
    'constructor pr',
    '__proto__ pr',
    `${'('.repeat(33)}userName pr${')'.repeat(33)}`,
    `userName eq "${'a'.repeat(4096)}"`,
  ])('%s', (filter) => {
    expect(() => parseFilter('User', filter)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidFilter' }),
    );
  });

  test('a refusal does not repeat the value', () => {
    expect(() => parseFilter('User', 'active eq "ines@larkspur.example"')).not.toThrow(/larkspur/);
  });
});

test("Entra's form of a work e-mail is printed in the RFC's", () => {
  const filter = parseFilter('User', 'emails[type eq "work"].value eq "x"');
  expect(printFilter(filter)).toBe('emails[type eq "work" and value eq "x"]');
});

test('and binds closer than or; parentheses are kept where they matter', () => {
  const print = (text: string) => printFilter(parseFilter('User', text));
  expect(print('title pr or active eq true and userName pr')).toBe(
    'title pr or (active eq true and userName pr)',
  );
  expect(print('((title pr))')).toBe('title pr');
  expect(print('NOT(title pr)')).toBe('not (title pr)');
});

test.each([
  [
    'shoeSize eq "41"',
    'The filter names an attribute at character 1 that does not exist here. Correct the name.',
  ],
  ['"ines" eq userName', 'The filter has something else at character 1 than an attribute name.'],
  [
    'ines@x.example eq "x"',
    'The filter names an attribute at character 1 that does not exist here. Correct the name.',
  ],
  [
    'active gt true',
    'active is of type boolean, which cannot be compared with "gt". Use another operator, such as "eq".',
  ],
  ['active eq "maybe"', 'active can only be compared with true or false.'],
  ['userName eq 5', 'userName is text: put its value in double quotes.'],
  ["userName eq 'ines'", 'userName is text: put its value in double quotes.'],
  [
    'userName eq',
    'A value for userName is missing in the filter. Put it in double quotes behind the operator.',
  ],
  [
    'meta.created gt "now"',
    'meta.created must be compared with a date and time such as "2026-01-31T08:00:00Z".',
  ],
  [
    `${ENTERPRISE_USER}:manager.displayName gt null`,
    `${ENTERPRISE_USER}:manager.displayName is compared with null, which takes "eq" or "ne" only. Use "pr" for any value.`,
  ],
  ['name eq "x"', 'name has no single value; name the part to compare.'],
])('the detail names the attribute, what is wrong and what to do: %s', (filter, detail) => {
  expect(() => parseFilter('User', filter)).toThrow(expect.objectContaining({ detail }));
});
