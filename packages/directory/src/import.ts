/**
 * The import of an account's people, as the directory knows it: its progress, who is at it, and the identity index that
 * a complete listing leaves. Which moves there are is told in `lua/import.lua`.
 */

import type { Redis } from 'ioredis';
import { indexValue } from './indexed.ts';
import { connectionPrefix, type Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';
import { guarded } from './unavailable.ts';

export interface ImportProgress {
  readonly state: 'none' | 'running' | 'done' | 'cancelled' | 'failed';
  /** The page to ask for next, from 1. */
  readonly page: number;
  /** People listed so far in this import. */
  readonly seen: number;
  /** Those of them who have no address, and so cannot be shown. */
  readonly withoutAddress: number;
  /** Counts the complete listings before this one, from 1. */
  readonly listing: number;
  /** Milliseconds since the epoch; null before the first. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Why it failed: a code. */
  readonly why: string | null;
}

/** One person of a page, for the identity index. */
export interface ListedIdentity {
  readonly remoteId: number;
  readonly address: string | undefined;
  readonly externalId: string | undefined;
}

/** A page that is done. */
export interface TurnedPage {
  /** `undefined` after the last one: the listing is complete. */
  readonly nextPage: number | undefined;
  readonly people: readonly ListedIdentity[];
}

export async function loadImport(redis: Redis, scope: Scope): Promise<ImportProgress> {
  const fields = await guarded(() => redis.hgetall(`${connectionPrefix(scope)}import`));
  const time = (name: string): number | null => (fields[name] ? Number(fields[name]) : null);
  return {
    state: (fields['state'] ?? 'none') as ImportProgress['state'],
    page: Number(fields['page'] ?? 1),
    seen: Number(fields['seen'] ?? 0),
    withoutAddress: Number(fields['withoutAddress'] ?? 0),
    listing: Number(fields['listing'] ?? 1),
    startedAt: time('startedAt'),
    completedAt: time('completedAt'),
    why: fields['why'] ?? null,
  };
}

/** Asks for an import; a worker does it. @returns false when one is running already. */
export const startImport = (redis: Redis, scope: Scope): Promise<boolean> => move(redis, scope, ['start']);

/** Ends it as it is: whoever was shown stays, and nobody is taken to be gone. @returns false when none is running. */
export const cancelImport = (redis: Redis, scope: Scope): Promise<boolean> => move(redis, scope, ['cancel']);

/**
 * Takes the import, or prolongs the right to it, for `ms`.
 *
 * @returns the time by the clock of Redis; `undefined` when none is running, or another process is at it.
 */
export async function takeImport(
  redis: Redis,
  scope: Scope,
  holder: string,
  ms: number,
): Promise<number | undefined> {
  const [result, now] = textReply(await runScript(redis, 'import', scope, ['take', holder, ms]));
  return result === 'ok' ? Number(now) : undefined;
}

/** @returns false when the holder has lost the import: cancelled, or taken by another process. */
export const turnImportPage = (
  redis: Redis,
  scope: Scope,
  holder: string,
  { nextPage, people }: TurnedPage,
): Promise<boolean> =>
  move(redis, scope, [
    'turn',
    holder,
    nextPage ?? '',
    people.length,
    people.filter(({ address }) => address === undefined).length,
    ...people.flatMap(({ remoteId, address, externalId }) => [
      remoteId,
      indexValue(address?.toLowerCase() ?? ''),
      indexValue(externalId ?? ''),
    ]),
  ]);

/** Gives it back, so that another process goes on at once. */
export const releaseImport = (redis: Redis, scope: Scope, holder: string): Promise<boolean> =>
  move(redis, scope, ['release', holder]);

/** @param why a code, without personal data. */
export const failImport = (redis: Redis, scope: Scope, holder: string, why: string): Promise<boolean> =>
  move(redis, scope, ['fail', holder, why]);

async function move(redis: Redis, scope: Scope, args: readonly (string | number)[]): Promise<boolean> {
  return textReply(await runScript(redis, 'import', scope, args))[0] === 'ok';
}

/** What the newest complete listing says about a person. Hints: an account may have changed since. */
export interface ListedAccounts {
  /** The one account with this externalId; none when several carry it. */
  readonly byExternalId: number | undefined;
  /** The accounts with these primary addresses. */
  readonly byAddress: readonly number[];
  /** When that listing was complete, ms since the epoch; null when there is none. */
  readonly completedAt: number | null;
}

export async function findListed(
  redis: Redis,
  scope: Scope,
  externalId: string | undefined,
  addresses: readonly string[],
): Promise<ListedAccounts> {
  const prefix = connectionPrefix(scope);
  const [ids, byAddress, completedAt] = await guarded(() =>
    Promise.all([
      externalId === undefined ? null : redis.hget(`${prefix}ie`, indexValue(externalId)),
      addresses.length === 0
        ? []
        : redis.hmget(`${prefix}ia`, ...addresses.map((address) => indexValue(address.toLowerCase()))),
      redis.hget(`${prefix}import`, 'completedAt'),
    ]),
  );
  return {
    byExternalId: ids !== null && /^\d+$/.test(ids) ? Number(ids) : undefined,
    byAddress: [...new Set(byAddress.flatMap((id) => (id === null ? [] : [Number(id)])))],
    completedAt: completedAt === null ? null : Number(completedAt),
  };
}
