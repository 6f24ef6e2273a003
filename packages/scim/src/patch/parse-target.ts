// What an operation may do to the attribute that it points at: whether a client may change it, whether it may be left
// without a value, and what the value means there.

import { badRequest } from '../errors.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { writtenName } from '../schema/reference.ts';
import { parseElement, parseParts, parseValue } from '../schema/values.ts';
import type { PatchOperation, PatchTarget } from './operation.ts';

/** The operations of RFC 7644 §3.5.2. */
export type Verb = 'add' | 'replace' | 'remove';

/**
 * The operation on one attribute: one, or none for what is taken and not kept, as a password.
 * @throws {ScimError} mutability, invalidPath for a filter on a single value, invalidValue.
 */
export function parseTargeted(op: Verb, target: PatchTarget, value: JsonValue | undefined): PatchOperation[] {
  const { attribute } = target;
  if (attribute.name === 'schemas' && !attribute.open) {
    // `schemas` follows from the data (RFC 7643 §3.1); naming it changes nothing.
    return [];
  }
  checkMutability(op, target);
  if (op === 'remove') {
    checkClearable(target, 'mutability');
    return attribute.mutability === 'writeOnly' ? [] : [{ op, target, elements: elementsOf(target, value) }];
  }
  if (target.filter !== undefined && !attribute.multiValued) {
    throw badRequest(
      'invalidPath',
      `${writtenName(target)} has a single value: "[...]" can only be used to remove it.`,
    );
  }
  const parsed = parseTargetValue(target, value ?? null);
  if (parsed === null) {
    checkClearable(target, 'invalidValue');
  }
  return attribute.mutability === 'writeOnly' ? [] : [{ op, target, value: parsed }];
}

function checkMutability(op: Verb, { filter, ...reference }: PatchTarget): void {
  const { attribute, sub } = reference;
  if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly') {
    throw badRequest('mutability', `${writtenName(reference)} is read-only. Remove its attribute mapping.`);
  }
  // An element with an immutable part can come and go (RFC 7643 §4.2), as a whole only.
  const isFixed = [...attribute.subAttributes.values()].some((part) => part.mutability === 'immutable');
  const isPartial = sub !== undefined || (filter !== undefined && op !== 'remove');
  if (isFixed && isPartial) {
    throw badRequest(
      'mutability',
      `An element of ${attribute.name} cannot be changed; remove it as a whole and add another.`,
    );
  }
}

/** A required attribute keeps a value, and so does `active`: without one a leaver would count as active again. */
function checkClearable(target: PatchTarget, scimType: 'mutability' | 'invalidValue'): void {
  const isWholeAttribute = target.sub === undefined && target.filter === undefined;
  const isClearable = isWholeAttribute ? target.attribute.clearable : (target.sub?.clearable ?? true);
  if (!isClearable) {
    throw badRequest(scimType, `${writtenName(target)} must keep a value; send one instead of removing it.`);
  }
}

function parseTargetValue(target: PatchTarget, value: JsonValue): JsonValue {
  const { attribute, sub, filter } = target;
  const name = writtenName(target);
  if (value === null) {
    return null;
  }
  if (sub !== undefined) {
    return parseValue(sub, value, name) ?? null;
  }
  if (attribute.multiValued && filter !== undefined) {
    const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return only === undefined ? null : (parseElement(attribute, only, name) ?? null);
  }
  if (attribute.type === 'complex' && !attribute.multiValued) {
    return parseParts(attribute, value, name);
  }
  return parseValue(attribute, value, name) ?? null;
}

/** Elements named by value in a remove. An empty list names none, which must not become all of them. */
function elementsOf(target: PatchTarget, value: JsonValue | undefined): JsonObject[] | undefined {
  const selectsByItself = target.filter !== undefined || target.sub !== undefined;
  if (selectsByItself || !target.attribute.multiValued || value === undefined || value === null) {
    return undefined;
  }
  const parsed = parseValue(target.attribute, value, writtenName(target));
  return Array.isArray(parsed) ? parsed.filter(isJsonObject) : [];
}
