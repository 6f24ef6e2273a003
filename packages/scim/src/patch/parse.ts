// The body of a PATCH -> typed operations (RFC 7644 §3.5.2). An operation on an object becomes one for each attribute
// in it, so that what applies them meets one attribute at a time.

import { toRfcEnvelope, toRfcOperations } from '../dialect/entra.ts';
import { badRequest, ScimError } from '../errors.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { OPERATIONS_MAX, toBoundedObject } from '../limits.ts';
import { parsePath, UnknownTarget } from '../path.ts';
import { writtenName } from '../schema/reference.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';
import { extensionOf, resourceTypeOf } from '../schema/resource-type.ts';
import type { ResourceType, ResourceTypeName } from '../schema/resource-type.ts';
import { attributeOf } from '../schema/schema.ts';
import type { SchemaDefinition } from '../schema/schema.ts';
import { parseElement, parseParts, parseValue } from '../schema/values.ts';
import { finish } from '../steps.ts';
import type { Steps } from '../steps.ts';
import { PATCH_MESSAGE } from '../urns.ts';
import { checkSchemas } from '../whole.ts';
import type { PatchOperation, PatchTarget } from './operation.ts';

type Verb = 'add' | 'replace' | 'remove';

/**
 * Parses a PATCH body in Entra's or the RFC's form. No operations at all is no change: Microsoft's validator sends that.
 * @throws {ScimError} invalidSyntax for a body or op of another form, invalidPath, invalidFilter, noTarget for a remove
 * without a path, mutability for attributes that the client may not change, invalidValue for the rest.
 */
export function parsePatch(type: ResourceTypeName, body: unknown): readonly PatchOperation[] {
  return finish(parsePatchInSteps(type, body));
}

/** `parsePatch`, an operation in two steps: a group may have 20,000, or one on 100,000 members. @throws {ScimError} see `parsePatch` */
export function* parsePatchInSteps(type: ResourceTypeName, body: unknown): Steps<readonly PatchOperation[]> {
  const definition = resourceTypeOf(type);
  const envelope = toRfcEnvelope(toBoundedObject(body));
  yield;
  checkSchemas(envelope.schemas, PATCH_MESSAGE);
  const given = envelope.Operations;
  if (!Array.isArray(given)) {
    throw badRequest('invalidSyntax', '"Operations" must be a list.');
  }
  return yield* parseOperations(definition, given);
}

/**
 * Parses operations through the dialect. One on an object counts as many as it becomes. One on an attribute that is
 * not known here is passed over while any other changes something: Entra sends all that it has for a person at once,
 * and nobody keeps access because of a mapping too many.
 * @throws {ScimError} see `parsePatch`; invalidValue for too many.
 */
export function* parseOperations(type: ResourceType, given: readonly JsonValue[]): Steps<PatchOperation[]> {
  const max = OPERATIONS_MAX[type.name];
  const operations: PatchOperation[] = [];
  let unknown: ScimError | undefined;
  for (const [index, operation] of given.entries()) {
    yield;
    try {
      operations.push(...(yield* parseOperation(type, operation)));
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      const { status, scimType, detail } = error;
      const refusal = new ScimError(status, scimType, `Operation ${index + 1}: ${detail}`);
      if (!(error instanceof UnknownTarget)) throw refusal;
      unknown ??= refusal;
    }
    if (index >= max || operations.length > max) {
      throw badRequest('invalidValue', `A request on a ${type.name} may make at most ${max} changes.`);
    }
  }
  if (unknown && operations.length === 0) throw unknown;
  return operations;
}

function* parseOperation(type: ResourceType, operation: JsonValue): Steps<PatchOperation[]> {
  if (!isJsonObject(operation)) {
    throw badRequest('invalidSyntax', 'An operation must be an object with "op", "path" and "value".');
  }
  const written = toRfcOperations(type, operation);
  yield;
  return written.flatMap((rfc) => parseRfcOperation(type, rfc));
}

function parseRfcOperation(type: ResourceType, { op, path, value }: JsonObject): PatchOperation[] {
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw badRequest('invalidSyntax', '"op" must be "add", "replace" or "remove".');
  }
  if (path !== undefined && typeof path !== 'string') {
    throw badRequest('invalidPath', '"path" must be text.');
  }
  if (value === undefined && op !== 'remove') {
    throw badRequest('invalidValue', `"${op}" needs a "value".`);
  }
  if (path === undefined) {
    if (op === 'remove') {
      throw badRequest('noTarget', '"remove" needs a "path".');
    }
    return parseObject(type, op, value);
  }
  const target = parsePath(type, path);
  if (target.kind === 'attribute') {
    return parseTargeted(op, { ...target.reference, filter: target.filter }, value);
  }
  if (op === 'remove' || value === null) {
    return [{ op: 'clear', extension: target.schema.urn }];
  }
  return parseExtension(target.schema, op, value);
}

function targetOf(extension: string | undefined, attribute: AttributeDefinition): PatchTarget {
  return { extension, attribute, sub: undefined, filter: undefined };
}

function parseObject(type: ResourceType, op: Verb, value: JsonValue | undefined): PatchOperation[] {
  if (!isJsonObject(value)) {
    throw badRequest('invalidValue', `"${op}" without a "path" needs an object as its "value".`);
  }
  return Object.entries(value).flatMap(([key, part]) => {
    const extension = extensionOf(type, key);
    if (extension !== undefined) {
      return part === null ? [] : parseExtension(extension, op, part);
    }
    const attribute = attributeOf(type.core, key);
    // Some clients repeat `id`, `schemas` and `meta` here; they are ignored as in a PUT.
    return attribute === undefined || attribute.mutability === 'readOnly'
      ? []
      : parseTargeted(op, targetOf(undefined, attribute), part);
  });
}

function parseExtension(
  extension: SchemaDefinition,
  op: Verb,
  value: JsonValue | undefined,
): PatchOperation[] {
  if (!isJsonObject(value)) {
    throw badRequest('invalidValue', `${extension.urn} must be an object.`);
  }
  return Object.entries(value).flatMap(([key, part]) => {
    const attribute = attributeOf(extension, key);
    const isKept = attribute !== undefined && !(attribute.open && typeof part === 'object' && part !== null);
    return isKept ? parseTargeted(op, targetOf(extension.urn, attribute), part) : [];
  });
}

function parseTargeted(op: Verb, target: PatchTarget, value: JsonValue | undefined): PatchOperation[] {
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
