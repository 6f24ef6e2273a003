// What the account can answer: successes, and the four shapes of error bodies that clients meet.
import type { Knobs } from '../knobs.ts';

/** An answer before its headers are made. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as HTML, when there is no JSON. */
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The person that the call was about, for the request log. */
  readonly userId?: number;
  /** The department or location that the call was about, for the request log. */
  readonly recordId?: number;
  /** Whether the call changed what it was about. */
  readonly isChanged?: boolean;
}

/** One entry of a validation error. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly code: string;
}

/** A refusal; the answer it carries is what the client gets. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** Shape A: validation. */
export function invalid(errors: readonly FieldError[], status = 400): Refusal {
  return new Refusal({ status, json: { description: 'Validation failed', errors } });
}

/** Shape B: flat, for credentials, permissions and the state of a record. */
export function flat(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, json: { code, message } });
}

/** Shape C: a message alone. */
export function message(status: number, text: string): Refusal {
  return new Refusal({ status, json: { message: text } });
}

/** An answer of the edge in front of the application: shape D. */
export function htmlPage(status: number, title: string): Answer {
  return { status, html: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>` };
}

/** 404 in the form that the account is set to. */
export function notFound(knobs: Knobs): Refusal {
  if (knobs.notFoundBody === 'html') return new Refusal(htmlPage(404, '404 Not Found'));
  if (knobs.notFoundBody === 'flat') return flat(404, 'not_found', 'The requested resource was not found.');
  return new Refusal({ status: 404 });
}

/** A value that is taken already, in the form that the account is set to. */
export function conflict(knobs: Knobs, field: string): Refusal {
  const error = { field, message: 'It should be a unique value', code: 'duplicate_value' };
  if (knobs.conflictStyle === '400-duplicate_value') return invalid([error], 400);
  if (knobs.conflictStyle === '409-errors') return invalid([error], 409);
  return flat(409, 'conflict', `Another record with this ${field} already exists.`);
}
