// replace (RFC 7644 §3.5.2.3): a whole list is exchanged, selected elements are exchanged, parts of a complex value that
// are not sent stay as they are, and what is not there yet is added.

import { isJsonObject } from '../json.ts';
import type { JsonValue } from '../json.ts';
import { partSet, singleSet } from './add.ts';
import { createdByReplace, elementsOf, isSelected, settled } from './elements.ts';
import type { PatchTarget } from './operation.ts';

/**
 * The attribute's value after the replacement; the same one when nothing changes, undefined when none is left.
 * @throws {ScimError} noTarget when a filter selects nothing and is not one that Entra expects to create.
 */
export function replaced(
  target: PatchTarget,
  current: JsonValue | undefined,
  value: JsonValue,
): JsonValue | undefined {
  const { attribute, sub, filter } = target;
  if (!attribute.multiValued) {
    return singleSet(target, current, value);
  }
  if (sub !== undefined) {
    return partSet(target, current, { [sub.name]: value }, createdByReplace);
  }
  const elements = elementsOf(current);
  if (filter === undefined) {
    return settled(attribute, current, elementsOf(value));
  }
  if (!isJsonObject(value)) {
    return settled(
      attribute,
      current,
      elements.filter((element) => !isSelected(filter, element)),
    );
  }
  if (!elements.some((element) => isSelected(filter, element))) {
    return settled(attribute, current, [...elements, createdByReplace(target, value)]);
  }
  const next = elements.map((element) =>
    isSelected(filter, element) ? { ...typeOf(element), ...value } : element,
  );
  return settled(attribute, current, next);
}

/** An element keeps its type when the new value does not name one: without it Entra could not find it again. */
function typeOf({ type }: { [name: string]: JsonValue }): { [name: string]: JsonValue } {
  return type === undefined ? {} : { type };
}
