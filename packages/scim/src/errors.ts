// The one error that the protocol raises. `detail` is printed in Entra's provisioning log for the customer's
// administrator: it names attributes and what to do, and never repeats a value, which may be personal data.

import type { JsonObject } from './json.ts';
import { ERROR_MESSAGE } from './urns.ts';

/** The error keywords of RFC 7644 §3.12 and RFC 9865 §2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'invalidCount';

/** A request that is refused, with the answer that its sender gets. Callers switch on `status` and `scimType`. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  /** The HTTP status, 400 to 599. */
  readonly status: number;
  readonly scimType: ScimType | undefined;
  /** For the administrator at the other end; free of values and secrets. */
  readonly detail: string;

  constructor(status: number, scimType: ScimType | undefined, detail: string) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
    this.detail = detail;
  }

  /** The body of the answer (RFC 7644 §3.12); `status` is a string there. */
  toBody(): JsonObject {
    return {
      schemas: [ERROR_MESSAGE],
      status: String(this.status),
      ...(this.scimType === undefined ? {} : { scimType: this.scimType }),
      detail: this.detail,
    };
  }
}

/** A 400 with its keyword: what nearly every refusal of this package is. */
export function badRequest(scimType: ScimType, detail: string): ScimError {
  return new ScimError(400, scimType, detail);
}
