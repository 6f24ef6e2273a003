/** A User of Entra in Freshservice's words, case by case. */
import type { Attributes } from '@fresh-scim/scim';
import { describe, expect, test } from 'vitest';
import { addressesOf, type Target, toTarget } from './target.ts';

const byUserName = { email: 'userName', departments: 'replace' } as const;
const byWork = { email: 'work', departments: 'replace' } as const;
const USER_NAME = 'Ines@larkspur.example';

const targetOf = (user: Attributes): Target['attributes'] =>
  toTarget({ userName: USER_NAME, ...user }, byUserName).attributes;
const work = (value: string): Attributes => ({ emails: [{ type: 'work', value }] });

describe('a whole person', () => {
  test('carries everything that Entra has a value for', () => {
    const user = {
      userName: USER_NAME,
      externalId: '5b0f2c1e',
      active: true,
      name: { givenName: 'Ines', familyName: 'Okafor' },
      displayName: 'Ines Okafor (Field)',
      title: 'Field Engineer',
      ...work('ines.okafor@larkspur.example'),
      phoneNumbers: [
        { type: 'fax', value: '1' },
        { type: 'Work', value: '+351 21 555 0199' },
        { type: 'mobile', value: '+351 91 555 0142' },
        { type: 'mobile', value: '2' },
      ],
    };
    expect(toTarget(user, byUserName)).toEqual({
      active: true,
      attributes: {
        primary_email: USER_NAME,
        secondary_emails: ['ines.okafor@larkspur.example'],
        first_name: 'Ines',
        last_name: 'Okafor',
        job_title: 'Field Engineer',
        work_phone_number: '+351 21 555 0199',
        mobile_phone_number: '+351 91 555 0142',
        external_id: '5b0f2c1e',
      },
      addresses: [USER_NAME, 'ines.okafor@larkspur.example'],
      externalId: '5b0f2c1e',
      defaults: {},
      byElement: ['secondary_emails'],
      learned: [],
      notes: [],
    });
  });

  test('says nothing of what Entra has no value for', () => {
    expect(toTarget({ userName: USER_NAME, active: false }, byUserName)).toEqual({
      active: false,
      attributes: { primary_email: USER_NAME, first_name: 'Ines' },
      addresses: [USER_NAME],
      externalId: undefined,
      defaults: {},
      byElement: ['secondary_emails'],
      learned: [],
      notes: [],
    });
  });

  test('is active unless Entra says otherwise', () => {
    expect(toTarget({ userName: USER_NAME }, byUserName).active).toBe(true);
  });
});

describe('the first name', () => {
  test.each([
    ['is the given one', { name: { givenName: 'Ines', familyName: 'O' }, displayName: 'D' }, 'Ines'],
    ['else the display name', { name: { familyName: 'O', formatted: 'F' }, displayName: 'D' }, 'D'],
    ['else the formatted one', { name: { familyName: 'O', formatted: 'F' } }, 'F'],
    ['else the family name', { name: { familyName: 'O' } }, 'O'],
    ['else what stands before the @', {}, 'Ines'],
    ['passes over blanks', { name: { givenName: ' ' }, displayName: '\t', title: 'x' }, 'Ines'],
    ['passes over what is no text', { name: { givenName: 7 }, displayName: 'D' }, 'D'],
  ])('%s', (_, user: Attributes, expected) => {
    expect(targetOf(user)['first_name']).toBe(expected);
  });
});

describe('texts', () => {
  test('are trimmed and composed', () => {
    expect(targetOf({ title: ' Jose\u0301 ' })['job_title']).toBe('Jos\u00e9');
  });

  test('are cut at 255 units, with a note, and never through a character', () => {
    const title = `${'x'.repeat(254)}\u{20bb7}`;
    const { attributes, notes } = toTarget({ userName: USER_NAME, title }, byUserName);
    expect(attributes['job_title']).toBe('x'.repeat(254));
    expect(notes).toEqual([{ attribute: 'job_title', reason: 'too-long' }]);
    expect(targetOf({ title: `${'x'.repeat(253)}\u{20bb7}` })['job_title']).toHaveLength(255);
  });

  test('that are blank are none', () => {
    expect(targetOf({ title: ' ', name: { familyName: '\n' }, externalId: ' ' })).toEqual({
      primary_email: USER_NAME,
      first_name: 'Ines',
    });
  });
});

describe('phones', () => {
  const phones = (...phoneNumbers: Attributes[]): unknown => {
    const { work_phone_number: work, mobile_phone_number: mobile } = targetOf({ phoneNumbers });
    return [work, mobile];
  };
  test.each([
    [
      'of both types',
      [
        { type: 'mobile', value: '2' },
        { type: 'work', value: '1' },
      ],
      ['1', '2'],
    ],
    ['of another case', [{ type: 'WORK', value: '1' }], ['1', undefined]],
    ['of other types', [{ type: 'fax', value: '1' }, { value: '2' }], [undefined, undefined]],
    ['without a value', [{ type: 'work' }], [undefined, undefined]],
    [
      'without a value, followed by one with it',
      [{ type: 'work' }, { type: 'work', value: '1' }],
      ['1', undefined],
    ],
  ])('%s', (_, list: Attributes[], expected) => {
    expect(phones(...list)).toEqual(expected);
  });
});

describe('addresses', () => {
  test.each([
    ['userName goes first', byUserName, USER_NAME, 'b@x.example', [USER_NAME, 'b@x.example']],
    [
      'the work address goes first where the setting says so',
      byWork,
      USER_NAME,
      'b@x.example',
      ['b@x.example', USER_NAME],
    ],
    ['a userName that is no address is passed over', byUserName, 'ines', 'b@x.example', ['b@x.example']],
    ['a work address that is none is passed over', byWork, USER_NAME, 'b', [USER_NAME]],
    ['a userName with two @ is no address', byUserName, 'a@b@c', 'b@x.example', ['b@x.example']],
    [
      'the same address is one, as the first spells it',
      byUserName,
      USER_NAME,
      USER_NAME.toUpperCase(),
      [USER_NAME],
    ],
    [
      'blanks around it do not count',
      byUserName,
      ` ${USER_NAME} `,
      'b@x.example',
      [USER_NAME, 'b@x.example'],
    ],
    ['none is none', byUserName, 'ines', 'b', []],
    [
      'a guest is known by both',
      byUserName,
      'ines_thrift.example#EXT#@larkspur.onmicrosoft.example',
      'ines@thrift.example',
      ['ines_thrift.example#EXT#@larkspur.onmicrosoft.example', 'ines@thrift.example'],
    ],
    [
      'a guest is created under the own address where the setting says so',
      byWork,
      'ines_thrift.example#EXT#@larkspur.onmicrosoft.example',
      'ines@thrift.example',
      ['ines@thrift.example', 'ines_thrift.example#EXT#@larkspur.onmicrosoft.example'],
    ],
  ] as const)('%s', (_, setting, userName, email, expected) => {
    const user = { userName, ...work(email) };
    expect(addressesOf(user, setting.email)).toEqual(expected);
    expect(toTarget(user, setting).attributes['primary_email']).toBe(expected[0]);
  });
});
