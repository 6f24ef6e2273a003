/** Looking for departments and locations by their name: the query, its pages, and the comparison of what comes back. */
import type { ZodType } from 'zod';
import type { CallOptions } from './call.ts';
import { query } from './endpoint.ts';
import type { Http } from './http.ts';

/** Fixed for queries, as is the number of pages (documentation: Filtering). */
const QUERY_PAGE_SIZE = 30;
const QUERY_PAGES_MAX = 40;

/** A record that is called something. */
interface Named {
  readonly name: string;
}

/**
 * Two departments or locations have one name when these are the same: without regard to case, to how accents are
 * composed, and to the amount of white space. For comparing only.
 */
export function toPlaceKey(name: string): string {
  return toOneLine(name).toLowerCase().normalize('NFC');
}

/** Fetches the records of that name. A full page may not be the last, so the next one is asked for, up to the 40th. */
export async function fetchByName<T extends Named>(
  http: Http,
  collection: string,
  answer: ZodType<readonly T[]>,
  name: string,
  options: CallOptions,
): Promise<readonly T[]> {
  const key = toPlaceKey(name);
  const found: T[] = [];
  for (let page = 1; page <= QUERY_PAGES_MAX; page += 1) {
    const search = query({ query: nameQuery(name), page: page === 1 ? undefined : page });
    const at = { route: `${collection}?query`, path: `${collection}${search}`, bucket: 'overall' } as const;
    const call = { method: 'GET', ...at, namesOneRecord: false, answer } as const;
    const { value: records } = await http.call(call, options);
    found.push(...records.filter((record) => toPlaceKey(record.name) === key));
    if (records.length < QUERY_PAGE_SIZE) break;
  }
  return found;
}

/** A backslash hides a quote in queries of assets (documentation: Filter Assets); in others it is assumed to. */
function nameQuery(name: string): string {
  return `"name:'${toOneLine(name).replaceAll("'", String.raw`\'`)}'"`;
}

function toOneLine(name: string): string {
  return name.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
}
