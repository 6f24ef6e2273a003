/** What the endpoints have in common: the envelopes of answers, encoded paths, and one page of a collection. */
import { z, type ZodType } from 'zod';
import type { Bucket } from './budget/types.ts';
import type { CallOptions } from './call.ts';
import type { Http } from './http.ts';

const PER_PAGE_MAX = 100;

/** One page of a collection, in Freshservice's order (people: by first name, so rows can move between pages). */
export interface Page<T> {
  readonly records: readonly T[];
  /** The page to ask for next; undefined on the last one. */
  readonly nextPage: number | undefined;
}

/** Which page of a collection. */
export interface PageOptions {
  /** From 1. @default 1 */
  readonly page?: number | undefined;
  /** 1 to 100; more is refused and not clamped (documentation: Pagination). @default 100 */
  readonly perPage?: number | undefined;
}

/** `{"requester": {...}}` as the record. */
export function wrapped<T>(name: string, record: ZodType<T>): ZodType<T> {
  return z
    .record(z.string(), z.unknown())
    .transform((body) => body[name])
    .pipe(record);
}

/** `{"requesters": [...]}` as the list. One row that cannot be read spoils the page: a partial list is no list. */
export function listed<T>(name: string, record: ZodType<T>): ZodType<readonly T[]> {
  return wrapped(name, z.array(record));
}

/** The record if the answer carries one: an action may answer with it or with nothing, and either way it is done. */
export function optional<T>(record: ZodType<T>): ZodType<T | undefined> {
  return z
    .unknown()
    .optional()
    .transform((body) => record.safeParse(body).data);
}

/** `?a=1&b=2` with encoded values; parts that are undefined are left out. */
export function query(parts: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const pairs = Object.entries(parts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/**
 * Fetches one page. There is a next one when the `link` header says so or when this one is full: a header lost on the
 * way then costs one call, and not the rest of the list. Lists of people have a bucket of their own, others have not.
 */
export async function fetchPage<T>(
  http: Http,
  collection: string,
  answer: ZodType<readonly T[]>,
  { page = 1, perPage = PER_PAGE_MAX }: PageOptions,
  filter: Readonly<Record<string, string | boolean | undefined>>,
  options: CallOptions,
  bucket: Bucket = 'list',
): Promise<Page<T>> {
  const { value: records, hasNextLink } = await http.call(
    {
      method: 'GET',
      route: collection,
      path: `${collection}${query({ ...filter, page, per_page: perPage })}`,
      bucket,
      namesOneRecord: false,
      answer,
    },
    options,
  );
  const isLast = records.length === 0 || (records.length < perPage && !hasNextLink);
  return { records, nextPage: isLast ? undefined : page + 1 };
}
