// The body of a search (RFC 7644 §3.4.3): a query that keeps names out of addresses, and so out of other people's logs.

import { memberIgnoringCase } from './json.ts';
import type { JsonObject } from './json.ts';
import { toBoundedObject } from './limits.ts';
import { SEARCH_MESSAGE } from './urns.ts';
import { checkSchemas } from './whole.ts';

const PARAMETERS = [
  'filter',
  'attributes',
  'excludedAttributes',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
];

/**
 * The parameters of a search for `parseListQuery`, whatever the case of their names: a filter that is passed over would
 * read as a query for everybody. Null is no value (RFC 7643 §2.5), and `schemas` may be left out.
 * @throws {ScimError} invalidSyntax when the body is no object, or a message of another kind.
 */
export function parseSearchRequest(body: unknown): JsonObject {
  const given = toBoundedObject(body);
  const schemas = memberIgnoringCase(given, 'schemas');
  if (schemas !== undefined) {
    checkSchemas(schemas, SEARCH_MESSAGE);
  }
  const parameters: JsonObject = {};
  for (const name of PARAMETERS) {
    const value = memberIgnoringCase(given, name);
    if (value !== undefined && value !== null) {
      parameters[name] = value;
    }
  }
  return parameters;
}
