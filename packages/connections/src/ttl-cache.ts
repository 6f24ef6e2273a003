// A bounded cache of loads: one load at a time per key, the least recently used entry goes first, and what could not
// be loaded or was not found is not kept. Its time to live is how long a change made by another process stays unseen.

interface Entry<V> {
  readonly loadedAt: number;
  readonly value: Promise<V | undefined>;
}

export interface TtlCache<V> {
  /** The value of a key, loaded unless a load began less than the time to live ago. A failed load is not kept. */
  get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined>;
  clear(): void;
}

/** `ttlMs` in milliseconds of `now`; `entriesMax` bounds the memory. */
export function createTtlCache<V>(options: {
  readonly ttlMs: number;
  readonly entriesMax: number;
  readonly now: () => number;
}): TtlCache<V> {
  const entries = new Map<string, Entry<V>>();

  function evictOldest(): void {
    for (const key of entries.keys()) {
      if (entries.size <= options.entriesMax) return;
      entries.delete(key);
    }
  }

  async function loadInto(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const entry: Entry<V> = { loadedAt: options.now(), value: load() };
    entries.set(key, entry);
    evictOldest();
    const forget = (): void => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    try {
      const value = await entry.value;
      if (value === undefined) forget();
      return value;
    } catch (error) {
      forget();
      throw error;
    }
  }

  return {
    get(key, load) {
      const entry = entries.get(key);
      entries.delete(key);
      if (entry === undefined || options.now() - entry.loadedAt >= options.ttlMs) return loadInto(key, load);
      // Set again, so that the map's order is the order of use.
      entries.set(key, entry);
      return entry.value;
    },
    clear() {
      entries.clear();
    },
  };
}
