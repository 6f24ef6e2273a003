// A filter after parsing: names resolved to attributes, values of the attribute's type. Nothing here is text to be
// looked at again.

import type { AttributeReference } from '../schema/reference.ts';

/** The comparisons of RFC 7644 §3.4.2.2, without `pr`. */
export type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A parsed filter. Inside `element` names mean sub-attributes of the attribute that is filtered. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | { readonly kind: 'present'; readonly reference: AttributeReference }
  | {
      readonly kind: 'compare';
      readonly reference: AttributeReference;
      readonly comparison: Comparison;
      readonly value: string | boolean | null;
    }
  /** True when one element of a multi-valued attribute meets the whole inner filter. */
  | { readonly kind: 'element'; readonly reference: AttributeReference; readonly filter: Filter };
