import { describe, expect, test } from 'vitest';
import { printFilter } from './filter/print.ts';
import { cursorOf } from './cursor.ts';
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
    ['invalidPath', { sortBy: 'password' }],
    ['invalidPath', { sortBy: 'name' }],
    ['invalidPath', { sortBy: 'meta.location' }],
    ['invalidCursor', { cursor: 'x' }],
    ['invalidCursor', { cursor: '-1_U1' }],
    ['invalidCursor', { cursor: '1_' }],
    ['invalidCursor', { cursor: `1_${'x'.repeat(65)}` }],
    ['invalidCursor', { cursor: '9007199254740993_U1' }],
    ['invalidCount', { cursor: '', count: '0' }],
    ['invalidValue', { cursor: ['', ''] }],
    ['invalidValue', { cursor: '', sortBy: 'userName' }],
    ['invalidFilter', { filter: '' }],
    ['invalidFilter', { filter: 'shoeSize eq 41' }],
  ])('%s: %j', (scimType, query) => {
    expect(() => parseListQuery('User', query)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});

test('a cursor is the position that it was made of', () => {
  const position = { createdAt: 1_795_944_930_000, id: '0b5f2a76-3a4e-4a5b-9d0e-2f6c1d7a8b90' };
  const cursor = cursorOf(position);
  expect(cursor).toMatch(/^[\w.~-]+$/);
  expect(parseListQuery('User', { cursor, count: '999' })).toMatchObject({ cursor: position, count: 200 });
  expect(parseListQuery('User', { cursor: '', startIndex: '7' }).cursor).toBe('first');
  expect(parseListQuery('User', { cursor: null })).not.toHaveProperty('cursor');
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
  expect(
    JSON.parse(listResponse({ totalResults: 12, nextCursor: '1_a', resources: ['{"id":"a"}'] })),
  ).toEqual({
    schemas: [LIST_MESSAGE],
    totalResults: 12,
    itemsPerPage: 1,
    nextCursor: '1_a',
    Resources: [{ id: 'a' }],
  });
  expect(JSON.parse(listResponse({ totalResults: 0, startIndex: 1, resources: [] }))).toMatchObject({
    Resources: [],
  });
});
