import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../json.ts';
import { finish } from '../steps.ts';
import { PATCH_MESSAGE } from '../urns.ts';
import { splitPatch } from './member-changes.ts';
import { parsePatch } from './parse.ts';

const split = (...operations: JsonValue[]) =>
  finish(splitPatch(parsePatch('Group', { schemas: [PATCH_MESSAGE], Operations: operations })));
const add = (...ids: string[]) => ({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });
const remove = (id: string) => ({ op: 'remove', path: `members[value eq "${id}"]` });

test('attributes and members go separate ways', () => {
  const { attributes, members } = split({
    op: 'replace',
    value: { displayName: 'Tier 3', members: [{ value: 'a' }], externalId: 'e' },
  });
  expect(attributes.map(({ op }) => op)).toEqual(['replace', 'replace']);
  expect(members).toEqual([{ op: 'replace', ids: ['a'] }]);
});

describe('changes are folded', () => {
  test('thousands of operations into one change', () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => `U${n}`);
    expect(split(...ids.map(remove)).members).toEqual([{ op: 'remove', ids }]);
  });

  test('the last word about a member counts', () => {
    expect(split(add('a', 'b'), remove('a'), remove('c'), add('c')).members).toEqual([
      { op: 'remove', ids: ['a'] },
      { op: 'add', ids: ['b', 'c'] },
    ]);
  });

  test('what comes before all are replaced is forgotten', () => {
    expect(split(add('a'), { op: 'remove', path: 'members' }, add('b', 'c'), remove('b')).members).toEqual([
      { op: 'replace', ids: ['c'] },
    ]);
  });

  test('a filter that is no list of ids keeps its place', () => {
    const { members } = split(add('a'), { op: 'remove', path: 'members[type eq "Group"]' }, add('b'));
    expect(members).toEqual([
      { op: 'add', ids: ['a'] },
      { op: 'remove', where: expect.objectContaining({ kind: 'compare' }) },
      { op: 'add', ids: ['b'] },
    ]);
  });

  test('nothing is nothing', () => {
    expect(split({ op: 'Remove', path: 'members', value: [] }).members).toEqual([]);
    expect(split().members).toEqual([]);
  });
});
