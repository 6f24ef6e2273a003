/**
 * Pages of a list, by index and by cursor. What has been told of an index holds: the page that begins with it goes on
 * where the one in front of it has ended, whoever was deleted meanwhile. See docs/decisions/0018-bookmarks.md.
 */
import type { Directory, Turned } from '@fresh-scim/directory';
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
  /** For `Directory.turnPage`, before the page is sent. */
  readonly turned?: Turned & { readonly list: string };
}

interface Part extends Asked {
  readonly resources: readonly StoredForm[];
}

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
  bookmarks: Pick<Directory, 'findBookmark'>,
  effort: Effort,
): Promise<ListPage> {
  const [{ query: first }] = asked;
  const { startIndex, count } = first;
  const list = listName(asked);
  // Such a page finds its bookmark by itself, in one round trip.
  const isPlain = asked.length === 1 && isUnfiltered(first);
  const mayGoOn = !isPlain && startIndex > 1 && count > 0;
  const from = mayGoOn ? earliest(asked, await bookmarks.findBookmark(list, startIndex)) : undefined;
  const parts: Part[] = [];
  let [totalResults, shown] = [from || isPlain ? startIndex - 1 : 0, 0];
  let last: TypedPlace | undefined;
  let isLookup = true;
  const beginsWith = asked.findIndex(({ collection }) => collection.type === from?.type);
  for (const { collection, query } of asked.slice(Math.max(0, beginsWith))) {
    const rank = isPlain ? startIndex : from ? 1 : Math.max(1, startIndex - totalResults);
    const begin = from && parts.length === 0 ? from.place : rank;
    const rest = { ...query, count: count - shown };
    const found = await findResources(collection, rest, begin, effort, isPlain ? list : undefined);
    totalResults += from || isPlain ? found.totalResults - found.skipped : found.totalResults;
    shown += found.resources.length;
    if (found.last) last = { type: collection.type, place: found.last };
    isLookup &&= found.isLookup;
    parts.push({ collection, query, resources: found.resources });
  }
  // Most look-ups find one resource, and nobody asks for more.
  if (count === 0 || (isLookup && startIndex === 1 && shown < count)) return { totalResults, parts };
  const next = startIndex + shown;
  const place = last && placeText(last);
  const turned = { list, index: startIndex, next, isEnd: totalResults < next };
  return { totalResults, parts, turned: place === undefined ? turned : { ...turned, place } };
}

/** Those behind what was found. */
const countBehind = ({ totalResults, skipped, resources }: Found): number =>
  totalResults - skipped - resources.length;

/** Users come before groups. */
function earliest(
  [{ query }]: readonly [Asked, ...Asked[]],
  told: readonly string[],
): TypedPlace | undefined {
  const compare = comparingPlaces(query.sortOrder);
  const typeOf = ({ type }: TypedPlace): number => (type === 'User' ? 0 : 1);
  const [first] = told
    .map(parsePlace)
    .toSorted((one, other) => typeOf(one) - typeOf(other) || compare(one.place, other.place));
  return first;
}
