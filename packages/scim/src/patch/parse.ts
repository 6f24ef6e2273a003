// The body of a PATCH -> typed operations (RFC 7644 §3.5.2). An operation on an object becomes one for each attribute
// in it, so that what applies them meets one attribute at a time; what one may do to its attribute is in
// parse-target.ts.

import { toRfcEnvelope, toRfcOperations } from '../dialect/entra.ts';
import { badRequest, ScimError } from '../errors.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { OPERATIONS_MAX, toBoundedObject } from '../limits.ts';
import { parsePath, UnknownTarget } from '../path.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';
import { extensionOf, resourceTypeOf } from '../schema/resource-type.ts';
import type { ResourceType, ResourceTypeName } from '../schema/resource-type.ts';
import { attributeOf } from '../schema/schema.ts';
import type { SchemaDefinition } from '../schema/schema.ts';
import { finish } from '../steps.ts';
import type { Steps } from '../steps.ts';
import { PATCH_MESSAGE } from '../urns.ts';
import { checkSchemas } from '../whole.ts';
import type { PatchOperation, PatchTarget } from './operation.ts';
import { parseTargeted } from './parse-target.ts';
import type { Verb } from './parse-target.ts';

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
