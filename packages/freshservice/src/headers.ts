/** Reads the response headers that matter. A header that is missing or makes no sense is undefined, never an error. */
import type { RateHeaders } from './budget/types.ts';

/** Response headers by lower-case name, as undici gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const RETRY_AFTER_MAX_MS = 3_600_000;
const REQUEST_ID = /^[\w.:+/=-]{1,100}$/;

/** The first value of a header. */
function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** `X-RateLimit-Total`, `-Remaining`, `-Used-CurrentRequest`; undefined when the answer carries none of them. */
export function readRateHeaders(headers: Headers): RateHeaders | undefined {
  const total = count(header(headers, 'x-ratelimit-total'));
  const remaining = count(header(headers, 'x-ratelimit-remaining'));
  const used = count(header(headers, 'x-ratelimit-used-currentrequest'));
  if (total === undefined && remaining === undefined && used === undefined) return undefined;
  return {
    ...(total === undefined ? {} : { total }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(used === undefined ? {} : { used }),
  };
}

/**
 * `Retry-After` in milliseconds: whole seconds (documentation: Rate Limits) or an HTTP date against `now` (epoch ms,
 * local clock), between 0 and an hour. Accounts on hourly plans name up to 60 minutes.
 */
export function readRetryAfterMs(headers: Headers, now: number): number | undefined {
  const text = header(headers, 'retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = count(text);
  const ms = seconds === undefined ? Date.parse(text) - now : seconds * 1000;
  // A bare number that is no count (negative, fractional) is no date either, though Date.parse may find one in it.
  if (Number.isNaN(ms) || (seconds === undefined && !Number.isNaN(Number(text)))) return undefined;
  return Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS);
}

/** `x-request-id`, when it looks like one. */
export function readRequestId(headers: Headers): string | undefined {
  const id = header(headers, 'x-request-id');
  return id !== undefined && REQUEST_ID.test(id) ? id : undefined;
}

/** Whether `link` names a next page: `<...>; rel="next"`, absent on the last page (documentation: Pagination). */
export function hasNextLink(headers: Headers): boolean {
  return (header(headers, 'link') ?? '').toLowerCase().includes('rel="next"');
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
