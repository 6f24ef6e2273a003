/** A collection of resources in the order of creation, as lists are made of it: users, or groups. */

import type { Redis } from 'ioredis';
import { cursorOf, type Position } from '@fresh-scim/scim';
import { connectionPrefix, type Scope } from './scope.ts';
import { runScript } from './scripts.ts';
import { parseStored, type StoredResource } from './stored.ts';
import { guarded } from './unavailable.ts';

/** The names in Redis of a collection: of its resources, and of their order. */
export interface Collection {
  readonly resource: 'u:' | 'g:';
  readonly order: 'ord' | 'gord';
}

export const USERS: Collection = { resource: 'u:', order: 'ord' };
export const GROUPS: Collection = { resource: 'g:', order: 'gord' };

/** A page in the order of creation. */
export interface Page {
  /** Of the whole collection. */
  readonly totalResults: number;
  /** Those in front of the page; for an index behind the end, as many as there would be. */
  readonly skipped: number;
  readonly resources: StoredResource[];
}

/**
 * One page in the order of creation, in one round trip. A page costs the same wherever it is.
 *
 * @param start an index from 1, or the place that the page is behind
 * @param list the list that is walked by index: the page goes on where the one in front of `start` has ended (see
 * bookmarks.ts). The place of a resource in it is any text that ends with its cursor.
 */
export async function loadPage(
  redis: Redis,
  scope: Scope,
  { order, resource }: Collection,
  start: number | Position,
  count: number,
  list = '',
): Promise<Page> {
  const from = typeof start === 'number' ? [start, '', list] : ['', cursorOf(start), ''];
  const reply = await runScript(redis, 'page', scope, [order, resource, count, ...from]);
  const [totalResults, skipped, ids, texts] = reply as readonly [number, string, string[], (string | null)[]]; // page.lua
  return { totalResults, skipped: Number(skipped), resources: toStored(ids, texts) };
}

/**
 * All resources, in slices, in the order of creation. Those that come or go meanwhile may be told or missed; every other
 * is told once.
 */
export async function* scan(
  redis: Redis,
  scope: Scope,
  collection: Collection,
  sliceSize: number,
): AsyncGenerator<StoredResource[]> {
  let last: Position = { createdAt: 0, id: '' };
  for (;;) {
    const next = await behind(redis, connectionPrefix(scope) + collection.order, sliceSize, last);
    const newest = next.at(-1);
    if (!newest) return;
    last = newest;
    yield await loadAll(
      redis,
      scope,
      collection,
      next.map(({ id }) => id),
    );
  }
}

/**
 * Redis orders equal scores by their bytes, as `<` does with ids, which are ASCII. One command sees all of a millisecond,
 * so that nobody is missed because another one of it goes.
 */
async function behind(redis: Redis, order: string, count: number, last: Position): Promise<Position[]> {
  for (;;) {
    const atOnce = await guarded(() => redis.zcount(order, last.createdAt, last.createdAt));
    const limit = count + atOnce;
    const flat = await guarded(() =>
      redis.zrangebyscore(order, last.createdAt, '+inf', 'WITHSCORES', 'LIMIT', 0, limit),
    );
    const found: Position[] = [];
    for (let index = 0; index < flat.length && found.length < count; index += 2) {
      const place = { id: flat[index] ?? '', createdAt: Number(flat[index + 1]) };
      if (place.createdAt > last.createdAt || place.id > last.id) found.push(place);
    }
    if (found.length > 0 || flat.length < limit * 2) return found;
  }
}

/** One round trip for all of them; those deleted meanwhile are left out. */
export async function loadAll(
  redis: Redis,
  scope: Scope,
  { resource }: Collection,
  ids: readonly string[],
): Promise<StoredResource[]> {
  if (ids.length === 0) return [];
  const prefix = connectionPrefix(scope);
  const texts = await guarded(() => redis.mget(ids.map((id) => prefix + resource + id)));
  return toStored(ids, texts);
}

const toStored = (ids: readonly string[], texts: readonly (string | null)[]): StoredResource[] =>
  ids.flatMap((id, index) => {
    const text = texts[index];
    return typeof text === 'string' ? [parseStored(id, text)] : [];
  });
