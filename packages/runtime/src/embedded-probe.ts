/** One question to a Redis that may not be there. */
import { Redis } from 'ioredis';
import { infoFields, redisOptions } from './redis-connection.ts';

const CONNECT_WITHIN_MS = 1_000;
const ANSWER_WITHIN_MS = 2_000;

/** The process id of the server at this address and whether it is still loading; undefined when none of ours answers. */
export async function askRedis(url: string): Promise<{ pid: number; loading: boolean } | undefined> {
  const redis = new Redis({
    ...redisOptions(url),
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const info = infoFields(await redis.info());
    return { pid: Number(info.get('process_id')), loading: info.get('loading') !== '0' };
  } catch {
    // Whatever went wrong (no socket, wrong password, no answer): no server of ours answers here.
    return undefined;
  } finally {
    redis.disconnect();
  }
}
