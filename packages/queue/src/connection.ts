/**
 * The Redis connections of this package. They wait for an outage to end instead of failing, because a worker must
 * outlive it; what may wait meanwhile is bounded by their users.
 */
import { Redis, type RedisOptions } from 'ioredis';

/**
 * Connects in the background. Whoever calls owns the connection and ends it with `end`.
 *
 * @param onError is told of each failed attempt to connect
 */
export function connect(options: RedisOptions, onError: (error: Error) => void): Redis {
  // BullMQ demands `maxRetriesPerRequest: null` of workers; `legacy` is ioredis' default, said for the type's sake.
  const redis = new Redis({ ...options, maxRetriesPerRequest: null, replyMapping: 'legacy' });
  redis.on('error', onError);
  return redis;
}

/**
 * Ends a connection, and refuses what still waits for it. ioredis' `disconnect()` alone does not while it waits to
 * reconnect: it drops the timer, and pending commands then wait for ever (ioredis 6.0.0).
 */
export function end(redis: Redis): void {
  redis.disconnect();
  if (redis.status !== 'reconnecting') return;
  // An attempt that is given up as soon as it has begun goes the whole way to the end.
  redis.connect().catch(() => undefined);
  redis.disconnect();
}
