// Values as Entra sends them -> values as RFC 7643 wants them. A value that conforms comes back equal, except that
// empty text on an attribute that may be empty means "no value" to Entra.

import { isJsonObject, memberIgnoringCase } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { elementsMaxOf } from '../limits.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';

/** A whole attribute or a sub-attribute. What cannot be understood is left for the schema to refuse. */
export function toRfcValue(attribute: AttributeDefinition, value: JsonValue): JsonValue {
  if (value === null || (value === '' && !attribute.required)) {
    return null;
  }
  if (attribute.multiValued) {
    return toRfcList(attribute, value);
  }
  if (attribute.type === 'complex') {
    return toRfcComplex(attribute, value);
  }
  if (attribute.type === 'boolean') {
    return toRfcBoolean(value);
  }
  const isScalar = typeof value === 'boolean' || typeof value === 'number';
  return attribute.scalarAsText && isScalar ? String(value) : value;
}

/** One element of a multi-valued attribute. Entra's older samples send a member as its bare id. */
export function toRfcElement(attribute: AttributeDefinition, value: JsonValue): JsonValue {
  if (attribute.lenient && typeof value === 'string') {
    return { value };
  }
  return isJsonObject(value) ? toRfcParts(attribute, value) : value;
}

/** What a PATCH may send for an attribute besides: one element without its list, a single value as a list of one. */
export function toRfcPatchValue(attribute: AttributeDefinition, value: JsonValue): JsonValue {
  if (attribute.multiValued) {
    return toRfcValue(attribute, isJsonObject(value) ? [value] : value);
  }
  const [only] = Array.isArray(value) && value.length === 1 ? value : [];
  if (!isJsonObject(only)) {
    return toRfcValue(attribute, value);
  }
  const inner = attribute.type === 'complex' ? only : (memberIgnoringCase(only, 'value') ?? null);
  return toRfcValue(attribute, inner);
}

function toRfcList(attribute: AttributeDefinition, value: JsonValue): JsonValue {
  if (Array.isArray(value) && value.length > elementsMaxOf(attribute.name)) {
    return value;
  }
  if (!attribute.lenient) {
    return Array.isArray(value) ? value.map((element) => toRfcElement(attribute, element)) : value;
  }
  const elements = Array.isArray(value) ? value : [value];
  const usable: JsonValue[] = [];
  for (const given of elements) {
    const element = toRfcElement(attribute, given);
    if (fitsLeniently(attribute, element)) usable.push(element);
  }
  // A list without anything usable is not the same as an empty one where elements have a required part: see `members`.
  const isRefused = usable.length === 0 && attribute.requiredParts.length > 0;
  return isRefused ? elements : usable;
}

/** `roles` and `members` never fail a request: an element of another shape is left out. */
function fitsLeniently(attribute: AttributeDefinition, element: JsonValue): boolean {
  return (
    isJsonObject(element) &&
    Object.keys(element).every((name) => {
      const part = element[name];
      const type = attribute.subAttributes.get(name.toLowerCase())?.type;
      return (
        type === undefined || part === null || typeof part === (type === 'boolean' ? 'boolean' : 'string')
      );
    })
  );
}

/** Entra writes `manager` as a bare id; old samples have a list of one object. It is kept and answered as `{value}`. */
function toRfcComplex(attribute: AttributeDefinition, value: JsonValue): JsonValue {
  const hasValue = attribute.subAttributes.has('value');
  if (hasValue && typeof value === 'string') {
    return { value };
  }
  if (hasValue && Array.isArray(value)) {
    const [first] = value;
    return first === undefined ? null : value.length > 1 ? value : toRfcComplex(attribute, first);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const parts = toRfcParts(attribute, value);
  const isEmptied = hasValue && memberIgnoringCase(parts, 'value') === null;
  return isEmptied ? null : parts;
}

/**
 * Each part by its own definition; names keep their case and unknown parts their value. The same object when that
 * changes nothing, as with nearly each of 100,000 members.
 */
function toRfcParts(attribute: AttributeDefinition, value: JsonObject): JsonObject {
  const toRfcPart = (name: string): JsonValue => {
    const [definition, part] = [attribute.subAttributes.get(name.toLowerCase()), value[name] ?? null];
    return definition === undefined ? part : toRfcValue(definition, part);
  };
  const names = Object.keys(value);
  const isSame = names.every((name) => toRfcPart(name) === value[name]);
  return isSame ? value : Object.fromEntries(names.map((name) => [name, toRfcPart(name)]));
}

/** "True" and "False" in any case, Entra's default for every boolean in a PATCH. */
function toRfcBoolean(value: JsonValue): JsonValue {
  const lower = typeof value === 'string' ? value.toLowerCase() : value;
  if (lower === 'true' || lower === 'false') {
    return lower === 'true';
  }
  return value;
}
