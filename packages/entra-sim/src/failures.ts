// What can go wrong in a cycle: one person's failure, which is retried in the next cycle, and the quarantine that ends it.
import type { CycleReport } from './report.ts';

/** Why one person's request failed; the names are the ones of Entra's provisioning logs where it has one. */
export type FailureCode =
  | 'BadRequest'
  | 'Conflict'
  | 'DuplicateTargetEntries'
  | 'InsufficientRights'
  | 'InternalServerError'
  | 'InvalidAnchor' // a cached id answered 404
  | 'ServiceIncompatible' // the answer is not what RFC 7644 says
  | 'Timeout'
  | 'TooManyRequests'
  | 'Unauthorized'
  | 'UnexpectedStatus'
  | 'WebException'; // no answer: refused, reset, name not found

/** HTTP methods that provisioning uses. */
export type Verb = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One request that did not succeed. Its message names verb, status and code, never an address or a token. */
export class RequestFailure extends Error {
  readonly code: FailureCode;
  readonly verb: Verb;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  /** `detail` of the endpoint's SCIM error, at most 200 characters; the endpoint's words, so it may name people. */
  readonly detail: string | undefined;

  constructor(code: FailureCode, verb: Verb, status?: number, detail?: string, cause?: unknown) {
    super(`${verb} /Users: ${code}${status === undefined ? '' : ` (HTTP ${status})`}`, { cause });
    this.name = 'RequestFailure';
    this.code = code;
    this.verb = verb;
    this.status = status;
    this.detail = detail?.slice(0, 200);
  }
}

/** Why a cycle is stopped. `deletions`: more people would be disabled or deleted than the job's threshold. */
export type QuarantineCode = 'credentials' | 'probe' | 'deletions';

const QUARANTINES: Readonly<Record<QuarantineCode, string>> = {
  credentials: 'the endpoint refused the secret token (HTTP 401): give the provisioning job a valid one',
  probe: 'the look-up of a user that cannot exist must answer 200 with an empty list',
  deletions:
    'more people than the threshold would be disabled or deleted: allow it, or bring them back into scope',
};

/**
 * The cycle was stopped: the endpoint refused the token (401), the probe at the start found no SCIM endpoint that works,
 * or the guard against accidental deletions held. Nothing is lost: the next cycle takes up everybody who was not finished.
 */
export class QuarantineError extends Error {
  readonly code: QuarantineCode;
  /** What the cycle did until then. */
  readonly report: CycleReport;

  constructor(code: QuarantineCode, report: CycleReport, cause?: RequestFailure) {
    const detail = code === 'probe' && cause !== undefined ? `, but: ${cause.message}` : '';
    super(`provisioning is in quarantine: ${QUARANTINES[code]}${detail}`, { cause });
    this.name = 'QuarantineError';
    this.code = code;
    this.report = report;
  }
}

/** The code of an answer that is not a success. */
export function codeOfStatus(status: number): FailureCode {
  return CODES.get(status) ?? (status >= 500 ? 'InternalServerError' : 'UnexpectedStatus');
}

const CODES: ReadonlyMap<number, FailureCode> = new Map([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'InsufficientRights'],
  [404, 'InvalidAnchor'],
  [409, 'Conflict'],
  [429, 'TooManyRequests'],
]);
