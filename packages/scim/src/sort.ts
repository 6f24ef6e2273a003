// The order that `sortBy` and `sortOrder` ask for (RFC 7644 §3.4.2.3).

import { comparable } from './filter/matches.ts';
import type { Comparable } from './filter/matches.ts';
import { isJsonObject, member } from './json.ts';
import type { JsonValue } from './json.ts';
import { valueAt } from './schema/reference.ts';
import type { AttributeReference } from './schema/reference.ts';
import type { ResourceView } from './view.ts';

/** What a resource is sorted by: folded text, an instant, or 0 and 1; undefined without a value. */
export type SortKey = Comparable | undefined;

/** Of several values that of the primary or the first; text without case unless the attribute is caseExact. */
export function sortKeyOf(view: ResourceView, sortBy: AttributeReference): SortKey {
  const { attribute, sub } = sortBy;
  const chosen = chosenOf(valueAt(view, sortBy));
  const value = sub === undefined ? chosen : isJsonObject(chosen) ? member(chosen, sub.name) : undefined;
  return value === undefined || value === null ? undefined : comparable(sub ?? attribute, value);
}

/**
 * Compares two keys of one attribute. Without a value comes last, in descending order first. 0 for a tie: how ties are
 * broken, so that pages stay what they are, is the caller's affair.
 */
export function compareKeys(
  a: SortKey,
  b: SortKey,
  sortOrder: 'ascending' | 'descending' = 'ascending',
): number {
  return sortOrder === 'ascending' ? compare(a, b) : compare(b, a);
}

function compare(a: SortKey, b: SortKey): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The element that stands for a list: the primary one, else the first. */
function chosenOf(value: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(value)) {
    return value;
  }
  return value.find((element) => isJsonObject(element) && element.primary === true) ?? value[0];
}
