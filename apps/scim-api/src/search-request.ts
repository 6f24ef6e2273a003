/** A query in the body of a POST (RFC 7644 §3.4.3), which keeps names out of addresses and so out of other people's logs. */
import { ScimError } from '@fresh-scim/scim';

/** @throws {ScimError} invalidSyntax when there is none: it would read as a query for everybody. */
export function toSearchRequest(body: unknown): object {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ScimError(400, 'invalidSyntax', 'A search needs a JSON object as its body.');
  }
  return body;
}
