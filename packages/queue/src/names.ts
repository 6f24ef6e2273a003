/**
 * Where a connection's queues live in Redis, and what a job of them is made of.
 * A job carries a key and nothing else: no person, no change, no secret. See README.md for the Redis keys.
 */
import type { BulkJobOptions } from 'bullmq';

/** The connection that a queue belongs to. Neither id may be empty; `connectionId` may not contain `:`. */
export interface QueueScope {
  /** The Freshservice account: the Redis Cluster hash tag of every key of it. */
  readonly accountId: string;
  readonly connectionId: string;
}

/** Which of a connection's two queues: leavers have one of their own, so that no backlog is before them. */
export type Lane = 'urgent' | 'normal';

/** The two lanes, urgent first. */
export const LANES: readonly Lane[] = ['urgent', 'normal'];

/** All that a job says. */
export interface WakeData {
  readonly key: string;
}

/** The one job name: there is one kind of work, whatever Entra changed. */
const JOB_NAME = 'reconcile';

/** BullMQ's key prefix, in braces so that an account's keys share a Cluster slot. */
export function prefixOf(scope: QueueScope): string {
  return `{${scope.accountId}}`;
}

/** The name of one lane's queue. */
export function queueNameOf(scope: QueueScope, lane: Lane): string {
  return `${scope.connectionId}-${lane}`;
}

/** A text that is the same for the same scope only; for maps in memory. */
export function scopeIdOf(scope: QueueScope): string {
  return JSON.stringify([scope.accountId, scope.connectionId]);
}

/** BullMQ runs jobs without a priority before all others, so every job has one, and the same: the store keeps the order. */
const PRIORITY = 10;

/**
 * The job that wakes a worker for `key`.
 *
 * `keepLastIfActive` is what makes an add safe at any moment: with plain de-duplication an add made while the job
 * runs is dropped for ever (bullmq 6.7.0). One attempt, because retries and their due times belong to the store.
 * No stack trace, because it would repeat an error's text, and texts may name people.
 */
export function wakeJob(key: string): { name: string; data: WakeData; opts: BulkJobOptions } {
  return {
    name: JOB_NAME,
    data: { key },
    opts: {
      deduplication: { id: key, keepLastIfActive: true },
      priority: PRIORITY,
      attempts: 1,
      stackTraceLimit: 0,
      removeOnComplete: { count: 1_000, age: 24 * 60 * 60 },
      removeOnFail: { count: 10_000, age: 28 * 24 * 60 * 60 },
    },
  };
}
