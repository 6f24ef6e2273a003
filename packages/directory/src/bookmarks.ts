/**
 * Where pages of lists have ended, for ten minutes, so that who goes on with the next index goes on there, whoever was
 * deleted meanwhile. What a list is and what a place in it, only the caller knows; see lua/bookmarks.lua for who gets which.
 */

import type { Redis } from 'ioredis';
import type { Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';

/** The places behind which the page with this index may begin. The earliest is right; none: nobody was told of it. */
export async function findBookmark(
  redis: Redis,
  scope: Scope,
  list: string,
  index: number,
): Promise<readonly string[]> {
  return textReply(await runScript(redis, 'find-bookmark', scope, [list, index]));
}

/**
 * @param index that the next page begins with
 * @param place where this one ended; one line of text
 */
export async function keepBookmark(
  redis: Redis,
  scope: Scope,
  list: string,
  index: number,
  place: string,
  isEnd: boolean,
): Promise<void> {
  await runScript(redis, 'keep-bookmark', scope, [list, index, place, Number(isEnd)]);
}
