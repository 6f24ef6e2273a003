// Finds connections and changes them. Every change is compare and set on the whole record, so parallel changes never
// lose one another; a list of up to 2 s of age serves the loops that ask all the time.
import { ConnectionError } from './errors.ts';
import { toNameKey } from './input.ts';
import { toConnection } from './record.ts';
import type { Connection, ConnectionRecord } from './record.ts';
import { secretMismatch } from './sealing.ts';
import type { Secret } from './secret.ts';
import type { ConnectionStore, Stored } from './store.ts';
import { createTtlCache } from './ttl-cache.ts';

const CHANGE_TRIES_MAX = 10;
const LIST_TTL_MS = 2_000;
/**
 * After that every process works with a changed connection: it may have loaded the list just before, and may keep what
 * it has made of it for another 2 s. The rest is for a slow machine.
 */
export const CHANGE_NOTICED_MS = 6_000;

export interface Registry {
  /** Oldest first, by id. */
  loadAll(): Promise<ReadonlyMap<string, Connection>>;
  loadAllCached(): Promise<ReadonlyMap<string, Connection>>;
  /** From the cached list if it is there. */
  loadById(id: string): Promise<Connection | undefined>;
  find(idOrName: string): Promise<ConnectionRecord | undefined>;
  /** @throws {ConnectionError} unknown-connection */
  need(idOrName: string): Promise<ConnectionRecord>;
  /** Writes what `edit` makes of the newest record; the same reference means that there is nothing to write. */
  change(idOrName: string, edit: (record: ConnectionRecord) => ConnectionRecord): Promise<Connection>;
  /** @throws {ConnectionError} secret-mismatch */
  demandOurSecret(record: ConnectionRecord): void;
  clearCache(): void;
}

export function createRegistry(store: ConnectionStore, secret: Secret, now: () => number): Registry {
  const cache = createTtlCache<ReadonlyMap<string, Connection>>({ ttlMs: LIST_TTL_MS, entriesMax: 1, now });

  async function loadAll(): Promise<ReadonlyMap<string, Connection>> {
    const records = await store.loadRecords();
    const oldestFirst = records
      .map((stored) => toConnection(stored.value))
      .toSorted((a, b) => a.createdAt - b.createdAt);
    return new Map(oldestFirst.map((connection) => [connection.id, connection]));
  }

  async function loadAllCached(): Promise<ReadonlyMap<string, Connection>> {
    return (await cache.get('list', () => loadAll())) ?? new Map<string, Connection>();
  }

  async function findStored(idOrName: string): Promise<Stored<ConnectionRecord> | undefined> {
    const byId = await store.loadRecord(idOrName);
    if (byId !== undefined) return byId;
    const nameKey = toNameKey(idOrName);
    return (await store.loadRecords()).find((stored) => stored.value.nameKey === nameKey);
  }

  async function needStored(idOrName: string): Promise<Stored<ConnectionRecord>> {
    const found = await findStored(idOrName);
    if (found !== undefined) return found;
    throw new ConnectionError(
      'unknown-connection',
      'There is no connection of that id or name.',
      'See the names with: fresh-scim connection list',
    );
  }

  function demandOurSecret(record: ConnectionRecord): void {
    const stored = record.sealed.secret;
    if (stored !== secret.fingerprint) throw secretMismatch(stored, secret.fingerprint);
  }

  return {
    loadAll,
    loadAllCached,
    async loadById(id) {
      const cached = (await loadAllCached()).get(id);
      if (cached !== undefined) return cached;
      const stored = await store.loadRecord(id);
      return stored === undefined ? undefined : toConnection(stored.value);
    },
    find: async (idOrName) => (await findStored(idOrName))?.value,
    need: async (idOrName) => (await needStored(idOrName)).value,
    async change(idOrName, edit) {
      for (let tries = 0; tries < CHANGE_TRIES_MAX; tries += 1) {
        const stored = await needStored(idOrName);
        demandOurSecret(stored.value);
        const next = edit(stored.value);
        if (next === stored.value || (await store.replaceRecord(stored, next))) {
          cache.clear();
          return toConnection(next);
        }
      }
      throw new ConnectionError(
        'changed-meanwhile',
        'The connection was being changed by others all the time; this change was not made.',
        'Try again.',
      );
    },
    demandOurSecret,
    clearCache() {
      cache.clear();
    },
  };
}
