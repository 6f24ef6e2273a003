/** Looks whether the data of an account can be understood, without waiting for a commit to find it out. */
import type { Redis } from 'ioredis';
import { accountPrefix, LAYOUT_VERSION, type Scope } from './scope.ts';
import { guarded, LayoutMismatch } from './unavailable.ts';

/**
 * Changes nothing; an account for which nothing has been stored yet is understood.
 * @throws {LayoutMismatch} when another version wrote the data; {DirectoryUnavailable}
 */
export async function verifyLayout(redis: Redis, scope: Scope): Promise<void> {
  const found = await guarded(() => redis.get(`${accountPrefix(scope)}layoutVersion`));
  if (found !== null && found !== LAYOUT_VERSION) throw new LayoutMismatch(found, LAYOUT_VERSION);
}
