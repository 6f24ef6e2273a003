/**
 * The two BullMQ queues of a connection, opened to add, look or remove. Nothing here runs a job.
 */
import { Queue } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { end } from './connection.ts';
import { type Lane, type QueueScope, type WakeData, prefixOf, queueNameOf } from './names.ts';
import type { WakeResult } from './outcome.ts';

/** A BullMQ queue of wakes. */
export type WakeQueue = Queue<WakeData, WakeResult>;

/** How many jobs of a lane are in each state. `waiting` are those that could start now. */
export interface LaneCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly completed: number;
  readonly failed: number;
}

/** A connection's queues, for the console and the command line. */
export interface ConnectionQueues {
  readonly urgent: WakeQueue;
  readonly normal: WakeQueue;
  /** One call to Redis per lane. */
  counts(): Promise<Record<Lane, LaneCounts>>;
  /**
   * Removes every job and every Redis key of both queues, running jobs included. Safe to repeat, and safe on a live
   * connection: the store wakes again whatever is due. One that was interrupted leaves the queues paused: repeat it.
   */
  obliterate(): Promise<void>;
  /** Ends the Redis connection of this object. */
  close(): Promise<void>;
}

/** Opens both queues over one Redis connection of their own. Looking creates no key. */
export function openQueues(redis: RedisOptions, scope: QueueScope): ConnectionQueues {
  const client = new Redis({ ...redis, replyMapping: 'legacy' });
  const urgent = openLaneQueue(client, scope, 'urgent');
  const normal = openLaneQueue(client, scope, 'normal');
  // ioredis reports each failed attempt to connect here; the calls themselves reject or wait, which is what callers see.
  const ignored = (): void => undefined;
  client.on('error', ignored);
  urgent.on('error', ignored);
  normal.on('error', ignored);
  return {
    urgent,
    normal,
    async counts() {
      const [urgentCounts, normalCounts] = await Promise.all([countsOf(urgent), countsOf(normal)]);
      return { urgent: urgentCounts, normal: normalCounts };
    },
    async obliterate() {
      for (const queue of [urgent, normal]) await queue.obliterate({ force: true });
    },
    async close() {
      await Promise.all([urgent.close(), normal.close()]);
      end(client);
    },
  };
}

/** One lane's queue over a Redis connection that the caller owns; closing the queue leaves the connection open. */
export function openLaneQueue(client: Redis, scope: QueueScope, lane: Lane): WakeQueue {
  return new Queue<WakeData, WakeResult>(queueNameOf(scope, lane), {
    connection: client,
    prefix: prefixOf(scope),
    // The version is checked at start-up and by `doctor`; here it would cost an INFO per queue.
    skipVersionCheck: true,
    // Without this, looking at a queue that was removed would write its `meta` key again.
    skipMetasUpdate: true,
  });
}

/** The counts of one queue, in one call to Redis. */
export async function countsOf(queue: WakeQueue): Promise<LaneCounts> {
  const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'completed', 'failed');
  const of = (state: string): number => counts[state] ?? 0;
  return {
    // A stalled job comes back to `wait`; every other one waits in `prioritized`.
    waiting: of('wait') + of('prioritized'),
    active: of('active'),
    delayed: of('delayed'),
    completed: of('completed'),
    failed: of('failed'),
  };
}
