/**
 * Which attributes Entra has a say in: those that a write of it names, and what of an imported person it has left as it
 * was. Names only, never values.
 */

import type { Attributes, JsonValue } from '@fresh-scim/scim';

/** What an import may show and Entra may never send. Names and addresses are always of interest to Entra. */
const OPTIONAL = new Set(['externalId', 'title', 'phoneNumbers.work', 'phoneNumbers.mobile']);

/**
 * The names of a resource: `title`, `name.givenName`, `phoneNumbers.mobile`, `urn:...:User:department`. Each with its
 * value, or its values: a list may have several elements of one type.
 */
export function namedValues(attributes: Attributes | undefined): ReadonlyMap<string, readonly JsonValue[]> {
  const found = new Map<string, JsonValue[]>();
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (Array.isArray(value)) for (const item of value) addItem(found, name, item);
    else if (typeof value === 'object' && value !== null) {
      const joint = name.startsWith('urn:') ? ':' : '.';
      for (const [inner, part] of Object.entries(value)) found.set(name + joint + inner, [part]);
    } else found.set(name, [value]);
  }
  return found;
}

function addItem(found: Map<string, JsonValue[]>, name: string, item: JsonValue): void {
  const type = typeof item === 'object' && item !== null && !Array.isArray(item) ? item['type'] : undefined;
  const full = typeof type === 'string' && type !== '' ? `${name}.${type.toLowerCase()}` : name;
  const items = found.get(full);
  if (items) items.push(item);
  else found.set(full, [item]);
}

/** What a write of Entra says: the attributes that it changed, and those of an import that it left as they were. */
export function saidBy(
  before: Attributes | undefined,
  after: Attributes | undefined,
): { readonly changed: readonly string[]; readonly left: readonly string[] } {
  const now = namedValues(after);
  if (!before) return { changed: [...now.keys()], left: [] };
  const then = namedValues(before);
  const isLeft = ([name, values]: [string, readonly JsonValue[]]): boolean => {
    const had = then.get(name);
    return had?.length === values.length && had.every((value, index) => sameText(value, values[index]));
  };
  const changed = [...now].filter((named) => !isLeft(named)).map(([name]) => name);
  const removed = [...then.keys()].filter((name) => !now.has(name));
  const left = [...now.keys()].filter((name) => OPTIONAL.has(name) && !changed.includes(name));
  return { changed: [...changed, ...removed], left };
}

/**
 * Whether two values are the same as JSON text. Most of what a PATCH leaves alone is the very same object, and what was
 * not there before has no text to compare.
 */
export const sameText = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));

/** A resource without what Entra never said of it. Its names are those of {@link namedValues}. */
export function withoutUnsaid(attributes: Attributes, unsaid: readonly string[]): Attributes {
  if (unsaid.length === 0) return attributes;
  const kept = { ...attributes };
  for (const name of unsaid) {
    const [top = '', type] = name.split('.');
    const items = kept[top];
    if (type === undefined) delete kept[top];
    else if (Array.isArray(items)) kept[top] = items.filter((item) => !isOfType(item, type));
  }
  return kept;
}

const isOfType = (item: JsonValue, type: string): boolean =>
  typeof item === 'object' &&
  item !== null &&
  !Array.isArray(item) &&
  typeof item['type'] === 'string' &&
  item['type'].toLowerCase() === type;
