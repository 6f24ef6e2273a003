// Does a resource, or one element of a list, meet a filter? (RFC 7644 §3.4.2.2)
// Text follows the attribute's caseExact, dates are compared as instants, `ne` is true of what is absent. Of several
// values one that fits is enough, for `ne` too: "none of them is" is `not (... eq ...)`.

import { isJsonObject, member } from '../json.ts';
import type { JsonValue, ReadonlyJsonObject } from '../json.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';
import { valueAt } from '../schema/reference.ts';
import type { AttributeReference } from '../schema/reference.ts';
import { contains } from './contains.ts';
import { toInstant } from './instant.ts';
import type { Comparison, Filter } from './tree.ts';

/** True when the object meets the filter: the view of a resource, or one element for what stands in brackets. */
export function matchesFilter(filter: Filter, object: ReadonlyJsonObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => matchesFilter(term, object));
    case 'or':
      return filter.terms.some((term) => matchesFilter(term, object));
    case 'not':
      return !matchesFilter(filter.term, object);
    case 'present':
      return valuesAt(object, filter.reference).some(isPresent);
    case 'compare':
      return compares(filter.reference, filter.comparison, filter.value, valuesAt(object, filter.reference));
    case 'element':
      break;
  }
  return elementsOf(valueAt(object, filter.reference)).some(
    (element) => isJsonObject(element) && matchesFilter(filter.filter, element),
  );
}

function elementsOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) {
    return [];
  }
  return Array.isArray(value) ? value : [value];
}

function valuesAt(object: ReadonlyJsonObject, reference: AttributeReference): readonly JsonValue[] {
  const elements = elementsOf(valueAt(object, reference));
  const { sub } = reference;
  if (sub === undefined) {
    return elements;
  }
  return elements.flatMap((element) => (isJsonObject(element) ? elementsOf(member(element, sub.name)) : []));
}

function isPresent(value: JsonValue): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length > 0;
  }
  return value !== null && value !== '';
}

function compares(
  reference: AttributeReference,
  comparison: Comparison,
  wanted: string | boolean | null,
  values: readonly JsonValue[],
): boolean {
  const present = values.filter(isPresent);
  if (wanted === null) {
    return (present.length === 0) === (comparison === 'eq');
  }
  if (present.length === 0) {
    return comparison === 'ne';
  }
  const definition = reference.sub ?? reference.attribute;
  const right = comparable(definition, wanted);
  return present.some((value) => HOLDS[comparison](comparable(definition, value), right));
}

/** Folded text, an instant, or 0 and 1: what both sides are compared as. */
export type Comparable = string | number;

/** The value as values of this attribute are compared. */
export function comparable(definition: AttributeDefinition, value: JsonValue): Comparable {
  if (typeof value !== 'string') {
    return Number(value);
  }
  if (definition.type === 'dateTime') {
    return toInstant(value);
  }
  return definition.caseExact ? value : value.toLowerCase();
}

const HOLDS: { readonly [name in Comparison]: (value: Comparable, wanted: Comparable) => boolean } = {
  eq: (value, wanted) => value === wanted,
  ne: (value, wanted) => value !== wanted,
  co: (value, wanted) => contains(String(value), String(wanted)),
  sw: (value, wanted) => String(value).startsWith(String(wanted)),
  ew: (value, wanted) => String(value).endsWith(String(wanted)),
  gt: (value, wanted) => value > wanted,
  ge: (value, wanted) => value >= wanted,
  lt: (value, wanted) => value < wanted,
  le: (value, wanted) => value <= wanted,
};
