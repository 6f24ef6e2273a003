import { describe, expect, test } from 'vitest';
import { parseListQuery } from './list.ts';
import { compareKeys, sortKeyOf } from './sort.ts';
import { ENTERPRISE_USER } from './urns.ts';
import { toView } from './view.ts';

const people = [
  {
    id: '1',
    userName: 'bo',
    externalId: 'B',
    active: true,
    emails: [{ value: 'z@x' }, { value: 'a@x', primary: true }],
  },
  { id: '2', userName: 'Ann', externalId: 'a', title: 'Lead', emails: [{ value: 'm@x' }, { value: 'b@x' }] },
  { id: '3', userName: 'cy', active: false, [ENTERPRISE_USER]: { manager: { value: 'M' } } },
].map(({ id, ...attributes }) =>
  toView('User', {
    id,
    createdAt: Date.parse('2026-11-02T08:00:00Z') + Number(id),
    modifiedAt: 1e12 - Number(id),
    generation: 1,
    json: JSON.stringify(attributes),
  }),
);

describe('the order of', () => {
  test.each([
    ['userName', 'ascending', '213'],
    ['userName', 'descending', '312'],
    ['USERNAME', undefined, '213'],
    ['externalId', 'ascending', '123'],
    ['externalId', 'descending', '321'],
    ['title', 'ascending', '213'],
    ['title', 'descending', '132'],
    ['active', 'ascending', '312'],
    ['emails', 'ascending', '123'],
    ['emails.value', 'descending', '321'],
    ['meta.created', 'descending', '321'],
    ['meta.lastModified', 'ascending', '321'],
    ['id', 'descending', '321'],
    ['manager', 'ascending', '312'],
    [`${ENTERPRISE_USER}:manager.value`, 'ascending', '312'],
  ])('%s, %s', (sortBy, sortOrder, expected) => {
    const query = parseListQuery('User', { sortBy, sortOrder });
    const keyed = people.map((view) => ({
      id: view['id'],
      key: query.sortBy && sortKeyOf(view, query.sortBy),
    }));
    const sorted = keyed.toSorted((one, other) => compareKeys(one.key, other.key, query.sortOrder));
    expect(sorted.map(({ id }) => id)).toEqual(expected.split(''));
  });
});
