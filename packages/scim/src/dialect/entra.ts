// Requests as Microsoft Entra sends them -> requests as RFC 7644 wants them. The only file that knows Entra's keys:
// "Add" for "add", `operations` for `Operations`, "name.givenName" and full URNs as keys of an object.
// A request that conforms comes back equal, so every client may pass through here.

import { isJsonObject, memberIgnoringCase } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { parsePath } from '../path.ts';
import type { Path } from '../path.ts';
import { meaningOf } from '../schema/reference.ts';
import { extensionOf } from '../schema/resource-type.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { attributeOf } from '../schema/schema.ts';
import type { SchemaDefinition } from '../schema/schema.ts';
import { toRfcElement, toRfcPatchValue, toRfcValue } from './values.ts';

/** An object whose keys are attributes and extension URNs, and what was written under other keys that mean something. */
export interface RfcResource {
  readonly body: JsonObject;
  /** Keys such as "name.givenName" or "urn:...:User:department": each is a path. */
  readonly byPath: readonly { readonly path: string; readonly value: JsonValue }[];
}

/** The body of a POST or PUT, or the value of an operation without a path. Unknown keys are left out. */
export function toRfcResource(type: ResourceType, given: JsonObject): RfcResource {
  const body: JsonObject = {};
  const byPath: { path: string; value: JsonValue }[] = [];
  for (const [key, value] of Object.entries(given)) {
    const attribute = attributeOf(type.core, key);
    const extension = attribute === undefined ? extensionOf(type, key) : undefined;
    if (attribute !== undefined) {
      body[key] = toRfcValue(attribute, value);
    } else if (extension !== undefined) {
      body[key] = toRfcExtension(extension, value);
    } else if (isPath(type, key)) {
      byPath.push({ path: key, value });
    }
  }
  return { body, byPath };
}

/** `{schemas, Operations}` of a PATCH body, whatever the case of their names. */
export function toRfcEnvelope(given: JsonObject): JsonObject {
  const envelope: JsonObject = {};
  for (const name of ['schemas', 'Operations']) {
    const value = memberIgnoringCase(given, name);
    if (value !== undefined) {
      envelope[name] = value;
    }
  }
  return envelope;
}

/**
 * One operation; several when an object holds keys that are paths.
 * @throws {ScimError} invalidPath, invalidFilter: a path has to be understood before its value can be.
 */
export function toRfcOperations(type: ResourceType, given: JsonObject): JsonObject[] {
  const op = memberIgnoringCase(given, 'op') ?? null;
  const path = memberIgnoringCase(given, 'path');
  const value = memberIgnoringCase(given, 'value');
  const head: JsonObject = { op: typeof op === 'string' ? op.toLowerCase() : op };
  if (typeof path === 'string' && path !== '') {
    const target = parsePath(type, path);
    const isWholeResource = target.kind === 'schema' && target.schema === type.core;
    if (!isWholeResource) {
      // The element without an id is no element; "no value" would mean all of them.
      const written = head.op === 'remove' && value === '' ? [] : value;
      return [
        { ...head, path, ...(written === undefined ? {} : { value: toRfcTargetValue(target, written) }) },
      ];
    }
  } else if (path !== undefined && path !== null && path !== '') {
    return [{ ...head, path }];
  }
  if (!isJsonObject(value) || head.op === 'remove') {
    return [value === undefined ? head : { ...head, value }];
  }
  const { body, byPath } = toRfcResource(type, unwrapLists(type, value));
  const separate = byPath.flatMap((part) => toRfcOperations(type, { ...head, ...part }));
  const isOnlyPaths = separate.length > 0 && Object.keys(body).length === 0;
  return isOnlyPaths ? separate : [{ ...head, value: body }, ...separate];
}

function toRfcTargetValue(target: Path, value: JsonValue): JsonValue {
  if (target.kind === 'schema') {
    return toRfcExtension(target.schema, value);
  }
  const { attribute, sub } = target.reference;
  if (sub !== undefined) {
    // A part of `roles` may be an object; nothing here could keep it.
    return attribute.lenient && typeof value === 'object' ? null : toRfcPatchValue(sub, value);
  }
  const isElement = target.filter !== undefined && !Array.isArray(value);
  return isElement && value !== '' ? toRfcElement(attribute, value) : toRfcPatchValue(attribute, value);
}

function toRfcExtension(schema: SchemaDefinition, value: JsonValue): JsonValue {
  if (!isJsonObject(value)) {
    return value === '' ? null : value;
  }
  const known: JsonObject = {};
  for (const [key, part] of Object.entries(value)) {
    const attribute = attributeOf(schema, key);
    if (attribute !== undefined) {
      known[key] = toRfcValue(attribute, part);
    }
  }
  return known;
}

/** In a PATCH one element may come without its list, also inside an object. */
function unwrapLists(type: ResourceType, value: JsonObject): JsonObject {
  const isLoneElement = (key: string, part: JsonValue) =>
    isJsonObject(part) && attributeOf(type.core, key)?.multiValued === true;
  const entries = Object.entries(value);
  return entries.some(([key, part]) => isLoneElement(key, part))
    ? Object.fromEntries(entries.map(([key, part]) => [key, isLoneElement(key, part) ? [part] : part]))
    : value;
}

/** True for a key that means something as a path and may be written: what stands before a `[` counts. */
function isPath(type: ResourceType, key: string): boolean {
  const bracket = key.indexOf('[');
  const meaning = meaningOf(type, bracket < 0 ? key : key.slice(0, bracket));
  if (meaning?.kind !== 'attribute') {
    return meaning !== undefined;
  }
  const { attribute, sub } = meaning.reference;
  return attribute.mutability !== 'readOnly' && sub?.mutability !== 'readOnly';
}
