// remove (RFC 7644 §3.5.2.2): an attribute, the elements that a filter selects, a part of them, or (Entra) the elements
// that are named by value. What is not there is removed already.

import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { AttributeDefinition } from '../schema/attribute.ts';
import { identityOf } from '../schema/elements.ts';
import { partSet, singleSet } from './add.ts';
import { elementsOf, isSelected, settled } from './elements.ts';
import type { PatchTarget } from './operation.ts';

/** The attribute's value after the removal; the same one when nothing changes, undefined when none is left. */
export function removed(
  target: PatchTarget,
  current: JsonValue | undefined,
  named: readonly JsonObject[] | undefined,
): JsonValue | undefined {
  const { attribute, sub, filter } = target;
  if (!attribute.multiValued) {
    // `manager[value eq "..."]`: somebody else is the manager by now.
    const isAnother = filter !== undefined && isJsonObject(current) && !isSelected(filter, current);
    return isAnother ? current : singleSet(target, current, null);
  }
  if (sub !== undefined) {
    return partSet(target, current, { [sub.name]: null });
  }
  const elements = elementsOf(current);
  if (named !== undefined) {
    return settled(attribute, current, withoutNamed(attribute, elements, named));
  }
  return settled(
    attribute,
    current,
    filter === undefined ? [] : elements.filter((element) => !isSelected(filter, element)),
  );
}

/** An element goes when one of the named has its identity, or is a value without a type that equals its own. */
function withoutNamed(
  attribute: AttributeDefinition,
  elements: readonly JsonObject[],
  named: readonly JsonObject[],
): JsonObject[] {
  const identities = new Set(named.map((element) => identityOf(attribute, element)));
  const someAreUntyped = named.some((element) => element.type === undefined);
  const isNamedUntyped = ({ type: _type, ...untyped }: JsonObject): boolean =>
    someAreUntyped && identities.has(identityOf(attribute, untyped));
  return elements.filter(
    (element) => !identities.has(identityOf(attribute, element)) && !isNamedUntyped(element),
  );
}
