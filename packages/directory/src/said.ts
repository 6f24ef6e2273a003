/**
 * Which attributes Entra has a say in: the names that it has ever sent for anybody of a connection (the learned
 * mapping), and what of an imported person it has left as it was. Names only, never values.
 */

import type { Redis } from 'ioredis';
import type { Attributes, JsonValue } from '@fresh-scim/scim';
import { connectionPrefix, type Scope } from './scope.ts';
import { guarded } from './unavailable.ts';

/** What an import may show and Entra may never send. Names and addresses are always of interest to Entra. */
const OPTIONAL = new Set(['externalId', 'title', 'phoneNumbers.work', 'phoneNumbers.mobile']);
/** Connections whose names a process remembers; beyond that it tells them again, which is harmless. */
const CONNECTIONS_MAX = 1000;
const NAMES_MAX = 1000;

/** Per connection, the names that are in the store already: the hot path tells nothing twice. */
const toldNames = new Map<string, Set<string>>();

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

/** The names that are not known to be in the store. A line break would end a name. */
export function untold(scope: Scope, names: readonly string[]): string[] {
  const told = toldNames.get(connectionPrefix(scope));
  return names.filter((name) => !told?.has(name) && !name.includes('\n') && name.length <= 200);
}

/** They are in the store now. */
export function remember(scope: Scope, names: readonly string[]): void {
  if (names.length === 0) return;
  const prefix = connectionPrefix(scope);
  if (!toldNames.has(prefix) && toldNames.size >= CONNECTIONS_MAX) toldNames.clear();
  toldNames.set(prefix, new Set([...(toldNames.get(prefix) ?? []), ...names].slice(-NAMES_MAX)));
}

/** The learned mapping: each attribute that Entra has sent for anybody, and when first, ms since the epoch. */
export async function loadMapping(redis: Redis, scope: Scope): Promise<ReadonlyMap<string, number>> {
  const fields = await guarded(() => redis.hgetall(`${connectionPrefix(scope)}mapping`));
  return new Map(
    Object.entries(fields)
      .map(([name, at]): [string, number] => [name, Number(at)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
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
