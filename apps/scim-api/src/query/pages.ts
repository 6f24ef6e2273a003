/**
 * Pages of a list, by index and by cursor. What has been told of an index holds: the page that begins with it goes on
 * where the one in front of it has ended, whoever was deleted meanwhile. See docs/decisions/0018-bookmarks.md.
 */
import type { Directory } from '@fresh-scim/directory';
import { cursorOf, type ListQuery, type StoredForm } from '@fresh-scim/scim';
import type { Collection } from './collection.ts';
import { type Effort, type Found, findResources, isUnfiltered } from './find.ts';
import { comparingPlaces, listName, parsePlace, placeText, type TypedPlace } from './places.ts';

/** A query of one type. Where a list is of several types, their queries differ in the meaning of names only. */
export interface Asked {
  readonly collection: Collection;
  readonly query: ListQuery;
}

/** A page, of each type what is on it. */
export interface ListPage {
  readonly totalResults: number;
  /** Left out on the last page, and where no cursor leads. */
  readonly nextCursor?: string;
  readonly parts: readonly Part[];
}

interface Part extends Asked {
  readonly resources: readonly StoredForm[];
}

type Bookmarks = Pick<Directory, 'findBookmark' | 'keepBookmark'>;

/** The page behind a place that a cursor names, which may be gone; that of `first` is behind none (RFC 9865). */
export async function pageByCursor(
  { collection, query }: Asked,
  cursor: NonNullable<ListQuery['cursor']>,
  effort: Effort,
): Promise<ListPage> {
  const found = await findResources(collection, query, cursor === 'first' ? 1 : cursor, effort);
  const { totalResults, resources, last } = found;
  const nextCursor = last && countBehind(found) > 0 ? { nextCursor: cursorOf(last) } : {};
  return { totalResults, ...nextCursor, parts: [{ collection, query, resources }] };
}

/**
 * `totalResults` is what is in front of the page, as it was told, and what is there from it on now: so who stops at it has
 * seen everybody.
 */
export async function pageByIndex(
  asked: readonly [Asked, ...Asked[]],
  bookmarks: Bookmarks,
  effort: Effort,
): Promise<ListPage> {
  const [{ collection, query }, ...others] = asked;
  const { startIndex } = query;
  if (others.length > 0 || !isUnfiltered(query)) return pageOfAny(asked, bookmarks, effort);
  const found = await findResources(collection, query, startIndex, effort, listName(asked));
  return {
    totalResults: startIndex - 1 - found.skipped + found.totalResults,
    parts: [{ collection, query, resources: found.resources }],
  };
}

async function pageOfAny(
  asked: readonly [Asked, ...Asked[]],
  bookmarks: Bookmarks,
  effort: Effort,
): Promise<ListPage> {
  const [{ query: first }] = asked;
  const { startIndex, count } = first;
  const list = listName(asked);
  const told = startIndex > 1 && count > 0 ? await bookmarks.findBookmark(list, startIndex) : [];
  const from = earliest(asked, told.map(parsePlace));
  const parts: Part[] = [];
  let [totalResults, shown] = [from ? startIndex - 1 : 0, 0];
  let last: TypedPlace | undefined;
  let isLookup = true;
  const beginsWith = asked.findIndex(({ collection }) => collection.type === from?.type);
  for (const { collection, query } of asked.slice(Math.max(0, beginsWith))) {
    const begin = parts.length === 0 && from ? from.place : from ? 1 : Math.max(1, startIndex - totalResults);
    const found = await findResources(collection, { ...query, count: count - shown }, begin, effort);
    const { resources } = found;
    totalResults += from ? found.totalResults - found.skipped : found.totalResults;
    shown += resources.length;
    if (found.last) last = { type: collection.type, place: found.last };
    isLookup &&= found.isLookup;
    parts.push({ collection, query, resources });
  }
  const text = last && placeText(last);
  // Most look-ups find one resource, and nobody asks for more.
  if (text !== undefined && (!isLookup || startIndex > 1 || shown === count)) {
    const isEnd = totalResults <= startIndex - 1 + shown;
    await bookmarks.keepBookmark(list, startIndex + shown, text, isEnd);
  }
  return { totalResults, parts };
}

/** Those behind what was found. */
const countBehind = ({ totalResults, skipped, resources }: Found): number =>
  totalResults - skipped - resources.length;

/** Users come before groups. */
function earliest(
  [{ query }]: readonly [Asked, ...Asked[]],
  places: readonly TypedPlace[],
): TypedPlace | undefined {
  const compare = comparingPlaces(query.sortOrder);
  const typeOf = ({ type }: TypedPlace): number => (type === 'User' ? 0 : 1);
  const [first] = places.toSorted(
    (one, other) => typeOf(one) - typeOf(other) || compare(one.place, other.place),
  );
  return first;
}
