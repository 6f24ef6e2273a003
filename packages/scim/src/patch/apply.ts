// (resource, operations) -> resource. Nothing is changed in place, so a refusal in the middle leaves everything as it
// was (RFC 7644 §3.5.2: all or nothing), and an unchanged resource is the very same object.

import { badRequest } from '../errors.ts';
import { isJsonObject, isSameJson } from '../json.ts';
import type { JsonValue } from '../json.ts';
import { ELEMENTS_VISITED_MAX } from '../limits.ts';
import type { Attributes } from '../resource.ts';
import { keyOf } from '../schema/attribute.ts';
import { valueAt } from '../schema/reference.ts';
import { resourceTypeOf } from '../schema/resource-type.ts';
import type { ResourceTypeName } from '../schema/resource-type.ts';
import { checkWhole } from '../whole.ts';
import { added } from './add.ts';
import { UnpublishedType } from './elements.ts';
import type { PatchOperation, PatchTarget } from './operation.ts';
import { removed } from './remove.ts';
import { replaced } from './replace.ts';

type TargetedOperation = Exclude<PatchOperation, { op: 'clear' }>;

/**
 * Applies operations in their order. Returns the same reference when the result equals what was there: nothing to
 * store, no new version.
 * @throws {ScimError} noTarget for a filter that selects nothing, invalidValue when the result would break the limits.
 */
export function applyPatch(
  type: ResourceTypeName,
  attributes: Attributes,
  operations: readonly PatchOperation[],
): Attributes {
  const next = applyOperations(attributes, operations);
  if (next === attributes || isSameJson(next, attributes)) {
    return attributes;
  }
  checkWhole(resourceTypeOf(type), next);
  return next;
}

/**
 * The operations without a look at the whole. A replace of a type that nobody published is passed over while others do
 * something, as an attribute that is not known is: nobody keeps access because of a mapping too many.
 * @throws {ScimError} noTarget, invalidValue: also for many operations on long lists, each of which is looked at whole.
 */
export function applyOperations(attributes: Attributes, operations: readonly PatchOperation[]): Attributes {
  let next = attributes;
  let visited = 0;
  const passedOver: UnpublishedType[] = [];
  for (const operation of operations) {
    visited += elementsBefore(next, operation);
    if (visited > ELEMENTS_VISITED_MAX) {
      throw badRequest(
        'invalidValue',
        `The operations look at more than ${ELEMENTS_VISITED_MAX} elements of lists. Send fewer at a time.`,
      );
    }
    try {
      next = applyOne(next, operation);
    } catch (error) {
      if (!(error instanceof UnpublishedType)) throw error;
      passedOver.push(error);
    }
  }
  const [refusal] = passedOver;
  if (refusal && passedOver.length === operations.length) throw refusal;
  return next;
}

function elementsBefore(attributes: Attributes, operation: PatchOperation): number {
  const current = operation.op === 'clear' ? undefined : valueAt(attributes, operation.target);
  return Array.isArray(current) ? current.length : 0;
}

function applyOne(attributes: Attributes, operation: PatchOperation): Attributes {
  if (operation.op === 'clear') {
    return Object.hasOwn(attributes, operation.extension)
      ? withMember(attributes, operation.extension, undefined)
      : attributes;
  }
  const { target } = operation;
  const current = valueAt(attributes, target);
  const next = valueAfter(operation, current);
  return next === current ? attributes : withValue(attributes, target, next);
}

function valueAfter(operation: TargetedOperation, current: JsonValue | undefined): JsonValue | undefined {
  if (operation.op === 'remove') {
    return removed(operation.target, current, operation.elements);
  }
  const setValue = operation.op === 'add' ? added : replaced;
  return setValue(operation.target, current, operation.value);
}

function withValue(attributes: Attributes, target: PatchTarget, value: JsonValue | undefined): Attributes {
  if (target.extension === undefined) {
    return withMember(attributes, target.attribute.name, value);
  }
  const extension = attributes[target.extension];
  const holder = isJsonObject(extension) ? extension : {};
  const next = withMember(holder, keyOf(holder, target.attribute), value);
  return withMember(attributes, target.extension, Object.keys(next).length > 0 ? { ...next } : undefined);
}

function withMember(object: Attributes, name: string, value: JsonValue | undefined): Attributes {
  if (value !== undefined) {
    return { ...object, [name]: value };
  }
  const { [name]: _gone, ...rest } = object;
  return rest;
}
