/**
 * Answers a list query: a page in the order of creation where nothing is filtered or sorted, a look-up where the filter
 * names an indexed value, else a bounded scan.
 */
import {
  compareBy,
  cursorOf,
  type ListQuery,
  lookupOf,
  matchesFilter,
  type Position,
  type ResourceView,
  refersTo,
  ScimError,
  type StoredForm,
  selects,
  toView,
  valuesNamed,
} from '@fresh-scim/scim';
import type { Collection } from './collection.ts';
import { sortInSlices } from './sort-in-slices.ts';
import type { TakeTurn } from './turns.ts';

/** Resources looked at by one query without an index. */
const SCAN_MAX = 20_000;
/** Looked at in one go: about a millisecond, after which others have their turn. */
const SCAN_SLICE = 100;

/** The page that was asked for. */
export interface Found {
  readonly totalResults: number;
  readonly resources: readonly StoredForm[];
  readonly nextCursor?: string;
}

/** A resource that meets the filter: its place, as much of its view as it is sorted by, and itself if they are few. */
interface Match extends Position {
  readonly stored: StoredForm | undefined;
  readonly sorted: ResourceView;
}

/**
 * @param takeTurn bounds the number of scans at a time
 * @param isWanted false when nobody waits for the answer any more
 * @throws {ScimError} tooMany when a filter without an indexed attribute meets a directory that is too large.
 */
export async function findResources(
  collection: Collection,
  query: ListQuery,
  takeTurn: TakeTurn,
  isWanted: () => boolean,
): Promise<Found> {
  const { filter, sortBy, startIndex, count, cursor } = query;
  if (!filter && !sortBy) {
    const page = cursor ? pageBehind(collection, cursor, count) : collection.page(startIndex, count);
    return show(collection, query, await page);
  }
  const lookup = filter && lookupOf(collection.type, filter);
  const candidates = lookup ? [await collection.lookup(lookup)] : scan(collection, isWanted);
  const find = async (): Promise<Match[]> => {
    const matches = await matchesIn(collection, query, candidates, lookup !== undefined);
    return sortBy ? sortInSlices(matches, comparing(sortBy, query.sortOrder)) : matches.sort(byCreation);
  };
  const matches = await (lookup ? find() : takeTurn(find));
  const { totalResults, resources: shown, ...next } = cutOut(matches, query);
  const loaded = await Promise.all(
    shown.map(async ({ id, stored }) => stored ?? (await collection.get(id, false))),
  );
  // Who was deleted meanwhile is left out.
  const resources = loaded.filter((stored) => stored !== undefined);
  return show(collection, query, { totalResults, resources, ...next });
}

interface Page<T> {
  readonly totalResults: number;
  readonly resources: readonly T[];
  readonly nextCursor?: string;
}

async function show(
  collection: Collection,
  { selection }: ListQuery,
  page: Page<StoredForm>,
): Promise<Found> {
  if (!selects(selection, collection.beside)) return page;
  return { ...page, resources: await collection.complete(page.resources) };
}

/** RFC 9865: the page behind a resource, which may be gone; that of `first` is behind none. */
async function pageBehind(
  collection: Collection,
  cursor: Position | 'first',
  count: number,
): Promise<Page<StoredForm>> {
  const totalResults = await collection.size();
  const resources: StoredForm[] = [];
  for await (const slice of collection.scan(count + 1, cursor === 'first' ? undefined : cursor)) {
    resources.push(...slice);
    if (resources.length > count) break;
  }
  return { totalResults, ...upTo(count, resources) };
}

/** The first `count` of them, and a cursor if that leaves some. */
function upTo<T extends Position>(count: number, resources: readonly T[]): Omit<Page<T>, 'totalResults'> {
  const shown = resources.slice(0, count);
  const last = shown.at(-1);
  return { resources: shown, ...(last && resources.length > count ? { nextCursor: cursorOf(last) } : {}) };
}

function cutOut(matches: readonly Match[], { startIndex, count, cursor }: ListQuery): Page<Match> {
  const totalResults = matches.length;
  if (!cursor) return { totalResults, resources: matches.slice(startIndex - 1, startIndex - 1 + count) };
  const behind = cursor === 'first' ? matches : matches.filter((match) => isBehind(match, cursor));
  return { totalResults, ...upTo(count, behind) };
}

/** In the order of creation, that of ids within a millisecond. */
const isBehind = (one: Position, other: Position): boolean =>
  one.createdAt > other.createdAt || (one.createdAt === other.createdAt && one.id > other.id);

const byCreation = (one: Position, other: Position): number => (isBehind(one, other) ? 1 : -1);

/** Ties in the order of creation, so that pages stay what they are. */
function comparing(...by: Parameters<typeof compareBy>): (one: Match, other: Match) => number {
  const compare = compareBy(...by);
  return (one, other) => compare(one.sorted, other.sorted) || byCreation(one, other);
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
  const matches: Match[] = [];
  for await (const slice of slices) {
    const forms = needsBeside ? await collection.complete(slice, named) : slice;
    for (const [index, stored] of slice.entries()) {
      const view = toView(type, forms[index] ?? stored);
      if (filter && !matchesFilter(filter, view)) continue;
      const { id, createdAt } = stored;
      matches.push({ id, createdAt, stored: areFew ? stored : undefined, sorted: partOf(view, sortBy) });
    }
  }
  return matches;
}

/** What is sorted by and nothing else, since there may be thousands. */
function partOf(view: ResourceView, sortBy: ListQuery['sortBy']): ResourceView {
  const name = sortBy && (sortBy.extension ?? sortBy.attribute.name);
  const value = name === undefined ? undefined : view[name];
  return name === undefined || value === undefined ? {} : { [name]: value };
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
