/**
 * The one error of this package for a call that did not end well. Callers decide by `kind`, `effect` and `code`, never
 * by text. Its texts are scrubbed of what we sent (scrub.ts), so that it can be logged as it is.
 */

/**
 * What went wrong, in the words that outcomes are decided by.
 * `throttled` 429; `unavailable` the account could not be reached or failed; `unauthorized` the key is not accepted;
 * `forbidden` the key's agent may not do this, or the plan or licence does not allow it; `conflict` somebody else may
 * have this address; `notFound` this id is not there; `invalid` the request is refused for good; `deadline` time ran
 * out or the caller gave up; `malformed` an answer that cannot be read.
 */
export type ErrorKind =
  | 'throttled'
  | 'unavailable'
  | 'unauthorized'
  | 'forbidden'
  | 'conflict'
  | 'notFound'
  | 'invalid'
  | 'deadline'
  | 'malformed';

/**
 * Whether the call changed Freshservice. `none`: surely not (always so for reads). `unknown`: look before anything is
 * sent again. `done`: surely; the client itself never claims it for a failed call, because an answer that cannot be
 * read may come from something that stands in front of Freshservice.
 */
export type Effect = 'none' | 'done' | 'unknown';

/** One entry of Freshservice's `errors` list; a missing part is ''. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  /** Freshservice's words, shortened, without what we sent and without addresses or numbers: for people, not for code. */
  readonly message: string;
}

/** The facts of a failed call. */
export interface FreshserviceErrorFacts {
  readonly kind: ErrorKind;
  readonly effect: Effect;
  readonly method: string;
  /** The path as a template (`/requesters/{id}`): no ids, no query. */
  readonly route: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly code?: string | undefined;
  readonly fields?: readonly FieldError[] | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A call to Freshservice that failed. Repeating it is the decision of the caller, by `kind` and `effect`. */
export class FreshserviceError extends Error {
  override readonly name = 'FreshserviceError';
  readonly kind: ErrorKind;
  readonly effect: Effect;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** `x-request-id` of the answer: what Freshservice's support asks for. */
  readonly requestId: string | undefined;
  /**
   * Freshservice's code in lower case (`duplicate_value`, `contact_already_active`): the answer's own, else that of its
   * first field error. Where no readable answer came, the cause in upper case (`ECONNREFUSED`, `ENOTFOUND`, `ABORTED`,
   * `TRUNCATED`): a system or undici code, or one of ours from send.ts.
   */
  readonly code: string | undefined;
  readonly fields: readonly FieldError[];
  /** From `Retry-After`, at most an hour; undefined when the answer named none. */
  readonly retryAfterMs: number | undefined;

  constructor(facts: FreshserviceErrorFacts) {
    super(describe(facts));
    this.kind = facts.kind;
    this.effect = facts.effect;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.code = facts.code;
    this.fields = facts.fields ?? [];
    this.retryAfterMs = facts.retryAfterMs;
  }
}

function describe(facts: FreshserviceErrorFacts): string {
  const status = facts.status === undefined ? 'no answer' : `status ${facts.status}`;
  const codes = (facts.fields ?? []).map((entry) => `${entry.field} ${entry.code}`.trim());
  const details = [status, facts.code, ...codes].filter((part) => part !== undefined && part !== '');
  return `${facts.method} ${facts.route}: ${facts.kind} (${details.join(', ')})`;
}
