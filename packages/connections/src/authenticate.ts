// From a bearer token to its connection, for every request of Entra. A token that was seen in the last 5 s costs no
// trip to Redis: so a revoked or expired-by-rotation token works for at most 5 s more in other processes. Last use is
// written beside the request, at most once a minute.
import type { Connection } from './record.ts';
import type { ConnectionStore, Stored } from './store.ts';
import { admitsToken, hashToken, isTokenShaped } from './tokens.ts';
import type { TokenRecord } from './tokens.ts';
import { createTtlCache } from './ttl-cache.ts';

const TOKEN_TTL_MS = 5_000;
const TOKENS_CACHED_MAX = 1_000;
const LAST_USE_EVERY_MS = 60_000;

export interface Authenticator {
  authenticate(token: string): Promise<Connection | undefined>;
  /** Forgets what was cached, after a change made by this process. */
  clear(): void;
}

export function createAuthenticator(options: {
  readonly store: ConnectionStore;
  readonly connectionById: (id: string) => Promise<Connection | undefined>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}): Authenticator {
  const { store, connectionById, now, onError } = options;
  const tokens = createTtlCache<TokenRecord>({ ttlMs: TOKEN_TTL_MS, entriesMax: TOKENS_CACHED_MAX, now });

  async function recordUse(stored: Stored<TokenRecord>): Promise<void> {
    // A refused replacement means that another process was first, or that the token is gone: both are fine.
    await store.replaceToken(stored, { ...stored.value, lastUsedAt: now() });
  }

  async function loadToken(hash: string): Promise<TokenRecord | undefined> {
    const stored = await store.loadToken(hash);
    if (stored === undefined || !admitsToken(stored.value, hash, now())) return undefined;
    if (now() - (stored.value.lastUsedAt ?? 0) >= LAST_USE_EVERY_MS) recordUse(stored).catch(onError);
    return stored.value;
  }

  return {
    async authenticate(token) {
      if (!isTokenShaped(token)) return undefined;
      const hash = hashToken(token);
      const record = await tokens.get(hash, () => loadToken(hash));
      if (record === undefined || !admitsToken(record, hash, now())) return undefined;
      return connectionById(record.connectionId);
    },
    clear() {
      tokens.clear();
    },
  };
}
