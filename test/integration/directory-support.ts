/** What the directory's tests share: a directory under an account of its own, people, and shorthands for a reconcile. */
import { randomUUID } from 'node:crypto';
import {
  type Directory,
  type Key,
  type Leased,
  type Observed,
  openDirectory,
  type Postponement,
  type Scope,
  type Settlement,
} from '@fresh-scim/directory';
import { applyPut, type Attributes } from '@fresh-scim/scim';
import { Redis } from 'ioredis';
import { inject } from 'vitest';

/** Longer than any test: a lease here ends only when a test says so. */
export const LEASE_MS = 120_000;
/** Not due, and not fed long ago, before the test has ended. */
export const NEVER_MS = 1_000_000_000;

export interface Bench extends AsyncDisposable {
  readonly redis: Redis;
  readonly scope: Scope;
  readonly directory: Directory;
  /** The prefix of everything of the connection, as the package's README documents it. */
  readonly prefix: string;
  /** The prefix of the account, which its connections share. */
  readonly accountPrefix: string;
}

/** @param accountId for a second connection of the same account. */
export function openBench(accountId = `t${randomUUID().slice(0, 13)}`, connectionId = 'c1'): Bench {
  const redis = new Redis(inject('redisUrl'));
  const scope = { accountId, connectionId };
  const directory = openDirectory(redis, scope);
  const accountPrefix = `{${accountId}}:`;
  return {
    redis,
    scope,
    directory,
    accountPrefix,
    prefix: `${accountPrefix}${connectionId}:`,
    [Symbol.asyncDispose]: async () => {
      await directory.erase();
      await redis.del(`${accountPrefix}layoutVersion`, `${accountPrefix}refused`);
      redis.disconnect();
    },
  };
}

/** Every key of the account, however many connections it has. */
export async function keysOf({ redis, accountPrefix }: Bench): Promise<string[]> {
  const keys: string[] = [];
  for await (const slice of redis.scanStream({ match: `${accountPrefix}*`, count: 1000 })) {
    keys.push(...(slice as string[]));
  }
  return keys.sort();
}

export const person = (name: string, more: Attributes = {}): Attributes => ({
  userName: `${name}@larkspur.example`,
  active: true,
  displayName: `${name} Okafor`,
  ...more,
});

/** @throws unless the key is dirty and nobody holds it. */
export async function lease(directory: Directory, key: Key): Promise<Leased> {
  const leased = await directory.acquire(key, LEASE_MS);
  if ('state' in leased) throw new Error(`${leased.state}: no lease`);
  return leased;
}

export const settlement = (more: Partial<Settlement> = {}): Settlement => ({
  notes: [],
  awaits: [],
  applied: true,
  ...more,
});

export const postponement = (
  state: Postponement['state'],
  more: Partial<Postponement> = {},
): Postponement => ({
  state,
  ms: NEVER_MS,
  why: 'because',
  countsAsFailure: false,
  leaver: false,
  awaits: [],
  ...more,
});

/** Takes the lease and settles, as a reconcile does that finds nothing to do. */
export async function settleNow(
  directory: Directory,
  key: Key,
  how: Partial<Settlement> = {},
): Promise<void> {
  const result = await directory.settle(await lease(directory, key), settlement(how));
  if (result !== 'settled') throw new Error(`settle: ${result}`);
}

export const observed = (remoteId?: number): Observed => ({
  ...(remoteId === undefined ? {} : { remoteId, kind: 'requester', active: true }),
  readAt: 1,
  values: {},
  echoes: {},
  sentAddresses: [],
  ours: [],
});

/** As if the holder had not renewed for too long. */
export async function expireLease({ redis, prefix }: Bench, key: Key): Promise<void> {
  await redis.hset(`${prefix}k:${key}`, 'leaseTill', '1');
}

/** Everything that is handed out now, in order, whether it was before or not. */
export const feedAll = (directory: Directory, lane: 'urgent' | 'normal'): Promise<Key[]> =>
  directory.feed(lane, { max: 1000, refeedAfterMs: 0 });

/** A rename of a group, for `mutateGroup`. */
export const renamedTo =
  (displayName: string) =>
  (group: Attributes): Attributes =>
    applyPut(group, { ...group, displayName });
