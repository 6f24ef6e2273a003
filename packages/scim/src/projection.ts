// `attributes` and `excludedAttributes` (RFC 7644 §3.4.2.5): which parts of a resource an answer shows.

import { badRequest } from './errors.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { meaningOf } from './schema/reference.ts';
import { resourceTypeOf } from './schema/resource-type.ts';
import type { ResourceType, ResourceTypeName } from './schema/resource-type.ts';

/** Lower-cased names, each wholly (true) or with the names of its parts. */
type Names = ReadonlyMap<string, true | Names>;
type GrowingNames = Map<string, true | GrowingNames>;

/** What to show: everything, only some names, or everything except some. */
export type Selection =
  | { readonly kind: 'all' }
  | { readonly kind: 'only'; readonly names: Names }
  | { readonly kind: 'except'; readonly names: Names };

const NAMES_MAX = 200;

/**
 * Reads `attributes` and `excludedAttributes` from a parsed query or a SearchRequest: text with commas, or a list of it.
 * `attributes` wins when both are there. Names that mean nothing are ignored; of `emails[type eq "work"]`, which
 * Microsoft's tests ask for, the whole of emails is shown.
 * @throws {ScimError} invalidValue for anything else than text, or more than 200 names.
 */
export function parseSelection(type: ResourceTypeName, query: unknown): Selection {
  const given = isJsonObject(query) ? query : {};
  const definition = resourceTypeOf(type);
  const only = listedNames(given.attributes, 'attributes');
  if (only.length > 0) {
    const names = namesIn(definition, only.map(withoutFilter));
    for (const name of alwaysReturned(definition)) {
      names.set(name, true);
    }
    return { kind: 'only', names };
  }
  const except = listedNames(given.excludedAttributes, 'excludedAttributes');
  if (except.length === 0) {
    return { kind: 'all' };
  }
  const names = namesIn(definition, except);
  for (const name of alwaysReturned(definition)) {
    names.delete(name);
  }
  return { kind: 'except', names };
}

/** Whether the attribute, or a part of it, would be shown: what is costly to load can be left alone otherwise. */
export function selects(selection: Selection, name: string): boolean {
  if (selection.kind === 'all') {
    return true;
  }
  const chosen = selection.names.get(name.toLowerCase());
  return selection.kind === 'only' ? chosen !== undefined : chosen !== true;
}

/** The selected parts of a rendered resource. */
export function project(resource: JsonObject, selection: Selection): JsonObject {
  if (selection.kind === 'all') {
    return resource;
  }
  return selection.kind === 'only' ? picked(resource, selection.names) : omitted(resource, selection.names);
}

/** The lower-cased names of what is in every answer (RFC 7643 §2.2: returned "always"). */
function alwaysReturned(type: ResourceType): string[] {
  return [...type.core.attributes].flatMap(([name, { returned }]) => (returned === 'always' ? [name] : []));
}

function listedNames(given: unknown, parameter: string): string[] {
  const texts = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
  const names = texts.flatMap((text: unknown) => {
    if (typeof text !== 'string') {
      throw badRequest('invalidValue', `"${parameter}" must list attribute names.`);
    }
    return text.split(',').map((name) => name.trim());
  });
  if (names.length > NAMES_MAX) {
    throw badRequest('invalidValue', `"${parameter}" may list at most ${NAMES_MAX} names.`);
  }
  return names.filter((name) => name !== '');
}

function withoutFilter(written: string): string {
  const opening = written.indexOf('[');
  if (opening < 0) {
    return written;
  }
  const closing = written.lastIndexOf(']');
  return written.slice(0, opening) + (closing < 0 ? '' : written.slice(closing + 1));
}

function namesIn(type: ResourceType, written: readonly string[]): GrowingNames {
  const names: GrowingNames = new Map();
  for (const trail of written.flatMap((name) => trailsOf(type, name))) {
    addTrail(names, trail);
  }
  return names;
}

/** The names to follow from the resource to what is meant; several for the core schema as a whole. */
function trailsOf(type: ResourceType, written: string): string[][] {
  const meaning = meaningOf(type, written);
  if (meaning === undefined) {
    return [];
  }
  if (meaning.kind === 'schema') {
    const isCore = meaning.schema === type.core;
    return isCore
      ? [...type.core.attributes.keys()].map((name) => [name])
      : [[meaning.schema.urn.toLowerCase()]];
  }
  const { extension, attribute, sub } = meaning.reference;
  const trail = [extension, attribute.name, sub?.name].filter((name) => name !== undefined);
  return [trail.map((name) => name.toLowerCase())];
}

function addTrail(names: GrowingNames, [first, ...rest]: readonly string[]): void {
  const known = first === undefined ? true : names.get(first);
  if (first === undefined || known === true) {
    return;
  }
  if (rest.length === 0) {
    names.set(first, true);
    return;
  }
  const inner: GrowingNames = known ?? new Map();
  names.set(first, inner);
  addTrail(inner, rest);
}

function picked(object: JsonObject, names: Names): JsonObject {
  return mapped(object, (name, value) => {
    const chosen = names.get(name);
    return chosen === undefined || chosen === true
      ? chosen && value
      : inside(value, (part) => picked(part, chosen));
  });
}

function omitted(object: JsonObject, names: Names): JsonObject {
  return mapped(object, (name, value) => {
    const dropped = names.get(name);
    if (dropped === true) {
      return undefined;
    }
    return dropped === undefined ? value : inside(value, (part) => omitted(part, dropped));
  });
}

function mapped(
  object: JsonObject,
  change: (lowerName: string, value: JsonValue) => JsonValue | undefined,
): JsonObject {
  const next: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const changed = change(name.toLowerCase(), value);
    if (changed !== undefined) {
      next[name] = changed;
    }
  }
  return next;
}

/** Works on a complex value or on each element of a list; what is left empty disappears. */
function inside(value: JsonValue, change: (part: JsonObject) => JsonObject): JsonValue | undefined {
  if (Array.isArray(value)) {
    const parts = value.filter(isJsonObject).map(change).filter(hasMembers);
    return parts.length > 0 ? parts : undefined;
  }
  const part = isJsonObject(value) ? change(value) : {};
  return hasMembers(part) ? part : undefined;
}

function hasMembers(object: JsonObject): boolean {
  return Object.keys(object).length > 0;
}
