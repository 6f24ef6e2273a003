/**
 * What somebody was told of, so that of any number of workers one tells it, and not again and again. Knows no causes:
 * a subject is any short code.
 */
import type { Redis } from 'ioredis';
import { connectionPrefix, type Scope } from './scope.ts';
import { guarded } from './unavailable.ts';

/** @returns whether the caller is to tell of the subject: nobody did, or tries to, within its own `ms`. */
export async function claimAlert(redis: Redis, scope: Scope, subject: string, ms: number): Promise<boolean> {
  const key = `${connectionPrefix(scope)}alert:${subject}`;
  return (await guarded(() => redis.set(key, '1', 'PX', ms, 'NX'))) === 'OK';
}

/** It was told: nobody is to tell of it for `ms`. */
export async function keepAlert(redis: Redis, scope: Scope, subject: string, ms: number): Promise<void> {
  await guarded(() => redis.set(`${connectionPrefix(scope)}alert:${subject}`, '1', 'PX', ms));
}

/** What was told is over: the next time it is told at once. */
export async function forgetAlerts(redis: Redis, scope: Scope, subjects: readonly string[]): Promise<void> {
  const keys = subjects.map((subject) => `${connectionPrefix(scope)}alert:${subject}`);
  if (keys.length > 0) await guarded(() => redis.del(...keys));
}
