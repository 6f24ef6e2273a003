import { expect, test } from 'vitest';
import { PeopleFactory, type Person, signInAddressOf } from './people.ts';
import { createRandom } from './random.ts';

function twoHundred(): Person[] {
  const factory = new PeopleFactory(createRandom(7), 'larkspur.example', []);
  return Array.from({ length: 200 }, () => factory.hire());
}

test('two hundred people hold every hard case', () => {
  const people = twoHundred();
  const some = (matches: (person: Person) => boolean) => people.some(matches);
  expect(some((p) => p.userPrincipalName.includes('#EXT#@larkspur.example'))).toBe(true);
  expect(some((p) => signInAddressOf(p).includes('+'))).toBe(true);
  expect(some((p) => signInAddressOf(p).includes("'"))).toBe(true);
  expect(some((p) => (p.surname?.length ?? 0) >= 100)).toBe(true);
  expect(some((p) => p.givenName !== undefined && p.surname === undefined)).toBe(true);
  expect(some((p) => p.givenName === undefined)).toBe(true);
  expect(some((p) => p.displayName !== p.displayName.normalize('NFC'))).toBe(true);
  for (const script of ['Latin', 'Cyrillic', 'Arabic', 'Han']) {
    expect(some((p) => new RegExp(`\\p{Script=${script}}`, 'u').test(p.displayName))).toBe(true);
  }
  expect(people.filter((p) => p.mail !== signInAddressOf(p))).toHaveLength(1);
});

test('a guest signs in with the original address', () => {
  const userPrincipalName = 'ines_maria+desk_brightwater.example#EXT#@larkspur.example';
  expect(signInAddressOf({ userPrincipalName })).toBe('ines_maria+desk@brightwater.example');
});

test('a rename changes name and UPN of a member, and only the name of a guest', () => {
  const factory = new PeopleFactory(createRandom(7), 'larkspur.example', []);
  for (const person of Array.from({ length: 100 }, () => factory.hire())) {
    const renamed = factory.rename(person);
    const isGuest = person.userPrincipalName.includes('#EXT#');
    expect(renamed.displayName).not.toBe(person.displayName);
    expect(renamed.userPrincipalName === person.userPrincipalName).toBe(isGuest);
    expect(renamed.objectId).toBe(person.objectId);
  }
});
