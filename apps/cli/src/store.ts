// The store of an installation: a Redis that answers, and the connections that are kept in it.
import type { Redis } from 'ioredis';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import type { Connections } from '@fresh-scim/connections';
import { connectRedis } from '@fresh-scim/runtime';
import { redisUnreachable } from './failure.ts';

/** Disconnect `redis` at the end. */
export interface Store {
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly connections: Connections;
}

/** @throws {CliError} redis-unreachable; {ConnectionError} invalid-secret */
export async function openStore(
  redisUrl: string,
  secret: string | Uint8Array,
  allowAnyUpstream: boolean,
): Promise<Store> {
  const redis = connectRedis(redisUrl, 'commands');
  try {
    await redis.ping().catch(() => {
      throw redisUnreachable(); // The error's own text may hold the address with its password.
    });
    return {
      redis,
      redisUrl,
      connections: openConnections(redis, parseSecret(secret), { allowAnyUpstream }),
    };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
