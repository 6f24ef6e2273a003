/** What ends: settled tombstones after their time, and everything of a connection that is removed. */

import type { Redis } from 'ioredis';
import { endLeftMemberships } from './memberships.ts';
import { accountPrefix, connectionPrefix, type Scope } from './scope.ts';
import { runScript } from './scripts.ts';
import { guarded } from './unavailable.ts';

const SLICE = 500;

/**
 * Forgets a slice of the tombstones that were settled longer ago than `keepMs`, and ends a bounded part of the
 * memberships that a delete has left. @returns how many tombstones were forgotten.
 */
export async function purge(redis: Redis, scope: Scope, keepMs: number): Promise<number> {
  await endLeftMemberships(redis, scope);
  return Number(await runScript(redis, 'purge', scope, [keepMs, SLICE]));
}

/** Deletes every key of the connection and its ownerships; nothing in Freshservice is touched. Safe to repeat. */
export async function eraseConnection(redis: Redis, scope: Scope): Promise<void> {
  await guarded(async () => {
    const owners = `${accountPrefix(scope)}owners`;
    let cursor = '0';
    do {
      const [next, flat] = await redis.hscan(owners, cursor, 'COUNT', SLICE);
      const mine: string[] = [];
      for (let index = 0; index < flat.length; index += 2) {
        if (flat[index + 1]?.startsWith(`${scope.connectionId}/`)) mine.push(flat[index] ?? '');
      }
      if (mine.length > 0) await redis.hdel(owners, ...mine);
      cursor = next;
    } while (cursor !== '0');

    const pattern = `${connectionPrefix(scope).replace(/[*?[\]\\]/g, '\\$&')}*`;
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SLICE);
      if (keys.length > 0) await redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
  });
}
