import { describe, expect, test } from 'vitest';
import { parseResource } from './parse-resource.ts';
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER } from './urns.ts';

const bare = { schemas: [CORE_USER], userName: 'ines@larkspur.example' };

function user(more: object): unknown {
  return parseResource('User', { ...bare, ...more });
}

describe('what Entra posts', () => {
  test('a whole person', () => {
    const body = {
      schemas: [CORE_USER, ENTERPRISE_USER],
      externalId: 'iokafor',
      userName: 'ines.okafor@larkspur.example',
      active: 'True',
      name: { givenName: 'Ines', familyName: 'Okafor' },
      emails: [{ primary: true, type: 'work', value: 'ines.okafor@larkspur.example' }],
      addresses: [{ type: 'work', formatted: 'Rua do Norte 7, Lisboa', primary: false }],
      title: null,
      [ENTERPRISE_USER]: { Department: 'Field Service', _location: 'Lisbon' },
      [FRESHSERVICE_USER]: { isAgent: 'true', badge_number: 'B-7' },
      meta: { resourceType: 'User' },
      roles: [],
    };
    expect(parseResource('User', body)).toEqual({
      externalId: 'iokafor',
      userName: 'ines.okafor@larkspur.example',
      active: true,
      name: { givenName: 'Ines', familyName: 'Okafor' },
      emails: [{ primary: true, type: 'work', value: 'ines.okafor@larkspur.example' }],
      addresses: [{ type: 'work', formatted: 'Rua do Norte 7, Lisboa', primary: false }],
      [ENTERPRISE_USER]: { department: 'Field Service', _location: 'Lisbon' },
      [FRESHSERVICE_USER]: { isAgent: 'true', badge_number: 'B-7' },
    });
  });

  const managed = { userName: bare.userName, active: true, [ENTERPRISE_USER]: { manager: { value: 'M1' } } };

  test.each([
    ['as text', { [ENTERPRISE_USER]: { manager: 'M1' } }],
    [
      'as an object',
      { [ENTERPRISE_USER]: { manager: { value: 'M1', $ref: '../Users/M1', displayName: 'Mo' } } },
    ],
    ['as a list', { [ENTERPRISE_USER]: { manager: [{ value: 'M1' }] } }],
    ['under its URN', { [`${ENTERPRISE_USER}:manager`]: 'M1' }],
    ['alone', { manager: { value: 'M1' } }],
    ['under the URN in another case', { [ENTERPRISE_USER.toUpperCase()]: { MANAGER: 'M1' } }],
  ])('a manager %s', (_how, more) => {
    expect(user(more)).toEqual(managed);
  });

  test('names in any case', () => {
    const body = {
      SCHEMAS: [CORE_USER.toLowerCase()],
      USERNAME: 'ines',
      Active: 'false',
      Emails: [{ VALUE: 'a@b' }],
    };
    expect(parseResource('User', body)).toEqual({
      userName: 'ines',
      active: false,
      emails: [{ value: 'a@b' }],
    });
  });

  test('of one name in two cases the last counts, as of one name twice', () => {
    const text = `{"schemas":["${CORE_USER}"],"userName":"a","title":"x","userName":"b","Title":"y"}`;
    expect(parseResource('User', JSON.parse(text))).toMatchObject({ userName: 'b', title: 'y' });
  });

  test('keys that are paths', () => {
    const more = {
      'name.givenName': 'Ines',
      [`${FRESHSERVICE_USER}:isAgent`]: true,
      'emails[type eq "work"].value': 'a@b',
    };
    expect(user(more)).toEqual({
      userName: bare.userName,
      active: true,
      name: { givenName: 'Ines' },
      emails: [{ type: 'work', value: 'a@b' }],
      [FRESHSERVICE_USER]: { isAgent: 'true' },
    });
  });

  test.each([
    ['unknown attributes', { shoeSize: 41, 'urn:acme:User': { badge: 1 }, 'foo.bar': 1 }],
    [
      'readOnly attributes',
      { id: 'x', meta: { version: 'y' }, groups: [{ value: 'g' }], 'meta.version': 'z' },
    ],
    ['a password', { password: 'secret' }],
    [
      'nulls, empty text, empty lists, empty objects',
      { title: null, displayName: '', emails: [], name: {}, roles: '' },
    ],
    [
      'entries of which no more than their type is left',
      {
        emails: [{ type: 'work', primary: true, value: null }],
        phoneNumbers: [{ type: 'mobile', value: '' }],
      },
    ],
    ['null for active', { active: null }],
    ['an empty manager', { [ENTERPRISE_USER]: { manager: { value: '' }, department: '' } }],
    ['roles of any shape', { roles: [7, { value: { a: 1 } }, null] }],
    ['undeclared attributes that are no text', { [FRESHSERVICE_USER]: { badge: { a: 1 }, list: ['x'] } }],
    [
      'undeclared attributes whose name is none',
      { [FRESHSERVICE_USER]: { 'a b': 'x', constructor: 'y', é: 'z' } },
    ],
  ])('%s leave no trace', (_what, more) => {
    expect(user(more)).toEqual({ userName: bare.userName, active: true });
  });

  test('what is there twice is there once, with the parts of both', () => {
    const emails = [
      { type: 'work', value: 'a@larkspur.example', primary: true },
      { type: 'home', value: 'a@larkspur.example' },
      { type: 'Work', value: 'A@larkspur.example', display: 'Ines' },
    ];
    const addresses = [
      { type: 'work', locality: 'Porto' },
      { locality: 'Porto', type: 'work' },
      { type: 'home' },
    ];
    expect(user({ emails, addresses })).toMatchObject({
      emails: [
        { type: 'Work', value: 'A@larkspur.example', primary: true, display: 'Ines' },
        { type: 'home', value: 'a@larkspur.example' },
      ],
      addresses: [{ type: 'work', locality: 'Porto' }, { type: 'home' }],
    });
  });

  test('keys of a parsed body cannot reach a prototype', () => {
    const body: unknown = JSON.parse(
      `{"schemas":["${CORE_USER}"],"userName":"ines","__proto__":{"active":false},"name":{"__proto__":{"x":1}},
        "${FRESHSERVICE_USER}":{"__proto__":{"polluted":"x"},"isAgent":"true"}}`,
    );
    const parsed = parseResource('User', body);
    expect(JSON.parse(JSON.stringify(parsed))).toEqual({
      userName: 'ines',
      active: true,
      [FRESHSERVICE_USER]: { isAgent: 'true' },
    });
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  });

  test('a group, with a schema that only Microsoft knows', () => {
    const body = {
      schemas: [CORE_GROUP, 'http://schemas.microsoft.com/2006/11/X'],
      displayName: 'Tier 2',
      members: ['U1'],
    };
    expect(parseResource('Group', body)).toEqual({ displayName: 'Tier 2', members: [{ value: 'U1' }] });
  });
});

describe('what is refused', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

  test('not what is as deep as allowed: 16 levels with the body', () => {
    expect(parseResource('User', { ...bare, x: nested(15) })).toMatchObject({ userName: bare.userName });
  });

  test.each([
    ['no object', 'invalidSyntax', []],
    ['null', 'invalidSyntax', null],
    ['nothing', 'invalidSyntax', undefined],
    ['no schemas', 'invalidSyntax', { userName: 'x' }],
    ['other schemas', 'invalidSyntax', { schemas: [CORE_GROUP], userName: 'x' }],
    ['schemas as text', 'invalidSyntax', { schemas: CORE_USER, userName: 'x' }],
    ['no userName', 'invalidValue', { schemas: [CORE_USER] }],
    ['an empty userName', 'invalidValue', { ...bare, userName: ' ' }],
    ['a number as userName', 'invalidValue', { ...bare, userName: 7 }],
    ['a word for a boolean', 'invalidValue', { ...bare, active: 'yes' }],
    ['text for a list', 'invalidValue', { ...bare, emails: 'a@b' }],
    ['text for an element', 'invalidValue', { ...bare, emails: ['a@b'] }],
    ['text for an object', 'invalidValue', { ...bare, name: 'Ines' }],
    ['text for an extension', 'invalidValue', { ...bare, [ENTERPRISE_USER]: 'x' }],
    [
      'two primaries',
      'invalidValue',
      {
        ...bare,
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: 'True' },
        ],
      },
    ],
    ['a NUL', 'invalidValue', { ...bare, title: 'a\0b' }],
    ['half a surrogate pair', 'invalidValue', { ...bare, title: '\ud83d' }],
    ['long text', 'invalidValue', { ...bare, title: 'x'.repeat(8193) }],
    [
      'a long list',
      'invalidValue',
      { ...bare, emails: Array.from({ length: 201 }, (_, n) => ({ value: `${n}` })) },
    ],
    [
      'many attributes of its own',
      'invalidValue',
      {
        ...bare,
        [FRESHSERVICE_USER]: Object.fromEntries(Array.from({ length: 202 }, (_, n) => [`f${n}`, 'x'])),
      },
    ],
    [
      'a large resource',
      'invalidValue',
      { ...bare, emails: Array.from({ length: 100 }, (_, n) => ({ value: `${n}`.padEnd(8000, 'x') })) },
    ],
    ['deep nesting', 'invalidSyntax', { ...bare, x: nested(16) }],
  ])('%s', (_what, scimType, body) => {
    expect(() => parseResource('User', body)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});
