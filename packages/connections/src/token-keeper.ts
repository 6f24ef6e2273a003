// Issues, rotates and revokes the inbound tokens of a connection. Never asked on the way of a request.
import { ConnectionError } from './errors.ts';
import type { ConnectionStore, Stored } from './store.ts';
import { hashToken, mintToken } from './tokens.ts';
import type { TokenRecord } from './tokens.ts';

const TOKENS_MAX = 10;
/** Far more than the processes that may write a token's last use, each of which does so once a minute. */
const EXPIRE_TRIES_MAX = 50;

/** What the keeper needs of the store. */
export type TokenStore = Pick<
  ConnectionStore,
  'loadTokens' | 'loadToken' | 'addToken' | 'replaceToken' | 'deleteTokens'
>;

/** A live token, told apart by the first 8 hex digits of its SHA-256. Times in epoch milliseconds. */
export interface TokenSummary {
  readonly id: string;
  readonly createdAt: number;
  /** At most a minute behind; undefined if it was never used. */
  readonly lastUsedAt: number | undefined;
  /** Undefined if it does not expire. */
  readonly expiresAt: number | undefined;
}

export interface TokenKeeper {
  issue(connectionId: string): Promise<string>;
  /**
   * Issues a token and lets the ones before it expire `oldValidMs` from now; one that expires sooner keeps its time.
   * @throws {ConnectionError} too-many-tokens; changed-meanwhile when an old one stays valid all the same.
   */
  rotate(connectionId: string, oldValidMs: number): Promise<string>;
  summaries(connectionId: string): Promise<TokenSummary[]>;
  revokeAll(connectionId: string): Promise<void>;
}

export function createTokenKeeper(store: TokenStore, now: () => number): TokenKeeper {
  async function tokensOf(connectionId: string): Promise<Stored<TokenRecord>[]> {
    const all = await store.loadTokens();
    return all.filter((stored) => stored.value.connectionId === connectionId);
  }

  async function issue(connectionId: string): Promise<string> {
    const token = mintToken();
    await store.addToken({ connectionId, sha256: hashToken(token), createdAt: now() });
    return token;
  }

  async function expire(read: Stored<TokenRecord>, expiresAt: number): Promise<void> {
    let stored: Stored<TokenRecord> | undefined = read;
    for (let tries = 0; stored !== undefined; tries += 1) {
      if (tries === EXPIRE_TRIES_MAX) throw stillValid();
      if ((stored.value.expiresAt ?? Number.POSITIVE_INFINITY) <= expiresAt) return;
      if (await store.replaceToken(stored, { ...stored.value, expiresAt })) return;
      // Its last use was written meanwhile, or it was revoked.
      stored = await store.loadToken(read.value.sha256);
    }
  }

  return {
    issue,
    async rotate(connectionId, oldValidMs) {
      const tokens = await tokensOf(connectionId);
      const dead = tokens.filter((stored) => isExpired(stored.value, now()) || oldValidMs <= 0);
      const old = tokens.filter((stored) => !dead.includes(stored));
      if (old.length >= TOKENS_MAX) throw tooManyTokens();
      const token = await issue(connectionId);
      for (const stored of old) await expire(stored, now() + oldValidMs);
      await store.deleteTokens(dead.map((stored) => stored.value.sha256));
      return token;
    },
    async summaries(connectionId) {
      return (await tokensOf(connectionId))
        .map((stored) => stored.value)
        .filter((token) => !isExpired(token, now()))
        .toSorted((a, b) => a.createdAt - b.createdAt)
        .map(({ sha256, createdAt, lastUsedAt, expiresAt }) => ({
          id: sha256.slice(0, 8),
          createdAt,
          lastUsedAt,
          expiresAt,
        }));
    },
    async revokeAll(connectionId) {
      await store.deleteTokens((await tokensOf(connectionId)).map((stored) => stored.value.sha256));
    },
  };
}

function isExpired(token: TokenRecord, now: number): boolean {
  return token.expiresAt !== undefined && token.expiresAt <= now;
}

function stillValid(): ConnectionError {
  return new ConnectionError(
    'changed-meanwhile',
    'An old token is used so often that it could not be told to expire: it is valid as before.',
    'Rotate again, or revoke the old ones at once.',
  );
}

function tooManyTokens(): ConnectionError {
  return new ConnectionError(
    'too-many-tokens',
    `The connection has ${TOKENS_MAX} live tokens already.`,
    'Rotate once more and revoke the old ones at once, or wait until they expire.',
  );
}
