// (resource, what was sent) -> resource: PUT replaces all that the client may write (RFC 7644 §3.5.1).

import { isSameJson } from './json.ts';
import type { Attributes } from './resource.ts';

/**
 * What a PUT makes of a resource: what was sent. The very object that is there when that says the same: nothing to store,
 * no new version. The order of attributes does not count, that of elements does.
 */
export function applyPut(attributes: Attributes, sent: Attributes): Attributes {
  return isSameJson(attributes, sent) ? attributes : sent;
}
