/** What several keys may share: the same person under two resources, and facts about the Freshservice account. */

import type { Redis } from 'ioredis';
import { indexValue } from './indexed.ts';
import { parseObserved } from './records.ts';
import { accountPrefix, connectionPrefix, idOf, type Key, type Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';
import { guarded } from './unavailable.ts';

/** Another key of the same person. */
export interface Identity {
  readonly key: Key;
  /** Live and active; false for a disabled or deleted one. */
  readonly active: boolean;
  readonly deleted: boolean;
  /** For `Awaited`: nothing that it does after what is said here goes unnoticed. */
  readonly changes: string;
  /** Milliseconds since the epoch, by the clock of Redis; undefined for a deleted one. */
  readonly createdAt: number | undefined;
  /** The Freshservice account that it is, or was, bound to. */
  readonly remoteId: number | undefined;
  /** A call may be in flight, or have had an effect that nobody has seen yet. */
  readonly isUnresolved: boolean;
}

/** Of the live ones, and of the deleted ones; commit.lua keeps no more of the latter. */
const OTHERS_MAX = 10;
/** That the script tells of each. */
const FACTS = 7;

/** Entra's externalId is not unique at the SCIM edge, so there may be several. Live ones first, then the newest deleted. */
export async function sameIdentity(
  redis: Redis,
  scope: Scope,
  externalId: string,
  except: Key,
): Promise<Identity[]> {
  const args = [indexValue(externalId), OTHERS_MAX, except];
  const reply = textReply(await runScript(redis, 'same-identity', scope, args));
  return Array.from({ length: reply.length / FACTS }, (_, index) => {
    const [key, live, active, createdAt, remoteId, intent, changes = '0'] = reply.slice(index * FACTS);
    return {
      key: key as Key,
      active: active === '1',
      deleted: live !== '1',
      createdAt: createdAt ? Number(createdAt) : undefined,
      remoteId: remoteId ? Number(remoteId) : undefined,
      isUnresolved: intent === '1',
      changes,
    };
  });
}

export async function refuseAttribute(redis: Redis, scope: Scope, attribute: string): Promise<void> {
  await guarded(() => redis.sadd(`${accountPrefix(scope)}refused`, attribute));
}

export async function remoteIdOf(redis: Redis, scope: Scope, key: Key): Promise<number | undefined> {
  const text = await guarded(() => redis.get(`${connectionPrefix(scope)}o:${idOf(key)}`));
  return parseObserved(text ?? '')?.remoteId;
}

/** The key of this connection that owns a Freshservice account; `undefined` for nobody, or another connection. */
export async function ownerOf(redis: Redis, scope: Scope, remoteId: number): Promise<Key | undefined> {
  const owner = await guarded(() => redis.hget(`${accountPrefix(scope)}owners`, String(remoteId)));
  const mine = `${scope.connectionId}/`;
  return owner?.startsWith(mine) ? (owner.slice(mine.length) as Key) : undefined;
}
