// What add, replace and remove share about lists: which elements a filter selects, how parts are merged, which element
// an Entra filter asks to create, and that at most one element is primary.

import { badRequest, ScimError } from '../errors.ts';
import { matchesFilter } from '../filter/matches.ts';
import type { Filter } from '../filter/tree.ts';
import { isJsonObject, isSameJson } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';
import { merged, withoutTwins } from '../schema/elements.ts';
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

/** A replace selects a type of which there is no element, and which `/Schemas` does not name either. */
export class UnpublishedType extends ScimError {}

/**
 * The same for a replace, which by the RFC wants something to replace: only a type that /Schemas names is made, and no
 * other is known to Entra. Attributes that name no types make any.
 * @throws {ScimError} noTarget, as above.
 * @throws {UnpublishedType} noTarget for a type that is not published.
 */
export function createdByReplace(target: PatchTarget, parts: JsonObject): JsonObject {
  const element = created(target, parts);
  const { name, subAttributes } = target.attribute;
  const published = subAttributes.get('type')?.canonicalValues ?? [];
  const { type } = element;
  if (published.length > 0 && typeof type === 'string' && !published.includes(type.toLowerCase())) {
    throw new UnpublishedType(400, 'noTarget', `No element of ${name} is selected by the path's filter.`);
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
  const distinct = withoutTwins(attribute, [...elements]);
  const hasNewPrimary = distinct.some((element) => element.primary === true && !untouched.has(element));
  const next = hasNewPrimary
    ? distinct.map((element) =>
        untouched.has(element) && element.primary === true ? { ...element, primary: false } : element,
      )
    : distinct;
  checkElements(attribute, next, attribute.name);
  if (next.length === 0) {
    return undefined;
  }
  return isSameJson(next, before) ? before : next;
}
