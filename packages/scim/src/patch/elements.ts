// What add, replace and remove share about lists: which elements a filter selects, how parts are merged, which element
// an Entra filter asks to create, and that at most one element is primary.

import { badRequest } from '../errors.ts';
import { matchesFilter } from '../filter/matches.ts';
import type { Filter } from '../filter/tree.ts';
import { isJsonObject, isSameJson } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';
import { checkElements } from '../schema/values.ts';
import type { PatchTarget } from './operation.ts';

/** The objects of a stored list, whose elements are nothing else. */
export function elementsOf(current: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(current) ? current.filter(isJsonObject) : [];
}

/** True when the filter selects the element; without a filter every element is selected. */
export function isSelected(filter: Filter | undefined, element: JsonObject): boolean {
  return filter === undefined || matchesFilter(filter, element);
}

/** The object with the parts set, those that are null taken away; the same object when that changes nothing. */
export function merged(current: JsonObject, parts: JsonObject): JsonObject {
  const kept = Object.entries({ ...current, ...parts }).filter(([, part]) => part !== null);
  const next = Object.fromEntries(kept);
  return isSameJson(next, current) ? current : next;
}

/**
 * The element to begin with when none is selected: RFC 7644 §3.5.2.3 answers noTarget, but Entra counts on
 * `emails[type eq "work"].value` making the entry. Only equalities of `type` and `primary` say what to make.
 * @throws {ScimError} noTarget for any other filter, and when the new element would not be what the filter selects.
 */
export function created(target: PatchTarget, parts: JsonObject): JsonObject {
  const template = target.filter === undefined ? {} : templateOf(target.filter);
  const element = template === undefined ? undefined : merged(template, parts);
  if (element === undefined || !isSelected(target.filter, element)) {
    throw badRequest('noTarget', `No element of ${target.attribute.name} is selected by the path's filter.`);
  }
  return element;
}

function templateOf(filter: Filter): JsonObject | undefined {
  if (filter.kind === 'and') {
    const parts = filter.terms.map(templateOf);
    return parts.every((part) => part !== undefined) ? Object.assign({}, ...parts) : undefined;
  }
  if (filter.kind !== 'compare' || filter.comparison !== 'eq' || filter.value === null) {
    return undefined;
  }
  const { name } = filter.reference.attribute;
  return name === 'type' || name === 'primary' ? { [name]: filter.value } : undefined;
}

/**
 * The list as it may be stored: no element twice, primary kept by the newest that has it (RFC 7644 §3.5.2), undefined
 * when empty, and the list as it was when nothing changed.
 *
 * @param primaries elements that are made primary, besides those that are new: one of them may have been it before.
 * @throws {ScimError} invalidValue for more elements than allowed, or two new primaries.
 */
export function settled(
  attribute: AttributeDefinition,
  before: JsonValue | undefined,
  elements: readonly JsonObject[],
  primaries: Iterable<JsonObject> = [],
): JsonValue | undefined {
  const untouched = new Set<JsonValue>(Array.isArray(before) ? before : []);
  for (const element of primaries) untouched.delete(element);
  const hasNewPrimary = elements.some((element) => element.primary === true && !untouched.has(element));
  const next = distinct(
    hasNewPrimary
      ? elements.map((element) =>
          untouched.has(element) && element.primary === true ? { ...element, primary: false } : element,
        )
      : elements,
  );
  checkElements(attribute, next, attribute.name);
  if (next.length === 0) {
    return undefined;
  }
  return isSameJson(next, before) ? before : next;
}

/** Without repetitions of an equal element. Keyed by content, so that a large list stays linear. */
function distinct(elements: readonly JsonObject[]): JsonObject[] {
  // Elements are equal only if their values are, which nearly every list shows to be all different.
  if (new Set(elements.map((element) => element.value)).size === elements.length) {
    return [...elements];
  }
  const byContent = new Map<string, JsonObject>();
  for (const element of elements) {
    const content = contentOf(element);
    if (!byContent.has(content)) {
      byContent.set(content, element);
    }
  }
  return [...byContent.values()];
}

/** What identifies an element within its list: type and value, or everything where there is no value (addresses). */
export function identityOf(attribute: AttributeDefinition, element: JsonObject): string {
  const { value, type } = element;
  const definition = attribute.subAttributes.get('value');
  if (typeof value !== 'string' || definition === undefined) {
    return contentOf(element);
  }
  const folded = definition.caseExact ? value : value.toLowerCase();
  return JSON.stringify([folded, typeof type === 'string' ? type.toLowerCase() : '']);
}

/** Each operation of a PATCH asks for the content of the whole list again; an element never changes in place. */
const contents = new WeakMap<JsonObject, string>();

function contentOf(element: JsonObject): string {
  const known = contents.get(element);
  if (known !== undefined) return known;
  const content = JSON.stringify(Object.entries(element).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  contents.set(element, content);
  return content;
}
