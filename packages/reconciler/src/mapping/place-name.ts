/** Which location is meant by a name or a path. Pure; the list of locations is the caller's. */
import { type LocationId, toPlaceKey } from '@fresh-scim/freshservice';

/** A location, as far as its name in the tree needs it. */
export interface Place {
  readonly id: LocationId;
  readonly name: string;
  readonly parentId: number | null;
}

/** The location, or why there is none: no such name, or several with it. */
export type PlaceFound = { readonly id: LocationId } | { readonly problem: 'unknown' | 'ambiguous' };

/**
 * Prepares a list of locations for finding them by name (`Leeds`) or by the end of their path (`UK/Leeds`,
 * `Europe/UK/Leeds`); a slash in front (`/Leeds`) means the top of the tree. Names are compared by their key. A name may
 * hold slashes itself, so the whole text is tried as a name first. A parent that is not in the list, or parents that go
 * round in a circle, end a path.
 */
export function toPlaceFinder(places: readonly Place[]): (text: string) => PlaceFound {
  const keyed = places.map(({ id, name, parentId }) => ({ id, key: toPathKey(name), parentId }));
  const byId = new Map<number, Keyed>(keyed.map((place) => [place.id, place]));
  const byKey = Map.groupBy(keyed, ({ key }) => key);
  return (text) => {
    const wanted = toPathKey(text);
    if (wanted === '') return { problem: 'unknown' };
    return only(byKey.get(wanted) ?? keyed.filter((place) => endsIn(wanted, place, byId)));
  };
}

interface Keyed {
  readonly id: LocationId;
  readonly key: string;
  readonly parentId: number | null;
}

/** Whether the path of the place ends in the wanted one. Every parent makes it longer, so a circle comes to an end. */
function endsIn(wanted: string, place: Keyed, byId: ReadonlyMap<number, Keyed>): boolean {
  let path = place.key;
  let parentId = place.parentId;
  while (wanted.endsWith(`/${path}`)) {
    if (parentId === null) return wanted === `/${path}`;
    const parent = byId.get(parentId);
    if (parent === undefined) return false;
    path = `${parent.key}/${path}`;
    if (path === wanted) return true;
    parentId = parent.parentId;
  }
  return false;
}

const toPathKey = (text: string): string => toPlaceKey(text).replaceAll(/ ?\/ ?/g, '/');

function only(found: readonly Keyed[]): PlaceFound {
  const [first, second] = found;
  if (first === undefined) return { problem: 'unknown' };
  return second === undefined ? { id: first.id } : { problem: 'ambiguous' };
}
