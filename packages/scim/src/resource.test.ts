import { expect, test } from 'vitest';
import { displayWordsOf, emailsOf, externalIdOf, isActive, userNameOf, workEmailOf } from './resource.ts';

const person = {
  userName: 'J.OBrien+desk@larkspur.example',
  displayName: "Jane O'Brien",
  name: { givenName: 'Jane', familyName: 'O\u2019Brien' },
  emails: [
    { type: 'home', value: 'jane@home.example' },
    { type: 'Work', value: 'Jane.OBrien@larkspur.example' },
  ],
};

test('the work address is the one of type work', () => {
  expect(workEmailOf(person)).toBe('Jane.OBrien@larkspur.example');
  expect(workEmailOf({ emails: [{ type: 'home', value: 'x' }] })).toBeUndefined();
  expect(workEmailOf({ emails: [{ type: 'work' }] })).toBeUndefined();
  expect(workEmailOf({})).toBeUndefined();
});

test('every address, for looking people up', () => {
  expect(emailsOf(person)).toEqual(['jane@home.example', 'jane.obrien@larkspur.example']);
  expect(emailsOf({ emails: [{ value: 'A@x' }, { type: 'work', value: 'a@X' }, { type: 'home' }] })).toEqual([
    'a@x',
  ]);
  expect(emailsOf({})).toEqual([]);
});

test('names and state', () => {
  expect(userNameOf(person)).toBe('J.OBrien+desk@larkspur.example');
  expect(externalIdOf(person)).toBeUndefined();
  expect(externalIdOf({ externalId: 'A' })).toBe('A');
  expect(isActive(person)).toBe(true);
  expect(isActive({ active: false })).toBe(false);
});

test('the words to look for', () => {
  expect(displayWordsOf(person)).toEqual([
    'brien',
    'desk',
    'j.obrien+desk@larkspur.example',
    'jane.obrien@larkspur.example',
    'jane@home.example',
    'obrien',
  ]);
});

test('the words of every part of the name', () => {
  const name = { formatted: 'Dr Ines', givenName: 'Inês', middleName: 'Maria', familyName: 'Okafor-Lund' };
  expect(displayWordsOf({ name })).toEqual(['dr', 'ines', 'inês', 'lund', 'maria', 'okafor']);
});

test('words of any script, composed, and not without end', () => {
  expect(displayWordsOf({ displayName: 'Зоя Ångström 王小明' })).toEqual(['ångström', 'зоя', '王小明']);
  const long = Array.from({ length: 100 }, (_, n) => `w${n}`).join(' ');
  // Of the first 32 of them, w0 to w31, four begin another one: w0 none, w1, w2 and w3.
  expect(displayWordsOf({ displayName: long })).toHaveLength(29);
  expect(displayWordsOf({ displayName: 'x'.repeat(101) })).toEqual([]);
});
