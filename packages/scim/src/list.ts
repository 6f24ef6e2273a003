// Queries on a collection and their answer (RFC 7644 §3.4.2).

import { parseCursor } from './cursor.ts';
import type { Position } from './cursor.ts';
import { badRequest } from './errors.ts';
import { parseFilter } from './filter/parse.ts';
import type { Filter } from './filter/tree.ts';
import { isJsonObject } from './json.ts';
import { parseSelection } from './projection.ts';
import type { Selection } from './projection.ts';
import { meaningOf, writtenName } from './schema/reference.ts';
import type { AttributeReference } from './schema/reference.ts';
import { resourceTypeOf } from './schema/resource-type.ts';
import type { ResourceTypeName } from './schema/resource-type.ts';
import { LIST_MESSAGE } from './urns.ts';

/** Resources in one answer at most; a larger `count` is taken as this. */
export const COUNT_MAX = 200;
/** Resources in one answer when the client does not say. */
export const COUNT_DEFAULT = 100;

/** A query, with its defaults filled in. Either `startIndex` or, if it is there, `cursor` says where the page begins. */
export interface ListQuery {
  readonly filter?: Filter;
  /** 1-based; 1 or more. */
  readonly startIndex: number;
  /** 0 to 200, default 100; 0 asks for the total alone. */
  readonly count: number;
  readonly selection: Selection;
  /** RFC 9865: the first page, or the one behind this position. Comes with a `count` of 1 or more and no `sortBy`. */
  readonly cursor?: Position | 'first';
  readonly sortBy?: AttributeReference;
  readonly sortOrder?: 'ascending' | 'descending';
}

/**
 * Reads a parsed query string or a SearchRequest. Unknown parameters are ignored, numbers out of range moved into it.
 * @throws {ScimError} invalidFilter, invalidPath for an unknown sortBy, invalidCursor, invalidCount for a cursor with a
 * count that would never reach the end, invalidValue for anything else.
 */
export function parseListQuery(type: ResourceTypeName, query: unknown): ListQuery {
  const given: { readonly [name: string]: unknown } = isJsonObject(query) ? query : {};
  const filter = textOf(given.filter, 'filter');
  const sortBy = textOf(given.sortBy, 'sortBy');
  const sortOrder = textOf(given.sortOrder, 'sortOrder');
  const cursor = textOf(given.cursor, 'cursor');
  const count = wholeNumberOf(given.count, 'count') ?? COUNT_DEFAULT;
  checkCursor(cursor, count, sortBy);
  return {
    ...(filter === undefined ? {} : { filter: parseFilter(type, filter) }),
    startIndex: Math.max(1, wholeNumberOf(given.startIndex, 'startIndex') ?? 1),
    count: Math.min(COUNT_MAX, Math.max(0, count)),
    selection: parseSelection(type, query),
    ...(cursor === undefined ? {} : { cursor: cursor === '' ? 'first' : parseCursor(cursor) }),
    ...(sortBy === undefined ? {} : { sortBy: sortKeyOf(type, sortBy) }),
    ...(sortOrder === undefined ? {} : { sortOrder: sortOrderOf(sortOrder) }),
  };
}

/** What a ListResponse says: `totalResults` counts all matches, `resources` is the page, each as JSON text. */
export interface ListParts {
  readonly totalResults: number;
  /** Left out where a cursor leads from page to page. */
  readonly startIndex?: number;
  /** See `cursorOf`; left out on the last page. */
  readonly nextCursor?: string;
  readonly resources: readonly string[];
}

/** A ListResponse as JSON text. */
export function listResponse({ resources, totalResults, startIndex, nextCursor }: ListParts): string {
  const head = JSON.stringify({
    schemas: [LIST_MESSAGE],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    nextCursor,
  });
  return `${head.slice(0, -1)},"Resources":[${resources.join(',')}]}`;
}

function textOf(value: unknown, parameter: string): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw badRequest('invalidValue', `"${parameter}" must be given once, as text.`);
  }
  return value;
}

function wholeNumberOf(value: unknown, parameter: string): number | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw badRequest('invalidValue', `"${parameter}" must be a whole number.`);
  }
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}

/** A page of no resources leads nowhere, and positions are those of the order of creation. */
function checkCursor(cursor: string | undefined, count: number, sortBy: string | undefined): void {
  if (cursor !== undefined && count < 1) {
    throw badRequest('invalidCount', `With "cursor", "count" must be between 1 and ${COUNT_MAX}.`);
  }
  if (cursor !== undefined && sortBy !== undefined) {
    throw badRequest(
      'invalidValue',
      '"sortBy" cannot be used with "cursor"; page with "startIndex" instead.',
    );
  }
}

function sortKeyOf(type: ResourceTypeName, written: string): AttributeReference {
  const meaning = meaningOf(resourceTypeOf(type), written);
  if (meaning?.kind !== 'attribute') {
    throw badRequest('invalidPath', '"sortBy" must name an attribute that exists.');
  }
  const { attribute, sub } = meaning.reference;
  if (!attribute.filterable || sub?.filterable === false) {
    throw badRequest('invalidPath', `"sortBy" cannot be ${writtenName(meaning.reference)}.`);
  }
  if (attribute.type !== 'complex' || sub !== undefined) {
    return meaning.reference;
  }
  const value = attribute.subAttributes.get('value');
  if (value === undefined) {
    throw badRequest('invalidPath', `"sortBy" must name a part of ${writtenName(meaning.reference)}.`);
  }
  return { ...meaning.reference, sub: value };
}

function sortOrderOf(written: string): 'ascending' | 'descending' {
  const lower = written.toLowerCase();
  if (lower !== 'ascending' && lower !== 'descending') {
    throw badRequest('invalidValue', '"sortOrder" must be "ascending" or "descending".');
  }
  return lower;
}
