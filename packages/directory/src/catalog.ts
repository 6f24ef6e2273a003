/**
 * What is known of a Freshservice account's departments, locations and fields: read rarely, used by every reconcile.
 * One list per kind, shared by all connections of the account. Knows no meaning of the entries.
 */

import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { accountPrefix, connectionPrefix, type Scope } from './scope.ts';
import { runScript } from './scripts.ts';
import { guarded } from './unavailable.ts';

/** `fields` are those of requesters. */
export type CatalogKind = 'departments' | 'locations' | 'fields' | 'agentFields';

const catalogSchema = z.object({
  entries: z.array(z.unknown()),
  /** False when Freshservice does not show the list to our key. */
  readable: z.boolean(),
  /** Somebody may be adding to the list, or has tried to: what it lacks may be there all the same. */
  inDoubt: z.boolean(),
});

/** A list, and what is known of it. */
export type Catalog = z.infer<typeof catalogSchema>;

/** A list as it was stored. */
export interface AgedCatalog extends Catalog {
  /** Since it was read, by the clock of Redis. Infinity when it is known to be out of date. */
  readonly ageMs: number;
}

const keyOf = (scope: Scope, kind: CatalogKind): string => `${accountPrefix(scope)}catalog:${kind}`;

const millisecondsOf = ([seconds, micros]: readonly (string | number)[]): number =>
  Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);

/** @returns `undefined` when the list was never read. */
export async function loadCatalog(
  redis: Redis,
  scope: Scope,
  kind: CatalogKind,
): Promise<AgedCatalog | undefined> {
  const [now, [readAt, json]] = await guarded(() =>
    Promise.all([redis.time(), redis.hmget(keyOf(scope, kind), 'readAt', 'json')]),
  );
  if (typeof json !== 'string') return undefined;
  const catalog = catalogSchema.parse(JSON.parse(json));
  return { ...catalog, ageMs: Number(readAt) === 0 ? Infinity : millisecondsOf(now) - Number(readAt) };
}

/** Stores a list; one without `wasReadNow` keeps the age that it has. */
export async function storeCatalog(
  redis: Redis,
  scope: Scope,
  kind: CatalogKind,
  catalog: Catalog,
  wasReadNow: boolean,
): Promise<void> {
  await guarded(async () => {
    const readAt = wasReadNow ? ['readAt', millisecondsOf(await redis.time())] : [];
    await redis.hset(keyOf(scope, kind), 'json', JSON.stringify(catalog), ...readAt);
  });
}

/** Makes a list be read again by whoever needs it next. */
export async function distrustCatalog(redis: Redis, scope: Scope, kind: CatalogKind): Promise<void> {
  await guarded(() => redis.hset(keyOf(scope, kind), 'readAt', 0));
}

/** The right to read or change a list, for one process at a time. It ends by itself. */
export interface CatalogLock {
  /** @returns false when it has ended already. */
  extend(ms: number): Promise<boolean>;
  release(): Promise<void>;
}

/** @returns `undefined` while another process holds it. */
export async function lockCatalog(
  redis: Redis,
  scope: Scope,
  kind: CatalogKind,
  ms: number,
): Promise<CatalogLock | undefined> {
  const token = randomUUID();
  const taken = await guarded(() => redis.set(`${keyOf(scope, kind)}:lock`, token, 'PX', ms, 'NX'));
  if (taken !== 'OK') return undefined;
  const hold = async (leftMs: number): Promise<boolean> =>
    (await runScript(redis, 'hold-catalog', scope, [kind, token, leftMs])) === 1;
  return {
    extend: hold,
    release: async () => {
      await hold(0);
    },
  };
}

/** Names that keys of this connection wait for, as `Awaited` spells them. */
export async function awaitedNames(redis: Redis, scope: Scope): Promise<readonly string[]> {
  return guarded(() => redis.smembers(`${connectionPrefix(scope)}awaitedNames`));
}

/** Wakes, by way of the feed, who waits for these names. At one instant: who begins to wait in between is not forgotten. */
export async function wakeAwaiting(redis: Redis, scope: Scope, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const prefix = connectionPrefix(scope);
  await guarded(async () => {
    const both = redis
      .multi()
      .sadd(`${prefix}awaited`, ...names)
      .srem(`${prefix}awaitedNames`, ...names);
    for (const [error] of (await both.exec()) ?? []) if (error) throw error;
  });
}
