// What makes two elements of a list the same, and how they become one (RFC 7643 §2.4).

import { isSameJson } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { AttributeDefinition } from './attribute.ts';

/** The object with the parts set, those that are null taken away; the same object when that changes nothing. */
export function merged(current: JsonObject, parts: JsonObject): JsonObject {
  const kept = Object.entries({ ...current, ...parts }).filter(([, part]) => part !== null);
  const next = Object.fromEntries(kept);
  return isSameJson(next, current) ? current : next;
}

/** Both lists; an element that is already there takes over the parts of its newer twin. */
export function united(
  attribute: AttributeDefinition,
  elements: readonly JsonObject[],
  additions: readonly JsonObject[],
): JsonObject[] {
  const byIdentity = new Map(elements.map((element) => [identityOf(attribute, element), element]));
  for (const addition of additions) {
    const identity = identityOf(attribute, addition);
    const twin = byIdentity.get(identity);
    byIdentity.set(identity, twin === undefined ? addition : merged(twin, addition));
  }
  return [...byIdentity.values()];
}

/** The list with no element twice; the same list when there was none. Linear, and quick for a group's members. */
export function withoutTwins(attribute: AttributeDefinition, elements: JsonObject[]): JsonObject[] {
  const values = new Set(
    elements.map(({ value }) => (typeof value === 'string' ? value.toLowerCase() : value)),
  );
  return values.size === elements.length ? elements : united(attribute, [], elements);
}

/** Each operation of a PATCH asks for the identities of the whole list again; an element never changes in place. */
const identities = new WeakMap<JsonObject, string>();

/** What identifies an element within its list: type and value, or everything where there is no value (addresses). */
export function identityOf(attribute: AttributeDefinition, element: JsonObject): string {
  const known = identities.get(element);
  if (known !== undefined) return known;
  const { value, type } = element;
  const definition = attribute.subAttributes.get('value');
  let identity: string;
  if (typeof value !== 'string' || definition === undefined) {
    identity = JSON.stringify(Object.entries(element).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  } else {
    const folded = definition.caseExact ? value : value.toLowerCase();
    identity = JSON.stringify([folded, typeof type === 'string' ? type.toLowerCase() : '']);
  }
  identities.set(element, identity);
  return identity;
}
