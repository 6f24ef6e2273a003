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

/** A page that somebody is shown. */
export interface Turned {
  /** That the page began with. */
  readonly index: number;
  /** That the next one begins with. */
  readonly next: number;
  /** Where it ended, one line of text; left out when it was empty. */
  readonly place?: string;
  readonly isEnd: boolean;
}

/** Has to be done before the page is sent. Nothing is kept where Redis refuses to write. */
export async function turnPage(redis: Redis, scope: Scope, list: string, turned: Turned): Promise<void> {
  const { index, next, place = '', isEnd } = turned;
  await runScript(redis, 'turn-page', scope, [list, index, next, place, Number(isEnd)]);
}
