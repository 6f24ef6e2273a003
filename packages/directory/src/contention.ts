/** Changes that meet: what a request was made of, how often it is tried again, and what is left to chance. */

import { ScimError } from '@fresh-scim/scim';
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
export const CHANGE_TRIES_MAX = 60;
/** Tries of one create against claims and imports of the same person. */
export const CREATE_TRIES_MAX = 5;

/** What is answered when others were faster in every try. Nothing is stored, and the same request may be sent again. */
export const tooContended = (what: 'user' | 'group'): ScimError =>
  new ScimError(
    503,
    undefined,
    `This ${what} is being changed by too many requests at once. Send the request again later.`,
  );

/** Longer and longer up to 50 ms, and at random, so that those who met do not meet again. */
export async function pauseBefore(attempt: number, chance: Chance): Promise<void> {
  if (attempt > 0) await chance.pause(chance.random() * Math.min(2 ** attempt, 50));
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
