// The body of a POST or PUT -> the attributes to store.

import { toRfcResource } from './dialect/entra.ts';
import { badRequest } from './errors.ts';
import { isJsonObject, memberIgnoringCase } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { toBoundedObject } from './limits.ts';
import { applyOperations } from './patch/apply.ts';
import { parseOperations } from './patch/parse.ts';
import type { Attributes } from './resource.ts';
import { keyOf } from './schema/attribute.ts';
import type { AttributeDefinition } from './schema/attribute.ts';
import { extensionOf, resourceTypeOf } from './schema/resource-type.ts';
import type { ResourceType, ResourceTypeName } from './schema/resource-type.ts';
import { attributeOf } from './schema/schema.ts';
import type { SchemaDefinition } from './schema/schema.ts';
import { parseValue } from './schema/values.ts';
import { finish } from './steps.ts';
import type { Steps } from './steps.ts';
import { checkSchemas, checkWhole } from './whole.ts';

/**
 * Parses a whole resource. Unknown and readOnly attributes are ignored (RFC 7644 §3.3), a User without `active` is active.
 * @throws {ScimError} invalidSyntax when the body is no object, too deep or of another schema; invalidValue for a wrong
 * type, a missing required attribute, text or lists beyond the limits.
 */
export function parseResource(type: ResourceTypeName, body: unknown): Attributes {
  return finish(parseResourceInSteps(type, body));
}

/** `parseResource`, one look at the whole body a step: a group may have 100,000 members. @throws {ScimError} the same */
export function* parseResourceInSteps(type: ResourceTypeName, body: unknown): Steps<Attributes> {
  const definition = resourceTypeOf(type);
  const given = toBoundedObject(body);
  yield;
  const rfc = toRfcResource(definition, given);
  checkSchemas(memberIgnoringCase(rfc.body, 'schemas'), definition.core.urn);
  yield;
  const byPath = rfc.byPath.map((part) => ({ op: 'add', ...part }));
  const operations = yield* parseOperations(definition, byPath);
  const attributes = applyOperations(parseAttributes(definition, rfc.body), operations);
  const isUserWithoutActive = type === 'User' && attributes.active === undefined;
  const whole = isUserWithoutActive ? { ...attributes, active: true } : attributes;
  yield;
  checkWhole(definition, whole);
  return whole;
}

function parseAttributes(type: ResourceType, body: JsonObject): JsonObject {
  const attributes: JsonObject = {};
  for (const [key, value] of Object.entries(body)) {
    const attribute = attributeOf(type.core, key);
    const extension = attribute === undefined ? extensionOf(type, key) : undefined;
    if (extension === undefined) {
      setValue(attributes, attribute, value, '');
    } else if (value !== null) {
      const parts = parseExtension(extension, value);
      if (Object.keys(parts).length > 0) {
        attributes[extension.urn] = parts;
      }
    }
  }
  return attributes;
}

function parseExtension(extension: SchemaDefinition, value: JsonValue): JsonObject {
  if (!isJsonObject(value)) {
    throw badRequest('invalidValue', `${extension.urn} must be an object.`);
  }
  const parts: JsonObject = {};
  for (const [key, part] of Object.entries(value)) {
    const attribute = attributeOf(extension, key);
    // Undeclared attributes are text; a list or an object is none of ours.
    if (attribute?.open !== true || typeof part === 'string') {
      setValue(parts, attribute, part, `${extension.urn}:`);
    }
  }
  return parts;
}

function setValue(
  holder: JsonObject,
  attribute: AttributeDefinition | undefined,
  value: JsonValue,
  prefix: string,
): void {
  if (attribute === undefined || attribute.mutability === 'readOnly') {
    return;
  }
  const parsed = parseValue(attribute, value, prefix + attribute.name);
  if (parsed !== undefined && attribute.mutability !== 'writeOnly') {
    holder[keyOf(holder, attribute)] = parsed;
  }
}
