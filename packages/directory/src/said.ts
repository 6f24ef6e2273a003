/**
 * Which attributes Entra has a say in: those that a write of it names, and what of an imported person it has left as it
 * was. Names only, never values.
 */

import type { Attributes, JsonValue } from '@fresh-scim/scim';

/** What an import may show and Entra may never send. Names and addresses are always of interest to Entra. */
const OPTIONAL = new Set(['externalId', 'title', 'phoneNumbers.work', 'phoneNumbers.mobile']);
/** The names of a resource: `title`, `name.givenName`, `phoneNumbers.mobile`, `urn:...:User:department`. */
export function namedValues(attributes: Attributes | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (Array.isArray(value)) for (const item of value) addItem(found, name, item);
    else if (typeof value === 'object' && value !== null) {
      const joint = name.startsWith('urn:') ? ':' : '.';
      for (const [inner, part] of Object.entries(value))
        found.set(name + joint + inner, JSON.stringify(part));
    } else found.set(name, JSON.stringify(value));
  }
  return found;
}

function addItem(found: Map<string, string>, name: string, item: JsonValue): void {
  const type = typeof item === 'object' && item !== null && !Array.isArray(item) ? item['type'] : undefined;
  const full = typeof type === 'string' && type !== '' ? `${name}.${type.toLowerCase()}` : name;
  found.set(full, `${found.get(full) ?? ''}${JSON.stringify(item)}`);
}

/** What a write of Entra says: the attributes that it changed, and those of an import that it left as they were. */
export function saidBy(
  before: Attributes | undefined,
  after: Attributes | undefined,
): { readonly changed: readonly string[]; readonly left: readonly string[] } {
  const [then, now] = [namedValues(before), namedValues(after)];
  const changed = [...now].filter(([name, value]) => then.get(name) !== value).map(([name]) => name);
  const removed = [...then.keys()].filter((name) => !now.has(name));
  const left = [...now.keys()].filter((name) => OPTIONAL.has(name) && !changed.includes(name));
  return { changed: [...changed, ...removed], left };
}

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
