/** The ways a reconcile ends. Each gives the lease back and moves the key to its next state in one script. */

import type { Redis } from 'ioredis';
import type { Leased } from './lease.ts';
import { type Note, type TimelineEvent, toEvent } from './records.ts';
import type { Key, Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';

/** A place in one of the account's lists, as keys wait for it. */
export type AwaitedName =
  | `department:${string}`
  | `location:${string}`
  | `field:${string}`
  | `agentField:${string}`;

/**
 * What to wait for. Of a key its count of changes as seen: when that has moved meanwhile, there is no need to wait. A
 * name has none ('0'); who waits for it is woken when a list that was read has it.
 */
export interface Awaited {
  readonly key: Key | AwaitedName;
  readonly changes: string;
}

export interface Settlement {
  readonly notes: readonly Note[];
  readonly awaits: readonly Awaited[];
  /** An attribute of the person was changed in Freshservice. */
  readonly applied: boolean;
  readonly event?: TimelineEvent;
}

/** `settled`; `again`: there was a reason to look again meanwhile, the key stays dirty; `lost`: another holder. */
export type Settled = 'settled' | 'again' | 'lost';

export async function settle(redis: Redis, scope: Scope, lease: Leased, how: Settlement): Promise<Settled> {
  const reply = textReply(
    await runScript(redis, 'settle', scope, [
      lease.key,
      lease.fence,
      lease.wakeSeq,
      how.notes.length > 0 ? JSON.stringify(how.notes) : '',
      toEvent(how.event),
      how.applied ? '1' : '0',
      ...how.awaits.flatMap(({ key, changes }) => [key, changes]),
    ]),
  );
  return reply[0] as Settled;
}

export interface Postponement {
  /** `dirty`: again at once, behind whatever is more urgent. `fed`: still dirty, and its job stays in BullMQ. */
  readonly state: 'deferred' | 'parked' | 'held' | 'dirty' | 'fed';
  readonly ms: number;
  /** A code, without personal data. */
  readonly why: string;
  readonly countsAsFailure: boolean;
  /** What is not done takes access away: counted apart while parked. */
  readonly leaver: boolean;
  readonly awaits: readonly Awaited[];
  readonly event?: TimelineEvent;
}

/** @returns `again` when an urgent or other reason came up meanwhile: the key stays dirty, no back-off applies. */
export async function postpone(
  redis: Redis,
  scope: Scope,
  lease: Leased,
  how: Postponement,
): Promise<'postponed' | 'again' | 'lost'> {
  const reply = textReply(
    await runScript(redis, 'postpone', scope, [
      lease.key,
      lease.fence,
      lease.wakeSeq,
      how.state,
      Math.round(how.ms),
      how.why,
      how.countsAsFailure ? '1' : '0',
      toEvent(how.event),
      how.leaver ? '1' : '0',
      ...how.awaits.flatMap(({ key, changes }) => [key, changes]),
    ]),
  );
  return reply[0] === 'ok' ? 'postponed' : (reply[0] as 'again' | 'lost');
}

/** The limits of the brake: a sliding window over accounts that are taken away. */
export interface BrakeLimits {
  readonly count: number;
  /** Share of the managed people, 0 to 1. The larger of the two limits holds. */
  readonly share: number;
  readonly windowMs: number;
}

export async function passBrake(
  redis: Redis,
  scope: Scope,
  lease: Leased,
  limits: BrakeLimits,
): Promise<
  { readonly pass: true } | { readonly pass: false; readonly passed: number; readonly limit: number }
> {
  const reply = textReply(
    await runScript(redis, 'pass-brake', scope, [
      lease.key,
      limits.count,
      limits.share,
      limits.windowMs,
      lease.generation,
    ]),
  );
  return reply[0] === 'pass'
    ? { pass: true }
    : { pass: false, passed: Number(reply[1]), limit: Number(reply[2]) };
}
