// What a client may send at most. Everything that a request can make long has its limit here.

import { badRequest } from './errors.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Levels of nesting in a body; SCIM itself needs six. */
const BODY_DEPTH_MAX = 16;
/** Names in one object: more than a person has attributes, in any of the forms in which they may be named. */
const NAMES_MAX = 1000;
/** UTF-16 units in one string of a resource: room for a certificate in base64. */
const STRING_LENGTH_MAX = 8192;
/** UTF-16 units in a filter or a path. */
export const FILTER_LENGTH_MAX = 4096;
/** Levels of parentheses and brackets in a filter. */
export const FILTER_DEPTH_MAX = 32;
/** Elements of a multi-valued attribute of a user. */
const ELEMENTS_MAX = 200;
/** Members of a group. */
export const MEMBERS_MAX = 100_000;
/** Attributes that an extension may hold beyond the declared ones. */
export const OPEN_ATTRIBUTES_MAX = 200;
/** Operations in a PATCH. Entra sends one for each removed member of a group. */
export const OPERATIONS_MAX = { User: 1000, Group: 20_000 } as const;
/** Elements of lists that the operations of a request look at, one list after the other: 100 times a full one. */
export const ELEMENTS_VISITED_MAX = 20_000;
/** UTF-16 units of a stored resource as JSON, so that many small PATCHes cannot grow one without end. */
export const RESOURCE_LENGTH_MAX = { User: 256 * 1024, Group: 16 * 1024 * 1024 } as const;

/**
 * Takes a request body whose objects are within bounds.
 * @throws {ScimError} invalidSyntax when it is no JSON object, too deep, or an object in it is too large.
 */
export function toBoundedObject(body: unknown): JsonObject {
  if (!isJsonObject(body)) {
    throw badRequest('invalidSyntax', 'The request body must be a JSON object.');
  }
  checkShape(body, 1);
  return body;
}

/** How many elements a multi-valued attribute may have. */
export function elementsMaxOf(attributeName: string): number {
  return attributeName === 'members' ? MEMBERS_MAX : ELEMENTS_MAX;
}

function checkShape(value: JsonObject | JsonValue[], depth: number): void {
  if (depth > BODY_DEPTH_MAX) {
    throw badRequest('invalidSyntax', `The request body is nested more than ${BODY_DEPTH_MAX} levels deep.`);
  }
  const isList = Array.isArray(value);
  const parts = isList ? value : Object.values(value);
  if (parts.length > NAMES_MAX && !isList) {
    throw badRequest('invalidSyntax', `An object in the request body has more than ${NAMES_MAX} names.`);
  }
  for (const part of parts) {
    if (typeof part === 'object' && part !== null) {
      checkShape(part, depth + 1);
    }
  }
}

/**
 * Refuses text that no store and no other system would hold faithfully.
 * @throws {ScimError} invalidValue when it is too long, has a NUL or half of a surrogate pair.
 */
export function checkText(text: string, attributeName: string): void {
  if (text.length > STRING_LENGTH_MAX) {
    throw badRequest('invalidValue', `${attributeName} is longer than ${STRING_LENGTH_MAX} characters.`);
  }
  if (!isText(text)) {
    throw badRequest('invalidValue', `${attributeName} holds a character that is not valid text.`);
  }
}

/** True without a NUL and without half of a surrogate pair, which UTF-8 cannot hold. */
export function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
