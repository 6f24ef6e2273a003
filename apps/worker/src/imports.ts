/**
 * Imports in the background of a worker: begins those that are due again, and goes on with those that were asked for, a
 * few at a time in this process and one at a time per connection. Another process takes over where this one ends.
 */
import type { Connection } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import { importAccounts, type World } from '@fresh-scim/reconciler';
import type { Logger } from '@fresh-scim/runtime';
import type { Redis } from 'ioredis';

const HOUR_MS = 3_600_000;
/** They wait for answers and for their own account's budget nearly all the time. */
const IMPORTS_MAX = 4;

export interface ImportsOptions {
  readonly redis: Redis;
  readonly logger: Logger;
  readonly worldOf: (connectionId: string) => Promise<World | undefined>;
  /** An import of this process has ended: those who waited for it are due. */
  readonly onEnd: () => void;
}

export interface Imports {
  /** A look at one connection; does not wait for the import. */
  look(connection: Connection): Promise<void>;
  /** Ends after the pages at hand. */
  close(): Promise<void>;
}

export function createImports({ redis, logger, worldOf, onEnd }: ImportsOptions): Imports {
  const stop = new AbortController();
  const running = new Map<string, Promise<void>>();
  /** Passed over once, so that imports that cannot go on do not keep the others waiting. */
  const resting = new Set<string>();

  async function run(connectionId: string): Promise<void> {
    const world = await worldOf(connectionId);
    if (!world) return;
    const end = await importAccounts(world, { signal: stop.signal });
    if (end === 'elsewhere') return;
    if (end !== 'interrupted') onEnd();
    const { seen, why } = await world.directory.loadImport();
    const facts = { connection: connectionId, end, seen, ...(why === null ? {} : { why }) };
    if (end === 'failed') logger.error(facts, 'alert: the import of people failed');
    else logger.info(facts, 'the import of people has paused or ended');
  }

  return {
    async look({ accountId, id, settings }) {
      if (stop.signal.aborted || running.has(id) || running.size >= IMPORTS_MAX || resting.delete(id)) return;
      const directory = openDirectory(redis, { accountId, connectionId: id });
      const { state, startedAt } = await directory.loadImport();
      // Who has cancelled it does not want it again by itself.
      const isRepeated = state === 'done' || state === 'failed';
      const isDue = isRepeated && Date.now() - (startedAt ?? 0) > settings.snapshotMaxAgeHours * HOUR_MS;
      if (isDue) await directory.startImport();
      if (state !== 'running' && !isDue) return;
      const work = run(id)
        .catch((error: unknown) => logger.warn({ err: error }, 'an import goes on later'))
        .finally(() => {
          running.delete(id);
          resting.add(id);
        });
      running.set(id, work);
    },
    async close() {
      stop.abort();
      await Promise.all(running.values());
    },
  };
}
