/**
 * Imports in the background of a worker: begins those that are due again, and goes on with those that were asked for,
 * one at a time in this process. Another process takes over where this one ends.
 */
import type { Connection } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import { importAccounts, type World } from '@fresh-scim/reconciler';
import type { Logger } from '@fresh-scim/runtime';
import type { Redis } from 'ioredis';

const HOUR_MS = 3_600_000;

export interface ImportsOptions {
  readonly redis: Redis;
  readonly logger: Logger;
  readonly worldOf: (connectionId: string) => Promise<World | undefined>;
}

export interface Imports {
  /** A look at one connection; does not wait for the import. */
  look(connection: Connection): Promise<void>;
  /** Ends after the page at hand. */
  close(): Promise<void>;
}

export function createImports({ redis, logger, worldOf }: ImportsOptions): Imports {
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  /** Passed over once, so that an import that cannot go on does not keep the others waiting. */
  let last: string | undefined;

  async function run(connectionId: string): Promise<void> {
    const world = await worldOf(connectionId);
    if (!world) return;
    const end = await importAccounts(world, { signal: stop.signal });
    if (end === 'elsewhere') return;
    const { seen, why } = await world.directory.loadImport();
    const facts = { connection: connectionId, end, seen, ...(why === null ? {} : { why }) };
    if (end === 'failed') logger.error(facts, 'alert: the import of people failed');
    else logger.info(facts, 'the import of people has paused or ended');
  }

  return {
    async look({ accountId, id, settings }) {
      if (running || stop.signal.aborted) return;
      const directory = openDirectory(redis, { accountId, connectionId: id });
      const { state, startedAt } = await directory.loadImport();
      // Who has cancelled it does not want it again by itself.
      const isRepeated = state === 'done' || state === 'failed';
      const isDue = isRepeated && Date.now() - (startedAt ?? 0) > settings.snapshotMaxAgeHours * HOUR_MS;
      if (isDue) await directory.startImport();
      if (state !== 'running' && !isDue) return;
      if (last === id) {
        last = undefined;
        return;
      }
      last = id;
      running = run(id)
        .catch((error: unknown) => logger.warn({ err: error }, 'an import goes on later'))
        .finally(() => {
          running = undefined;
        });
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}
