// `page` and `per_page`, the `link` header, and the fixed pages of `?query=`.
import { type FieldError, invalid } from './answers.ts';

const PER_PAGE_DEFAULT = 30;
const PER_PAGE_MAX = 100;
const QUERY_PER_PAGE = 30;
const QUERY_PAGE_MAX = 40;

/** One page of a list. */
export interface Page {
  readonly page: number;
  readonly perPage: number;
  readonly offset: number;
}

/**
 * Reads the page of a plain list; what is out of range is refused, not clamped.
 * @throws {Refusal} 400
 */
export function readPage(query: Readonly<Record<string, string>>): Page {
  const errors: FieldError[] = [];
  const page = wholeNumber(query['page'] ?? '1');
  const perPage = wholeNumber(query['per_page'] ?? String(PER_PAGE_DEFAULT));
  if (page === undefined) errors.push(refused('page', 'It should be a/an Positive Integer'));
  if (perPage === undefined || perPage > PER_PAGE_MAX) {
    errors.push(refused('per_page', `It should be a Positive Integer less than or equal to ${PER_PAGE_MAX}`));
  }
  if (errors.length > 0 || page === undefined || perPage === undefined) throw invalid(errors);
  return { page, perPage, offset: (page - 1) * perPage };
}

/**
 * Reads the page of a `?query=`: 30 each, 40 at most.
 * @throws {Refusal} 400
 */
export function readQueryPage(query: Readonly<Record<string, string>>): Page {
  const page = wholeNumber(query['page'] ?? '1');
  if (page === undefined || page > QUERY_PAGE_MAX) {
    throw invalid([
      refused('page', `It should be a Positive Integer less than or equal to ${QUERY_PAGE_MAX}`),
    ]);
  }
  return { page, perPage: QUERY_PER_PAGE, offset: (page - 1) * QUERY_PER_PAGE };
}

/** The header that names the next page; none on the last one. */
export function linkHeader(url: string, page: Page, total: number): Record<string, string> {
  if (page.offset + page.perPage >= total) return {};
  const next = new URL(url);
  next.searchParams.set('page', String(page.page + 1));
  next.searchParams.set('per_page', String(page.perPage));
  return { link: `<${next.href}>; rel="next"` };
}

function wholeNumber(text: string): number | undefined {
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined;
}

function refused(field: string, message: string): FieldError {
  return { field, message, code: 'invalid_value' };
}
