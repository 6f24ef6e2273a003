/**
 * Finds a part of a list: a page in the order of creation where nothing is filtered or sorted, a look-up where the
 * filter names an indexed value, else a bounded scan.
 */
import {
  type ListQuery,
  lookupOf,
  matchesFilter,
  refersTo,
  ScimError,
  type StoredForm,
  selects,
  sortKeyOf,
  toView,
  valuesNamed,
} from '@fresh-scim/scim';
import type { Collection } from './collection.ts';
import { comparingPlaces, type Place } from './places.ts';
import { sortInSlices } from './sort-in-slices.ts';
import type { TakeTurn } from './turns.ts';

/** Resources looked at by one query without an index. */
const SCAN_MAX = 20_000;
/** Looked at in one go: about a millisecond, after which others have their turn. */
const SCAN_SLICE = 100;

/** What a search costs others. */
export interface Effort {
  /** Bounds the number of scans at a time. */
  readonly takeTurn: TakeTurn;
  /** False when nobody waits for the answer any more. */
  readonly isWanted: () => boolean;
}

/** Up to `count` matches in a row. */
export interface Found {
  /** All matches. */
  readonly totalResults: number;
  /** Those in front of the first one here; for an index behind the end, as many as there would be. */
  readonly skipped: number;
  readonly resources: readonly StoredForm[];
  /** Of the last one here. */
  readonly last: Place | undefined;
  readonly isLookup: boolean;
}

/** A resource that meets the filter, and itself if they are few. */
interface Match extends Place {
  readonly stored: StoredForm | undefined;
}

/**
 * @param start an index from 1, or the place that the first one is behind
 * @param list of all resources of the type: its bookmarks lead here and on; see `Directory`
 * @throws {ScimError} tooMany when a filter without an indexed attribute meets a directory that is too large.
 */
export async function findResources(
  collection: Collection,
  query: ListQuery,
  start: number | Place,
  effort: Effort,
  list?: string,
): Promise<Found> {
  const found = isUnfiltered(query)
    ? await pageOf(collection, query, start, list)
    : await matchesFrom(collection, query, start, effort);
  if (!selects(query.selection, collection.beside)) return found;
  return { ...found, resources: await collection.complete(found.resources) };
}

export const isUnfiltered = ({ filter, sortBy }: ListQuery): boolean => !filter && !sortBy;

async function pageOf(
  collection: Collection,
  { count }: ListQuery,
  start: number | Place,
  list: string | undefined,
): Promise<Found> {
  const page = await collection.page(start, count, list);
  return { ...page, last: page.resources.at(-1), isLookup: false };
}

async function matchesFrom(
  collection: Collection,
  query: ListQuery,
  start: number | Place,
  { takeTurn, isWanted }: Effort,
): Promise<Found> {
  const { filter, sortBy, sortOrder, count } = query;
  const compare = comparingPlaces(sortOrder);
  const lookup = filter && lookupOf(collection.type, filter);
  const candidates = lookup ? [await collection.lookup(lookup)] : scan(collection, isWanted);
  const find = async (): Promise<Match[]> => {
    const matches = await matchesIn(collection, query, candidates, lookup !== undefined);
    return sortBy ? sortInSlices(matches, compare) : matches.sort(compare);
  };
  const matches = await (lookup ? find() : takeTurn(find));
  const skipped = typeof start === 'number' ? start - 1 : countThrough(matches, start, compare);
  const { resources, gone, last } = await loadFrom(collection, matches, skipped, count);
  return { totalResults: matches.length - gone, skipped, resources, last, isLookup: lookup !== undefined };
}

/** How many of them, which are in order, are at the place or in front of it. */
function countThrough(
  matches: readonly Match[],
  place: Place,
  compare: (one: Place, other: Place) => number,
): number {
  const behind = matches.findIndex((match) => compare(match, place) > 0);
  return behind < 0 ? matches.length : behind;
}

/** Who was deleted since the scan is left out, and the next one takes the place: only the last page is not full. */
async function loadFrom(collection: Collection, matches: readonly Match[], from: number, count: number) {
  const resources: StoredForm[] = [];
  let at = from;
  while (resources.length < count && at < matches.length) {
    const some = matches.slice(at, at + count - resources.length);
    at += some.length;
    const loaded = await Promise.all(
      some.map(async ({ id, stored }) => stored ?? (await collection.get(id, false))),
    );
    resources.push(...loaded.filter((stored) => stored !== undefined));
  }
  const looked = at - from;
  return { resources, gone: looked - resources.length, last: looked > 0 ? matches[at - 1] : undefined };
}

/** Slices of everything, of which there must not be too much. Ends early when nobody wants it any more. */
async function* scan(collection: Collection, isWanted: () => boolean): AsyncGenerator<readonly StoredForm[]> {
  if ((await collection.size()) > SCAN_MAX) throw tooMany(collection);
  let looked = 0;
  for await (const slice of collection.scan(SCAN_SLICE)) {
    looked += slice.length;
    // The directory may have grown meanwhile.
    if (looked > SCAN_MAX) throw tooMany(collection);
    if (!isWanted()) return;
    yield slice;
  }
}

async function matchesIn(
  collection: Collection,
  { filter, sortBy }: ListQuery,
  slices: AsyncIterable<readonly StoredForm[]> | readonly (readonly StoredForm[])[],
  areFew: boolean,
): Promise<Match[]> {
  const { type, beside } = collection;
  const isSortedByBeside = sortBy?.attribute.name === beside;
  const needsBeside = (filter && refersTo(filter, beside)) || isSortedByBeside;
  const named = filter && !isSortedByBeside ? valuesNamed(filter, beside) : undefined;
  const complete = needsBeside && named ? await collection.completing(named) : collection.complete;
  const matches: Match[] = [];
  for await (const slice of slices) {
    const forms = needsBeside ? await complete(slice) : slice;
    for (const [index, stored] of slice.entries()) {
      const view = toView(type, forms[index] ?? stored);
      if (filter && !matchesFilter(filter, view)) continue;
      const { id, createdAt } = stored;
      matches.push({
        id,
        createdAt,
        key: sortBy && sortKeyOf(view, sortBy),
        stored: areFew ? stored : undefined,
      });
    }
  }
  return matches;
}

const INDEXED = {
  User: 'userName, externalId, id or emails.value',
  Group: 'displayName, externalId, id or members.value',
} as const;

const tooMany = ({ type }: Collection): ScimError =>
  new ScimError(
    400,
    'tooMany',
    `This query would look at more than ${SCAN_MAX} resources. Filter by ${INDEXED[type]}, without sortBy.`,
  );
