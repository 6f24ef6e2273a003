import { expect, it } from 'vitest';
import { parseFilter } from './parse.ts';
import { valuesNamed } from './values-named.ts';

it.each([
  ['displayName eq "x"', []],
  ['members eq "a"', ['a']],
  ['members.value eq "a" and id eq "b"', ['a']],
  ['members[value eq "a"]', ['a']],
  ['not (members eq "a") or members.value eq "b"', ['a', 'b']],
])('%s names %j', (filter, ids) => {
  expect(valuesNamed(parseFilter('Group', filter), 'members')).toEqual(ids);
});

it.each([
  'members pr',
  'members eq null',
  'members ne "a"',
  'members co "a"',
  'members.type eq "User"',
  'members[type eq "User"]',
  'members[value eq "a" and type eq "User"]',
  'members[value eq "a" or value eq "b"]',
  'members eq "a" or not (members pr)',
])('%s looks at more', (filter) => {
  expect(valuesNamed(parseFilter('Group', filter), 'members')).toBeUndefined();
});
