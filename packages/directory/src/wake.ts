/** How keys come to a worker: handed to BullMQ by the feed, or woken for a reason that is not a commit. */

import type { Redis } from 'ioredis';
import { type TimelineEvent, toEvent } from './records.ts';
import { connectionPrefix, type Key, type Lane, type Scope, type Urgency } from './scope.ts';
import { runScript, textReply } from './scripts.ts';
import { guarded } from './unavailable.ts';

/** Keys that one call of the feed makes dirty at most, per reason. */
const FEED_SLICE = 100;

export interface FeedOptions {
  /** Keys to hand over at most. */
  readonly max: number;
  /** A key that was handed over longer ago than this is handed over again: its job was lost. */
  readonly refeedAfterMs: number;
}

export async function feed(redis: Redis, scope: Scope, lane: Lane, options: FeedOptions): Promise<Key[]> {
  const args = [lane === 'urgent' ? 'u' : 'n', options.max, options.refeedAfterMs, FEED_SLICE];
  return textReply(await runScript(redis, 'feed', scope, args)) as Key[];
}

/** Work that could be done now, per lane; what the feed would turn dirty (time has come, somebody waited) counts as normal. */
export async function due(redis: Redis, scope: Scope): Promise<{ urgent: number; normal: number }> {
  const prefix = connectionPrefix(scope);
  return guarded(async () => {
    const seconds = await redis.time();
    const now = Number(seconds[0]) * 1000;
    const [readyUrgent, fedUrgent, readyNormal, fedNormal, deferred, parked, awaited] = await Promise.all([
      redis.zcard(`${prefix}ready:u`),
      redis.zcard(`${prefix}fed:u`),
      redis.zcard(`${prefix}ready:n`),
      redis.zcard(`${prefix}fed:n`),
      redis.zcount(`${prefix}deferred`, '-inf', now),
      redis.zcount(`${prefix}parked`, '-inf', now),
      redis.scard(`${prefix}awaited`),
    ]);
    return { urgent: readyUrgent + fedUrgent, normal: readyNormal + fedNormal + deferred + parked + awaited };
  });
}

/** Makes keys dirty for another reason than a commit. Unknown keys are passed over. @returns how many were woken. */
export async function wakeKeys(
  redis: Redis,
  scope: Scope,
  keys: readonly Key[],
  how: { readonly urgency: Urgency; readonly release?: boolean; readonly event?: TimelineEvent },
): Promise<number> {
  const args = [how.urgency, how.release ? '1' : '0', toEvent(how.event), ...keys];
  return Number(await runScript(redis, 'wake', scope, args));
}

/** Keeps the accounts that the brake holds until Entra changes those people again. @returns how many were held. */
export async function rejectHeld(
  redis: Redis,
  scope: Scope,
  keys: readonly Key[],
  event: TimelineEvent,
): Promise<number> {
  return Number(await runScript(redis, 'reject', scope, [toEvent(event), ...keys]));
}
