import { describe, expect, test } from 'vitest';
import { parsePath } from './path.ts';
import { matchesMember, splitMembers } from './members.ts';
import { finish } from './steps.ts';
import type { Member } from './members.ts';
import { parseResource } from './parse-resource.ts';
import { resourceTypeOf } from './schema/resource-type.ts';
import { CORE_GROUP } from './urns.ts';

test('a group is stored without its members, and each of these is told once', () => {
  const group = parseResource('Group', {
    schemas: [CORE_GROUP],
    displayName: 'Tier 2',
    externalId: 'e',
    members: [{ value: 'U1', type: 'User' }, { value: 'U2', display: 'Bo' }, { value: 'U1' }, 'u1'],
  });
  expect(finish(splitMembers(group))).toEqual({
    attributes: { displayName: 'Tier 2', externalId: 'e' },
    members: ['U1', 'U2', 'u1'],
  });
  expect(finish(splitMembers({ displayName: 'Tier 2' }))).toEqual({
    attributes: { displayName: 'Tier 2' },
    members: [],
  });
});

describe('a filter on members', () => {
  const user: Member = { id: 'U1', type: 'User' };

  test.each([
    ['value eq "U1"', true],
    ['value eq "u1"', false],
    ['type eq "user"', true],
    ['type eq "Group" or value sw "U"', true],
    ['not (value eq "U1")', false],
    ['type pr and value pr', true],
  ])('%s: %s', (where, expected) => {
    const path = parsePath(resourceTypeOf('Group'), `members[${where}]`);
    expect(path.kind === 'attribute' && path.filter && matchesMember(path.filter, user)).toBe(expected);
  });
});
