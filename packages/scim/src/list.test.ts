import { describe, expect, test } from 'vitest';
import { printFilter } from './filter/print.ts';
import { listResponse, parseListQuery } from './list.ts';
import { LIST_MESSAGE } from './urns.ts';

describe('a query', () => {
  test('its defaults', () => {
    expect(parseListQuery('User', {})).toEqual({ startIndex: 1, count: 100, selection: { kind: 'all' } });
    expect(parseListQuery('User', undefined)).toEqual(parseListQuery('User', {}));
  });

  test.each([
    ['0', '-5', 1, 0],
    ['11', '5', 11, 5],
    ['+2', '999999', 2, 200],
    [3, 0, 3, 0],
    ['99999999999999999999', '1', Number.MAX_SAFE_INTEGER, 1],
  ])('startIndex %s, count %s', (startIndex, count, start, wanted) => {
    expect(parseListQuery('User', { startIndex, count })).toMatchObject({ startIndex: start, count: wanted });
  });

  test('filter, sort and unknown parameters', () => {
    const query = parseListQuery('User', {
      filter: 'userName eq "a"',
      sortBy: 'name.givenName',
      sortOrder: 'Descending',
      x: '1',
    });
    expect(query.filter && printFilter(query.filter)).toBe('userName eq "a"');
    expect(query.sortBy?.sub?.name).toBe('givenName');
    expect(query.sortOrder).toBe('descending');
  });

  test.each([
    ['invalidValue', { startIndex: 'one' }],
    ['invalidValue', { count: '1.5' }],
    ['invalidValue', { count: '' }],
    ['invalidValue', { count: ['1', '2'] }],
    ['invalidValue', { filter: ['a', 'b'] }],
    ['invalidValue', { attributes: 7 }],
    ['invalidValue', { excludedAttributes: 'x,'.repeat(200) }],
    ['invalidValue', { sortOrder: 'up' }],
    ['invalidPath', { sortBy: 'shoeSize' }],
    ['invalidFilter', { filter: '' }],
    ['invalidFilter', { filter: 'shoeSize eq 41' }],
  ])('%s: %j', (scimType, query) => {
    expect(() => parseListQuery('User', query)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});

test('a ListResponse holds the texts that it is given', () => {
  const text = listResponse({ totalResults: 12, startIndex: 11, resources: ['{"id":"a"}', '{"id":"b"}'] });
  expect(JSON.parse(text)).toEqual({
    schemas: [LIST_MESSAGE],
    totalResults: 12,
    startIndex: 11,
    itemsPerPage: 2,
    Resources: [{ id: 'a' }, { id: 'b' }],
  });
  expect(JSON.parse(listResponse({ totalResults: 0, startIndex: 1, resources: [] }))).toMatchObject({
    Resources: [],
  });
});
