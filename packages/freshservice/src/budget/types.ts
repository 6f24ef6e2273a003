/**
 * The words that the HTTP client and the budget share: what a call asks for before it is sent, and what it reports
 * afterwards. No code, so that either side can be read and tested without the other.
 */

/** How soon a call is wanted: a leaver (`urgent`), live work (`normal`), or import, scans and repairs (`bulk`). */
export type CallUrgency = 'urgent' | 'normal' | 'bulk';

/**
 * Which of Freshservice's counters a call is measured by. `list` is the sub-limit of GET on `/requesters` and `/agents`
 * (documentation: Rate Limits); such a call counts in `overall` as well, which the budget knows by itself.
 */
export type Bucket = 'overall' | 'list';

/** The `X-RateLimit-*` headers of one answer; they describe the most specific bucket that applied (seen in traffic). */
export interface RateHeaders {
  /** Credits per minute of that bucket. */
  total?: number;
  /** Credits left in its present window, after this call. */
  remaining?: number;
  /** Credits that this call cost. */
  used?: number;
}

/** What one call asks of the budget. */
export interface TakeOptions {
  urgency: CallUrgency;
  bucket: Bucket;
  /** Credits. @default 1 */
  cost?: number;
  /** Gives up waiting. */
  signal?: AbortSignal;
}

/** Permission to send one call. Exactly one of the two methods is called, once, when the call has ended. */
export interface Grant {
  /** An answer came, whatever its status; `headers` is undefined where it carried no rate headers. */
  answered(headers: RateHeaders | undefined, status: number, retryAfterMs?: number): Promise<void>;
  /** No answer came, or the call was never sent: the credit counts as used. */
  lost(): Promise<void>;
}

/** What the account's budget looks like now, for `status` and metrics. */
export interface BudgetUsage {
  /** The account's allowance; null until the plan is known. */
  callsPerMinute: number | null;
  /** The part of the allowance that we use, 0 to 1. */
  share: number;
  usedLastMinute: number;
  /** How long calls are paused from now, after a 429; 0 when they are not. */
  pausedMs: number;
}

/** The calls per minute of one Freshservice account, shared by every worker and connection of it. */
export interface Budget {
  /** Waits for a credit and returns the grant. Safe to call from many places at once. */
  take(options: TakeOptions): Promise<Grant>;
  usage(): Promise<BudgetUsage>;
}
