// Strict reading of values against the schema, after the dialect has had its turn. What is unknown or readOnly is left
// out (RFC 7644 §3.3), a wrong type is refused; null, an empty list and an empty object mean "no value" (RFC 7643 §2.5).

import { badRequest } from '../errors.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { checkText, elementsMaxOf } from '../limits.ts';
import type { AttributeDefinition } from './attribute.ts';
import { withoutTwins } from './elements.ts';

/**
 * A value of an attribute or sub-attribute, cleaned; undefined for "no value".
 * @throws {ScimError} invalidValue for a wrong type, bad text, too many elements, two primaries.
 */
export function parseValue(
  attribute: AttributeDefinition,
  value: JsonValue,
  name: string,
): JsonValue | undefined {
  if (value === null) {
    return undefined;
  }
  if (!attribute.multiValued) {
    return attribute.type === 'complex'
      ? parseComplex(attribute, value, name)
      : parseSimple(attribute, value, name);
  }
  if (!Array.isArray(value)) {
    throw badRequest('invalidValue', `${name} must be a list.`);
  }
  checkLength(attribute, value, name);
  const elements: JsonObject[] = [];
  for (const given of value) {
    const element = parseElement(attribute, given, name);
    if (element !== undefined && !isRemnant(element, given)) elements.push(element);
  }
  const [needed] = attribute.requiredParts;
  if (needed !== undefined && value.length > 0 && elements.length === 0) {
    // Replacing the members by nothing usable must not empty the group.
    throw badRequest('invalidValue', `No element of ${name} has a ${needed.name}.`);
  }
  const distinct = withoutTwins(attribute, elements);
  checkElements(attribute, distinct, name);
  return distinct.length > 0 ? distinct : undefined;
}

/** True when what was sent had more to say than is left of it: `{"type": "work", "value": null}` is no address. */
function isRemnant(element: JsonObject, sent: JsonValue): boolean {
  return !saysSomething(element) && Object.keys(sent ?? {}).length > Object.keys(element).length;
}

/** False for an element of which only `type` and `primary` are left. */
export function saysSomething(element: JsonObject): boolean {
  return (
    element.value !== undefined || Object.keys(element).some((name) => name !== 'type' && name !== 'primary')
  );
}

/**
 * One element of a multi-valued complex attribute; undefined when nothing is left of it, or not what it must have (a
 * member without an id).
 * @throws {ScimError} invalidValue for a wrong type.
 */
export function parseElement(
  attribute: AttributeDefinition,
  value: JsonValue,
  name: string,
): JsonObject | undefined {
  const element = parseComplex(attribute, value, name);
  return attribute.requiredParts.every((part) => element?.[part.name] !== undefined) ? element : undefined;
}

/**
 * The parts of a complex value that the client may set, null for a part that is to lose its value: what a PATCH merges.
 * @throws {ScimError} invalidValue for a wrong type.
 */
export function parseParts(attribute: AttributeDefinition, value: JsonValue, name: string): JsonObject {
  if (!isJsonObject(value)) {
    throw badRequest('invalidValue', `${name} must be an object.`);
  }
  const parts: JsonObject = {};
  for (const key of Object.keys(value)) {
    const part = attribute.subAttributes.get(key.toLowerCase());
    if (part !== undefined && part.mutability !== 'readOnly') {
      parts[part.name] = parseValue(part, value[key] ?? null, `${name}.${part.name}`) ?? null;
    }
  }
  return parts;
}

function parseComplex(
  attribute: AttributeDefinition,
  value: JsonValue,
  name: string,
): JsonObject | undefined {
  const parts = parseParts(attribute, value, name);
  const given = Object.values(parts).includes(null) ? withoutNulls(parts) : parts;
  return Object.keys(given).length > 0 ? given : undefined;
}

function withoutNulls(parts: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null));
}

function parseSimple(attribute: AttributeDefinition, value: JsonValue, name: string): JsonValue {
  if (attribute.type === 'boolean') {
    if (typeof value !== 'boolean') {
      throw badRequest('invalidValue', `${name} must be true or false.`);
    }
    return value;
  }
  if (typeof value !== 'string') {
    throw badRequest('invalidValue', `${name} must be text.`);
  }
  checkText(value, name);
  if (attribute.required && value.trim() === '') {
    throw badRequest('invalidValue', `${name} is required and must not be empty.`);
  }
  return value;
}

/**
 * What must hold of a whole list: its length, and at most one primary (RFC 7643 §2.4).
 * @throws {ScimError} invalidValue
 */
export function checkElements(
  attribute: AttributeDefinition,
  elements: readonly JsonValue[],
  name: string,
): void {
  checkLength(attribute, elements, name);
  const primaries = elements.filter((element) => isJsonObject(element) && element.primary === true);
  if (primaries.length > 1 && !attribute.lenient) {
    throw badRequest('invalidValue', `${name} may have only one element with primary true.`);
  }
}

function checkLength(attribute: AttributeDefinition, elements: readonly JsonValue[], name: string): void {
  const max = elementsMaxOf(attribute.name);
  if (elements.length > max) {
    throw badRequest('invalidValue', `${name} has more than ${max} elements.`);
  }
}
