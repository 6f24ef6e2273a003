// `?query="..."`: what is visible to the search index now, newest first, 30 a page.
import { type Fields, QueryFieldError, toMatcher } from '../query/match.ts';
import { parseQuery, QuerySyntaxError } from '../query/parse.ts';
import { invalid } from '../wire/answers.ts';
import { readQueryPage } from '../wire/paging.ts';
import type { Call } from './route.ts';

/**
 * One page of the records that match.
 * @throws {Refusal} 400 for a bad page or query
 */
export function search<T extends { readonly id: number; readonly created_at: string }>(
  call: Call,
  text: string,
  fields: Fields<T>,
  records: Iterable<T>,
): T[] {
  const page = readQueryPage(call.query);
  const matches = matcherOf(text, fields);
  const found: T[] = [];
  for (const record of records) if (matches(record)) found.push(record);
  found.sort((a, b) => (a.created_at === b.created_at ? b.id - a.id : a.created_at < b.created_at ? 1 : -1));
  return found.slice(page.offset, page.offset + page.perPage);
}

function matcherOf<T>(text: string, fields: Fields<T>): (record: T) => boolean {
  try {
    return toMatcher(fields, parseQuery(text));
  } catch (error) {
    if (error instanceof QuerySyntaxError) throw refused('query', error.message);
    if (error instanceof QueryFieldError) throw refused(error.field, error.message);
    throw error;
  }
}

function refused(field: string, message: string): Error {
  return invalid([{ field, message, code: 'invalid_value' }]);
}
