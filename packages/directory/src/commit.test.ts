/** What a commit decides before it reaches Redis: how urgent it is, and what changed. */
import { type Attributes, CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER } from '@fresh-scim/scim';
import { describe, expect, test } from 'vitest';
import { changedNames, urgencyOf } from './commit.ts';

const active = { userName: 'ines@larkspur.example', active: true };
const disabled = { ...active, active: false };
const agent = (isAgent: string): Attributes => ({ ...active, [FRESHSERVICE_USER]: { isAgent } });

describe('urgencyOf', () => {
  test.each([
    ['a new person', undefined, active, 'normal'],
    ['a new person without a word about active', undefined, { userName: 'ines' }, 'normal'],
    ['a person who is created disabled', undefined, disabled, 'urgent'],
    ['a delete', active, undefined, 'urgent'],
    ['a delete of a disabled person', disabled, undefined, 'urgent'],
    ['a disable', active, disabled, 'urgent'],
    ['a disable of a person without a word about active', { userName: 'ines' }, disabled, 'urgent'],
    ['a change of a disabled person', disabled, { ...disabled, title: 'Clerk' }, 'normal'],
    ['an enable', disabled, active, 'normal'],
    ['a change', active, { ...active, title: 'Clerk' }, 'normal'],
    ['an agent who is to be one no longer', agent('true'), agent('false'), 'urgent'],
    ['the same, in the words that Entra uses', agent('True'), agent('False'), 'urgent'],
    ['a requester who is to be an agent', agent('false'), agent('true'), 'normal'],
    ['an agent who stays one', agent('true'), { ...agent('true'), title: 'Clerk' }, 'normal'],
  ])('%s', (_, before: Attributes | undefined, after: Attributes | undefined, urgency) => {
    expect(urgencyOf(before, after)).toBe(urgency);
  });
});

describe('changedNames', () => {
  test.each([
    ['everything of a new person', undefined, active, ['active', 'userName']],
    ['everything of a deleted person', active, undefined, ['active', 'userName']],
    ['nothing when nothing changed', active, { ...active }, []],
    [
      'what came, went and differs, in order',
      { a: 1, b: 2, c: [1] },
      { b: 3, c: [1], d: 4 },
      ['a', 'b', 'd'],
    ],
    ['a list whose order changed', { emails: [1, 2] }, { emails: [2, 1] }, ['emails']],
  ])('names %s', (_, before, after, names) => {
    expect(changedNames(before, after)).toEqual(names);
  });

  test('names, of an extension, the attributes in it', () => {
    const before = { [ENTERPRISE_USER]: { department: 'Tax', costCenter: '1' }, [CORE_USER]: 'no object' };
    const after = {
      [ENTERPRISE_USER]: { department: 'Law', costCenter: '1', division: 'x' },
      title: 'Clerk',
    };
    expect(changedNames(before, after)).toEqual([
      'title',
      CORE_USER,
      `${ENTERPRISE_USER}:department`,
      `${ENTERPRISE_USER}:division`,
    ]);
  });
});
