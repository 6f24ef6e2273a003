// PATCH operations after parsing: one attribute each, values of the right type, nothing left to look up.

import type { Filter } from '../filter/tree.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { AttributeReference } from '../schema/reference.ts';

/** Where an operation acts: an attribute or its part, in the elements that the filter selects (all without one). */
export interface PatchTarget extends AttributeReference {
  readonly filter: Filter | undefined;
}

/** One typed operation. */
export type PatchOperation =
  | {
      readonly op: 'add' | 'replace';
      readonly target: PatchTarget;
      /** null takes the value away. */
      readonly value: JsonValue;
    }
  | {
      readonly op: 'remove';
      readonly target: PatchTarget;
      /** Only these elements go: Entra removes members by value. Undefined: all that the target selects. */
      readonly elements: readonly JsonObject[] | undefined;
    }
  /** Everything that an extension holds. */
  | { readonly op: 'clear'; readonly extension: string };
