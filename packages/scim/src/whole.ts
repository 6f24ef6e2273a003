// What must hold of a message, or of a resource, as a whole: no single value shows it.

import { badRequest } from './errors.ts';
import { isJsonObject } from './json.ts';
import type { JsonValue } from './json.ts';
import { OPEN_ATTRIBUTES_MAX, RESOURCE_LENGTH_MAX } from './limits.ts';
import type { Attributes } from './resource.ts';
import type { ResourceType } from './schema/resource-type.ts';

/**
 * Checks that a message says what it is (RFC 7643 §3). Other URNs beside the wanted one are no fault: Entra lists a
 * Microsoft schema for groups.
 * @throws {ScimError} invalidSyntax
 */
export function checkSchemas(schemas: JsonValue | undefined, urn: string): void {
  const listed = Array.isArray(schemas) ? schemas : [];
  if (!listed.some((schema) => typeof schema === 'string' && schema.toLowerCase() === urn.toLowerCase())) {
    throw badRequest('invalidSyntax', `"schemas" must be a list that contains "${urn}".`);
  }
}

/**
 * Checks a resource as a whole: nothing required is missing, and it is not too large to keep.
 * @throws {ScimError} invalidValue
 */
export function checkWhole(type: ResourceType, attributes: Attributes): void {
  for (const attribute of type.core.attributes.values()) {
    if (attribute.required && attributes[attribute.name] === undefined) {
      throw badRequest('invalidValue', `${attribute.name} is required.`);
    }
  }
  for (const { urn, attributes: declared } of type.extensions) {
    const extension = attributes[urn];
    const names = isJsonObject(extension) ? Object.keys(extension) : [];
    if (names.length > declared.size + OPEN_ATTRIBUTES_MAX) {
      throw badRequest('invalidValue', `${urn} has more than ${OPEN_ATTRIBUTES_MAX} attributes of its own.`);
    }
  }
  if (JSON.stringify(attributes).length > RESOURCE_LENGTH_MAX[type.name]) {
    throw badRequest('invalidValue', `The ${type.name} as a whole is too large.`);
  }
}
