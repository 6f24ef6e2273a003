// add (RFC 7644 §3.5.2.1): a single value is replaced, parts are merged, elements are appended unless they are there.

import type { JsonObject, JsonValue } from '../json.ts';
import { isJsonObject, isSameJson } from '../json.ts';
import { merged, united } from '../schema/elements.ts';
import { saysSomething } from '../schema/values.ts';
import { created, elementsOf, isSelected, settled } from './elements.ts';
import type { PatchTarget } from './operation.ts';

/**
 * The attribute's value after the addition; the same one when nothing changes, undefined when none is left.
 * @throws {ScimError} noTarget, invalidValue: see `created` and `settled`.
 */
export function added(
  target: PatchTarget,
  current: JsonValue | undefined,
  value: JsonValue,
): JsonValue | undefined {
  const { attribute, sub, filter } = target;
  if (!attribute.multiValued) {
    return singleSet(target, current, value);
  }
  if (sub !== undefined) {
    return partSet(target, current, { [sub.name]: value });
  }
  if (value === null) {
    return current;
  }
  if (filter !== undefined) {
    return isJsonObject(value) ? partSet(target, current, value) : current;
  }
  return settled(attribute, current, united(attribute, elementsOf(current), elementsOf(value)));
}

/** A single value or the parts of one: add and replace are the same here, and Entra mixes them up. */
export function singleSet(
  { attribute, sub }: PatchTarget,
  current: JsonValue | undefined,
  value: JsonValue,
): JsonValue | undefined {
  if (value === null && sub === undefined) {
    return undefined;
  }
  if (attribute.type !== 'complex') {
    return isSameJson(current, value) ? current : value;
  }
  const parts = sub === undefined ? value : { [sub.name]: value };
  const next = merged(isJsonObject(current) ? current : {}, isJsonObject(parts) ? parts : {});
  return Object.keys(next).length > 0 ? next : undefined;
}

/** The parts set in every selected element, or in a new one. An element that is left with a mere type is dropped. */
export function partSet(
  target: PatchTarget,
  current: JsonValue | undefined,
  parts: JsonObject,
  make = created,
): JsonValue | undefined {
  const elements = elementsOf(current);
  const isTakenAway = Object.values(parts).every((part) => part === null);
  const selected = elements.filter((element) => isSelected(target.filter, element));
  if (selected.length > 0) {
    const written = new Map(selected.map((element) => [element, merged(element, parts)]));
    const next = elements
      .map((element) => written.get(element) ?? element)
      .filter((element) => !isTakenAway || elements.includes(element) || saysSomething(element));
    return settled(target.attribute, current, next, parts.primary === true ? written.values() : []);
  }
  return isTakenAway ? current : settled(target.attribute, current, [...elements, make(target, parts)]);
}
