import { describe, expect, test } from 'vitest';
import { ENTERPRISE_USER } from '../urns.ts';
import { lookupOf } from './lookup.ts';
import type { Lookup } from './lookup.ts';
import { parseFilter } from './parse.ts';
import { refersTo } from './refers-to.ts';

describe('the index that answers a filter on users', () => {
  test.each<[string, Lookup | undefined]>([
    ['userName eq "A@x"', { by: 'userName', value: 'A@x' }],
    ['id eq "U" and manager eq "M"', { by: 'id', value: 'U' }],
    ['externalId eq "e" and (active eq true and id eq "U")', { by: 'id', value: 'U' }],
    ['externalId eq "e"', { by: 'externalId', value: 'e' }],
    ['emails[type eq "work"].value eq "x"', { by: 'email', value: 'x' }],
    ['emails[type eq "work"] eq "x"', { by: 'email', value: 'x' }],
    ['emails[value eq "x" and type eq "Work"]', { by: 'email', value: 'x' }],
    ['emails[type eq "home"].value eq "x"', { by: 'email', value: 'x' }],
    ['emails.value eq "X"', { by: 'email', value: 'X' }],
    ['emails eq "x" and active eq true', { by: 'email', value: 'x' }],
    ['emails[type eq "work" or value eq "x"]', undefined],
    ['emails.display eq "x"', undefined],
    ['userName eq "a" or userName eq "b"', undefined],
    ['not (userName eq "a")', undefined],
    ['userName sw "a"', undefined],
    ['userName eq null', undefined],
    ['displayName eq "Ines"', undefined],
    ['groups.value eq "G"', undefined],
    [`${ENTERPRISE_USER}:id eq "a"`, undefined],
  ])('%s', (filter, lookup) => {
    expect(lookupOf('User', parseFilter('User', filter))).toEqual(lookup);
  });
});

describe('the index that answers a filter on groups', () => {
  test.each<[string, Lookup | undefined]>([
    ['displayName eq "Tier 2"', { by: 'displayName', value: 'Tier 2' }],
    ['externalId eq "e" and displayName eq "Tier 2"', { by: 'displayName', value: 'Tier 2' }],
    ['id eq "G" and members eq "U"', { by: 'id', value: 'G' }],
    ['members eq "U"', { by: 'member', value: 'U' }],
    ['members.value eq "U"', { by: 'member', value: 'U' }],
    ['members[value eq "U" and type eq "User"]', { by: 'member', value: 'U' }],
    ['members.type eq "Group"', undefined],
    ['members pr', undefined],
  ])('%s', (filter, lookup) => {
    expect(lookupOf('Group', parseFilter('Group', filter))).toEqual(lookup);
  });
});

test('a filter refers to what it cannot be decided without', () => {
  const refers = (filter: string) => refersTo(parseFilter('Group', filter), 'members');
  expect(refers('displayName eq "x" and not (members pr)')).toBe(true);
  expect(refers('displayName eq "x" or members[value eq "U"]')).toBe(true);
  expect(refers('displayName eq "members"')).toBe(false);
});
