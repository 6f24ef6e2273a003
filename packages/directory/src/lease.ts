/**
 * One holder per key. A lease is a fencing number from the store, not BullMQ's lock: a stalled job runs again while
 * the first may still be alive. Whatever a holder does to the key names its number, and a number that is no longer
 * the newest changes nothing.
 */

import type { Redis } from 'ioredis';
import {
  type Intent,
  type Observed,
  parseIntent,
  parseObserved,
  parseTombstone,
  type Tombstone,
} from './records.ts';
import { idOf, type Key, type Scope, type Urgency } from './scope.ts';
import { runScript, textReply } from './scripts.ts';
import { parseStored, type StoredResource } from './stored.ts';

/** A lease and everything that was true of the key at the instant it was taken. */
export interface Leased {
  readonly key: Key;
  readonly fence: string;
  /** How long the lease lasts without being renewed, ms. */
  readonly leaseMs: number;
  /** Milliseconds by the clock of Redis. */
  readonly loadedAt: number;
  readonly wakeSeq: string;
  readonly generation: number;
  readonly urgency: Urgency;
  /** Failed reconciles since the last one that settled. */
  readonly failures: number;
  readonly intent: Intent | undefined;
  /** Remote ids of accounts that a holder made after it had lost its lease. */
  readonly strays: readonly number[];
  /** Addresses that such a holder sent in a create whose answer it did not get. */
  readonly strayAddresses: readonly string[];
  /** The snapshot may be wrong: read before planning. */
  readonly suspect: boolean;
  /** What Entra wants; false for a deleted user. */
  readonly active: boolean;
  /** Absent when the user was deleted; then there is a tombstone. */
  readonly resource: StoredResource | undefined;
  readonly observed: Observed | undefined;
  readonly tombstone: Tombstone | undefined;
  /** False when the account of the snapshot belongs to another key by now. */
  readonly owned: boolean;
  /** Attributes that this Freshservice account does not know; never sent again. */
  readonly refused: readonly string[];
  /** How often it was parked since it settled. */
  readonly parks: number;
  /** How long a create waits for the first import at most, ms; 0 when none is running. */
  readonly importWaitMs: number;
  /** Attributes that an import has shown and Entra has sent for nobody: not Entra's word. Named as in the mapping. */
  readonly unsaid: readonly string[];
  /** The learned mapping: attributes that Entra has sent for anybody. */
  readonly learned: readonly string[];
}

/** Why there is nothing to do now: `idle`, another wake has done it; `busy`, another holder is at it. */
export type Unleased = { readonly state: 'idle' } | { readonly state: 'busy'; readonly leftMs: number };

export async function acquire(
  redis: Redis,
  scope: Scope,
  key: Key,
  leaseMs: number,
): Promise<Leased | Unleased> {
  const reply = textReply(await runScript(redis, 'acquire', scope, [key, leaseMs]));
  if (reply[0] === 'idle') return { state: 'idle' };
  if (reply[0] === 'busy') return { state: 'busy', leftMs: Number(reply[1]) };
  const at = (index: number): string => reply[index] ?? '';
  const resource = at(11);
  const made = at(8).split('\n').filter(Boolean);
  const isId = (text: string): boolean => /^\d+$/.test(text);
  return {
    key,
    leaseMs,
    fence: at(1),
    loadedAt: Number(at(2)),
    wakeSeq: at(3),
    generation: Number(at(4)),
    urgency: at(5) as Urgency,
    failures: Number(at(6) || 0),
    intent: parseIntent(at(7)),
    strays: made.filter(isId).map(Number),
    strayAddresses: made.filter((text) => !isId(text)),
    suspect: at(9) !== '',
    active: at(10) === '1',
    resource: resource === '' ? undefined : parseStored(idOf(key), resource),
    observed: parseObserved(at(12)),
    tombstone: parseTombstone(at(13)),
    owned: at(14) === '1',
    refused: at(15).split(',').filter(Boolean),
    parks: Number(at(16)),
    importWaitMs: Number(at(17)),
    unsaid: at(18).split('\n').filter(Boolean),
    learned: at(19).split('\n').filter(Boolean),
  };
}

/** Prolongs the lease. @returns false when it was lost; then nothing may be done under it any more. */
export async function renew(redis: Redis, scope: Scope, { key, fence, leaseMs }: Leased): Promise<boolean> {
  return (await runScript(redis, 'renew', scope, [key, fence, leaseMs])) === 1;
}
