/** Which attributes Entra has a say in. */
import { describe, expect, test } from 'vitest';
import { namedValues, saidBy, withoutUnsaid } from './said.ts';

const ines = {
  userName: 'ines@larkspur.example',
  name: { givenName: 'Ines' },
  title: 'Engineer',
  phoneNumbers: [
    { type: 'work', value: '1' },
    { type: 'Mobile', value: '2' },
  ],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Field' },
};

test('attributes are named as an administrator knows them', () => {
  expect([...namedValues(ines).keys()]).toEqual([
    'userName',
    'name.givenName',
    'title',
    'phoneNumbers.work',
    'phoneNumbers.mobile',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  ]);
});

describe('saidBy', () => {
  test('a first write says all that it has', () => {
    expect(saidBy(undefined, ines).changed).toEqual([...namedValues(ines).keys()]);
  });

  test('a later one says what it changes and what it takes away', () => {
    const after = { ...ines, title: 'Director', phoneNumbers: [{ type: 'work', value: '1' }] };
    expect(saidBy(ines, after)).toEqual({
      changed: ['title', 'phoneNumbers.mobile'],
      left: ['phoneNumbers.work'],
    });
  });

  test('a second element of a type changes what the first one said', () => {
    const after = { ...ines, phoneNumbers: [...ines.phoneNumbers, { type: 'work', value: '3' }] };
    expect(saidBy(ines, after)).toEqual({
      changed: ['phoneNumbers.work'],
      left: ['title', 'phoneNumbers.mobile'],
    });
  });

  test('what is the same in another object is not changed', () => {
    expect(saidBy(ines, structuredClone(ines)).changed).toEqual([]);
  });
});

test('what Entra never said is not its word', () => {
  expect(withoutUnsaid(ines, [])).toBe(ines);
  expect(withoutUnsaid(ines, ['title', 'phoneNumbers.mobile'])).toEqual({
    userName: ines.userName,
    name: ines.name,
    phoneNumbers: [{ type: 'work', value: '1' }],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Field' },
  });
});
