/**
 * How a reconcile's outcome is told to BullMQ: the only file that knows both vocabularies.
 *
 * | outcome              | BullMQ                          | why                                                        |
 * |----------------------|---------------------------------|------------------------------------------------------------|
 * | settled              | completes                       |                                                            |
 * | requeueAfter         | completes                       | the store holds the due time and wakes it; a delayed job   |
 * |                      |                                 | would swallow every wake made meanwhile, however urgent    |
 * | rateLimited          | back to delayed, no attempt     | nothing was tried; the job runs with the newest state, so  |
 * |                      |                                 | a wake that it swallows meanwhile is not missed            |
 * | terminal             | fails with the cause            | so that people see it under "failed"                       |
 * | thrown               | fails with the error's code     | the store says when again: BullMQ's attempts are not used  |
 * | stopped before it ran| back to delayed for 1 ms        | `moveToWait` sets no marker: idle workers would sleep on   |
 *
 * A failed job frees its de-duplication id, so it never stands in the way of the next wake.
 */
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import type { WakeData } from './names.ts';

/** What became of one woken key. `why` and `bucket` are codes, never sentences: they are stored and shown. */
export type Outcome =
  | { readonly kind: 'settled'; readonly notes: number }
  | { readonly kind: 'requeueAfter'; readonly ms: number; readonly why: string }
  | { readonly kind: 'rateLimited'; readonly bucket: string; readonly ms: number }
  | { readonly kind: 'terminal'; readonly why: string };

/** The return value of a completed job. */
export type WakeResult =
  | { readonly outcome: 'settled'; readonly notes: number }
  | { readonly outcome: 'requeueAfter'; readonly why: string; readonly ms: number };

/** A job as its worker sees it. */
export type WakeJob = Job<WakeData, WakeResult>;

/** Longest time that a job stays delayed: a bucket may open earlier than it said, and a look costs little. */
const DELAY_MAX_MS = 60_000;

/**
 * Tells BullMQ the outcome: returns the job's return value, or throws what makes BullMQ act.
 *
 * @throws {DelayedError} the job was put back
 * @throws {UnrecoverableError} the job fails, with the cause's code as its reason
 */
export async function tellBullmq(job: WakeJob, token: string, outcome: Outcome): Promise<WakeResult> {
  if (outcome.kind === 'terminal') throw new UnrecoverableError(codeFrom(outcome.why));
  if (outcome.kind === 'rateLimited') return putBack(job, token, outcome.ms);
  if (outcome.kind === 'requeueAfter') {
    return { outcome: 'requeueAfter', why: codeFrom(outcome.why), ms: outcome.ms };
  }
  return { outcome: 'settled', notes: outcome.notes };
}

/**
 * Puts a job back, without counting an attempt, to run in `ms` (1 to 60,000; clipped).
 *
 * @throws {DelayedError} always: it tells BullMQ that the job has left its hands
 */
export async function putBack(job: WakeJob, token: string, ms: number): Promise<never> {
  const delayMs = Math.min(Math.max(Math.ceil(ms), 1), DELAY_MAX_MS);
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}

/** The failure to give to BullMQ for something thrown: its code or class, and never its text, which may name a person. */
export function failureFrom(thrown: unknown): Error {
  return new UnrecoverableError(`thrown:${codeOfThrown(thrown)}`);
}

/** A thrown thing's `code`, else its class; `unknown` for what has neither. */
export function codeOfThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown';
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  return codeFrom(typeof code === 'string' ? code : thrown.name);
}

/** The text if it has the form of a code (letters, digits, `. _ : -`, at most 100), else `unnamed`. */
export function codeFrom(text: string): string {
  return /^[A-Za-z0-9][\w.:-]{0,99}$/.test(text) ? text : 'unnamed';
}
