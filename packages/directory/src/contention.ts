/** Changes that meet: what a request was made of, how often it is tried again, and what is left to chance. */

import type { Redis } from 'ioredis';
import { ScimError } from '@fresh-scim/scim';
import { oneByOne } from './one-by-one.ts';
import { connectionPrefix, type Scope } from './scope.ts';
import type { StoredResource } from './stored.ts';

/** Randomness and time, passed in. */
export interface Chance {
  /** A fresh SCIM id: random, never from a counter, since a lost tail of the log would hand one out again. */
  newId(): string;
  /** Waits `ms`, for the gap between two tries of a contended change. */
  pause(ms: number): Promise<void>;
  random(): number;
}

/** Tries of one contended change before it is answered with 503 and `Retry-After`: enough for 200 changes at once. */
const CHANGE_TRIES_MAX = 60;
/** Tries of one create against claims and imports of the same person. */
export const CREATE_TRIES_MAX = 5;

/** What is answered when others were faster in every try. Nothing is stored, and the same request may be sent again. */
export const tooContended = (what: 'user' | 'group'): ScimError =>
  new ScimError(
    503,
    undefined,
    `This ${what} is being changed by too many requests at once. Send the request again later.`,
  );

/** Of a change that somebody else was faster than: it is to be tried again. */
export const MOVED = Symbol('moved');

/**
 * Tries a change until nobody was faster: again in turn with others of this process, and after a pause when one of
 * another process was.
 * @throws {ScimError} 503 when it is changed by others faster than we can follow.
 */
export async function untilNobodyWasFaster<T>(
  redis: Redis,
  scope: Scope,
  chance: Chance,
  what: 'user' | 'group',
  id: string,
  attempt: () => Promise<T | typeof MOVED>,
): Promise<T> {
  const name = `${connectionPrefix(scope)}${what}:${id}`;
  for (let tries = 0; tries < CHANGE_TRIES_MAX; tries += 1) {
    if (tries > 1) await pauseBefore(tries - 1, chance);
    const result = tries === 0 ? await attempt() : await oneByOne(redis, name, attempt);
    if (result !== MOVED) return result;
  }
  throw tooContended(what);
}

/** Longer and longer up to 50 ms, and at random, so that those who met do not meet again. */
async function pauseBefore(attempt: number, chance: Chance): Promise<void> {
  await chance.pause(chance.random() * Math.min(2 ** attempt, 50));
}

/** @throws {ScimError} 412 when `ifMatch` names another version (RFC 7644 §3.14). */
export function assertMatches(stored: StoredResource, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  const version = `W/"${stored.generation}"`;
  const wanted = new Set(ifMatch.split(',').map((tag) => tag.trim()));
  if (!wanted.has(version) && !wanted.has(version.slice(2))) {
    throw new ScimError(
      412,
      undefined,
      'The resource has changed since the version that If-Match names. Read it again.',
    );
  }
}
