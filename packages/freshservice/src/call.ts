/** What one call is: what an endpoint says about it, what its caller decides, and what is told about it afterwards. */
import type { ZodType } from 'zod';
import type { Bucket, CallUrgency, RateHeaders } from './budget/types.ts';
import type { Effect, ErrorKind } from './error.ts';

/** What a caller of an endpoint decides about one call. */
export interface CallOptions {
  readonly urgency: CallUrgency;
  /** Ends the wait for a credit and the call itself. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Runs when the credit is granted and nothing is sent yet, once for each time that the call is sent: the place to
   * check a lease and to write an intent. What it throws is rethrown as it is, and nothing is sent. `deadlineAt` (epoch
   * ms, local clock) is when the call is over at the latest; a script with a clock of its own takes its time plus the
   * client's `deadlineMs`, which is never earlier.
   */
  readonly beforeSend?: ((deadlineAt: number) => Promise<void>) | undefined;
}

/** One ended call, for metrics and logs: no ids, names or addresses. */
export interface CallEvent {
  readonly method: string;
  /** The path as a template, such as `/requesters/{id}`. */
  readonly route: string;
  readonly bucket: Bucket;
  readonly urgency: CallUrgency;
  readonly outcome: 'ok' | ErrorKind;
  readonly effect: Effect;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly rate: RateHeaders | undefined;
  /** Waiting for a credit. */
  readonly waitedMs: number;
  /** From the credit to the end, `beforeSend` included. */
  readonly ms: number;
  /** False when the budget could not be told how the call ended: the credit then counts as used. */
  readonly recorded: boolean;
}

/** An endpoint with its values in place. */
export interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly route: string;
  /** Below `/api/v2`, values encoded, with query. */
  readonly path: string;
  readonly bucket: Bucket;
  /** Whether a 404 would speak of the id in the path. */
  readonly namesOneRecord: boolean;
  readonly body?: object;
  /** Reads the body of a 2xx; it is given undefined for an empty one. */
  readonly answer: ZodType<T>;
}

/** The answer to a call that succeeded. */
export interface Success<T> {
  readonly value: T;
  /** Whether a `link` header names a next page. */
  readonly hasNextLink: boolean;
}
