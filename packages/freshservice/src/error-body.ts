/**
 * Reads the body of a refusal. Freshservice answers in four shapes: `{description, errors: [...]}`, `{code, message}`,
 * `{message}`, and nothing or HTML (documentation: Errors; seen in traffic). Whatever comes, this returns; it never
 * throws, because the status alone is enough to go on.
 */
import type { FieldError } from './error.ts';
import { scrub } from './scrub.ts';

const ERRORS_MAX = 20;
const TOKEN_MAX = 64;
const TOKEN = /^[A-Za-z0-9_.[\]-]+$/;

/** What a refusal says in codes. */
export interface Refusal {
  /** The flat `code`, else the first field error's; undefined when the body names none. */
  readonly code: string | undefined;
  /** At most 20. */
  readonly fields: readonly FieldError[];
}

/** Total: an empty, cut, foreign or hostile body is a refusal without codes. `sent` is the request body, which error texts must not repeat. */
export function readRefusal(body: string | undefined, sent: unknown): Refusal {
  const parsed = parseJson(body);
  if (!isRecord(parsed)) return { code: undefined, fields: [] };
  const errors = Array.isArray(parsed['errors']) ? parsed['errors'].slice(0, ERRORS_MAX) : [];
  const fields = errors.filter(isRecord).map((entry) => ({
    field: token(entry['field']),
    code: token(entry['code']),
    message: typeof entry['message'] === 'string' ? scrub(entry['message'], sent) : '',
  }));
  const code = token(parsed['code']) || fields.find((entry) => entry.code !== '')?.code;
  return { code, fields };
}

/** The value that `body` spells, or undefined when it is empty or no JSON. Total. */
export function parseJson(body: string | undefined): unknown {
  if (body === undefined || body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    // The parser's error quotes the body, which may hold a person: it must go no further.
    return undefined;
  }
}

/** A code or field name; '' for anything else, so that free text cannot reach a log or a metric label as a code. */
function token(value: unknown): string {
  return typeof value === 'string' && value.length <= TOKEN_MAX && TOKEN.test(value) ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
