/**
 * Places in a list: where one of its pages ended. As text they are what the directory keeps as bookmarks, below a name
 * of the list that tells nobody what was asked for.
 */
import { createHash } from 'node:crypto';
import {
  compareKeys,
  cursorOf,
  type ListQuery,
  type Position,
  parseCursor,
  printFilter,
  type ResourceTypeName,
  type SortKey,
} from '@fresh-scim/scim';

/** The place of a resource, which may be gone. With `sortBy` its key comes first, then the order of creation. */
export interface Place extends Position {
  readonly key?: SortKey;
}

/** A place in a list that may be of several types. */
export interface TypedPlace {
  readonly type: ResourceTypeName;
  readonly place: Place;
}

/** Characters of a place; a longer one, of a resource that is sorted by a very long text, is not kept. */
const TEXT_MAX = 1000;

/** Ties in the order of creation, that of ids within a millisecond, so that pages stay what they are. */
export const comparingPlaces =
  (sortOrder: ListQuery['sortOrder']) =>
  (one: Place, other: Place): number =>
    compareKeys(one.key, other.key, sortOrder) ||
    one.createdAt - other.createdAt ||
    Number(one.id > other.id) - Number(one.id < other.id);

/** `undefined` for a place that is too long to be kept. */
export function placeText({ type, place }: TypedPlace): string | undefined {
  const key = place.key === undefined ? '' : ` ${JSON.stringify(place.key)}`;
  const text = `${type} ${cursorOf(place)}${key}`;
  return text.length > TEXT_MAX ? undefined : text;
}

/** Of what `placeText` has made. */
export function parsePlace(text: string): TypedPlace {
  const [type, position = '', ...key] = text.split(' ');
  return {
    type: type === 'Group' ? 'Group' : 'User',
    place: {
      ...parseCursor(position),
      ...(key.length === 0 ? {} : { key: JSON.parse(key.join(' ')) as SortKey }),
    },
  };
}

interface OfType {
  readonly collection: { readonly type: ResourceTypeName };
  readonly query: ListQuery;
}

/**
 * The name of the list that these queries page through, one for each type in it. Whoever asks for another page size or
 * for other attributes walks the same list.
 */
export function listName(asked: readonly [OfType, ...OfType[]]): string {
  const types = asked.map(({ collection }) => collection.type).join('+');
  const [{ query }] = asked;
  const { filter, sortBy, sortOrder } = query;
  if (!filter && !sortBy) return types;
  const by = sortBy && [sortBy.extension, sortBy.attribute.name, sortBy.sub?.name, sortOrder];
  const said = JSON.stringify([filter && printFilter(filter), by]);
  return `${types}:${createHash('sha256').update(said).digest('base64url').slice(0, 22)}`;
}
