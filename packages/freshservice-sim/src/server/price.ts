// What a request costs, of which buckets, and the name it has in the request log.
import type { Knobs } from '../knobs.ts';
import type { Bucket } from '../limits/plans.ts';
import { listFormOf } from '../routes/list-people.ts';
import type { RouteMatch } from './answer-call.ts';

/** A read-only query string. */
type Query = Readonly<Record<string, string>>;

/** One credit, and one more per include; an include of a list costs two. */
export function priceOf(match: RouteMatch, query: Query, knobs: Knobs): { buckets: Bucket[]; cost: number } {
  const bucket = match.route?.bucket;
  const includes = (query['include'] ?? '').split(',').filter((name) => name !== '').length;
  const isList = match.route?.method === 'GET' && !match.route.path.includes(':');
  const cost = 1 + includes * (isList ? 2 : 1);
  const isListed =
    bucket !== undefined &&
    (knobs.listBucketScope === 'listAndFilterAndEmail' || listFormOf(query) === 'list');
  return { buckets: isListed ? ['overall', bucket] : ['overall'], cost };
}

/** The name of the route; lists that can be filtered are `list`, `find` or `query`. */
export function routeName(match: RouteMatch, query: Query): string {
  if (match.route === undefined) return 'unknown';
  const { name, parameters } = match.route;
  return parameters?.includes('query') === true ? name.replace('list', listFormOf(query)) : name;
}
