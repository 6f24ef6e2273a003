/** The refusal of the budget: what a caller is told instead of being kept waiting. */
import type { Bucket } from './types.ts';

/**
 * No credit will come soon enough to wait for it in place: put the work back and come again. Nothing was sent.
 * `bucket` is the counter that is used up or closed; `retryInMs` says when a credit is likely, spread over the callers
 * of this process so that they do not all come back at once.
 */
export class BudgetExhausted extends Error {
  readonly code = 'BUDGET_EXHAUSTED';
  readonly bucket: Bucket;
  readonly retryInMs: number;

  constructor(bucket: Bucket, retryInMs: number) {
    super(`no ${bucket} credit of the account's call budget for ${retryInMs} ms`);
    this.name = 'BudgetExhausted';
    this.bucket = bucket;
    this.retryInMs = retryInMs;
  }
}
