/** Looks whether the data of accounts can be understood, before a script refuses to touch it. */
import type { Redis } from 'ioredis';
import { accountPrefix, LAYOUT_VERSION, type Scope } from './scope.ts';
import { guarded, LayoutMismatch } from './unavailable.ts';

/**
 * Changes nothing; an account for which nothing has been stored yet is understood.
 * @throws {LayoutMismatch} when another version wrote the data; {DirectoryUnavailable}
 */
export async function verifyLayout(redis: Redis, account: Pick<Scope, 'accountId'>): Promise<void> {
  const found = await guarded(() => redis.get(`${accountPrefix(account)}layoutVersion`));
  if (found !== null && found !== LAYOUT_VERSION) throw new LayoutMismatch(found, LAYOUT_VERSION);
}

/**
 * What makes a process of this version unfit for these connections, in words for /readyz: an older one must answer no
 * reads from a newer store. Each problem is told once; none when all is well.
 * @throws {DirectoryUnavailable}
 */
export async function layoutProblems(
  redis: Redis,
  connections: readonly Pick<Scope, 'accountId'>[],
): Promise<string[]> {
  const accountIds = new Set(connections.map(({ accountId }) => accountId));
  const problems = await Promise.all(
    [...accountIds].map((accountId) =>
      verifyLayout(redis, { accountId }).then(
        () => [],
        (error: unknown) => {
          if (error instanceof LayoutMismatch) return [error.message];
          throw error;
        },
      ),
    ),
  );
  return [...new Set(problems.flat())];
}
