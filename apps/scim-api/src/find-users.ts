/** Answers a list query: a look-up where the filter names an indexed value, a page without a filter, else a bounded scan. */
import type { Directory, StoredResource } from '@fresh-scim/directory';
import { type Filter, type ListQuery, lookupOf, matchesFilter, ScimError, toView } from '@fresh-scim/scim';

/** People looked at by one query without an index. */
const SCAN_MAX = 20_000;
const SCAN_SLICE = 200;

export interface FoundUsers {
  readonly totalResults: number;
  /** The page that was asked for. */
  readonly resources: readonly StoredResource[];
}

/** @throws {ScimError} 400 `tooMany` when a filter without an indexed attribute meets a directory that is too large. */
export async function findUsers(directory: Directory, query: ListQuery): Promise<FoundUsers> {
  const { filter, startIndex, count } = query;
  if (!filter) return directory.pageUsers(startIndex, count);
  const lookup = lookupOf('User', filter);
  const matches = lookup
    ? (await directory.lookupUsers(lookup)).filter((stored) => matchesFilter(filter, toView('User', stored)))
    : await scan(directory, filter);
  return { totalResults: matches.length, resources: matches.slice(startIndex - 1, startIndex - 1 + count) };
}

async function scan(directory: Directory, filter: Filter): Promise<StoredResource[]> {
  const { totalResults } = await directory.pageUsers(1, 0);
  if (totalResults > SCAN_MAX) {
    throw new ScimError(
      400,
      'tooMany',
      'This filter would look at too many users. Filter by userName, externalId, id or emails.value.',
    );
  }
  const matches: StoredResource[] = [];
  for await (const slice of directory.scanUsers(SCAN_SLICE)) {
    for (const stored of slice) if (matchesFilter(filter, toView('User', stored))) matches.push(stored);
  }
  return matches;
}
