// The commands of this package on Redis, each on a single key. Whatever Redis refuses or cannot answer becomes one
// error, store-unavailable, so that a caller never mistakes it for "there is no such connection".
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { ConnectionError } from './errors.ts';
import { connectionKeys } from './keys.ts';
import { parseRecord } from './record.ts';
import type { ConnectionRecord } from './record.ts';
import { parseTokenRecord } from './tokens.ts';
import type { TokenRecord } from './tokens.ts';

/** A value with the text that it was read from, which a later replacement compares with. */
export interface Stored<T> {
  readonly value: T;
  readonly text: string;
}

export type AddOutcome =
  | { readonly kind: 'added' | 'name-taken' | 'id-taken' | 'too-many' }
  | { readonly kind: 'other-secret'; readonly fingerprint: string };

export interface ConnectionStore {
  loadRecords(): Promise<Stored<ConnectionRecord>[]>;
  loadRecord(id: string): Promise<Stored<ConnectionRecord> | undefined>;
  addRecord(record: ConnectionRecord, connectionsMax: number): Promise<AddOutcome>;
  /** False when the record has changed, or is gone, since it was read. */
  replaceRecord(read: Stored<ConnectionRecord>, next: ConnectionRecord): Promise<boolean>;
  /** False when there was none. */
  deleteRecord(id: string): Promise<boolean>;
  loadTokens(): Promise<Stored<TokenRecord>[]>;
  loadToken(hash: string): Promise<Stored<TokenRecord> | undefined>;
  addToken(token: TokenRecord): Promise<void>;
  /** False when the token has changed, or is gone, since it was read. */
  replaceToken(read: Stored<TokenRecord>, next: TokenRecord): Promise<boolean>;
  deleteTokens(hashes: readonly string[]): Promise<void>;
}

const ADD_CONNECTION = readFileSync(new URL('lua/add-connection.lua', import.meta.url), 'utf8');
const REPLACE_FIELD = readFileSync(new URL('lua/replace-field.lua', import.meta.url), 'utf8');

const addReply = z.union([
  z.tuple([z.enum(['added', 'name-taken', 'id-taken', 'too-many'])]),
  z.tuple([z.literal('other-secret'), z.string()]),
]);

export function openStore(redis: Redis, keyPrefix: string): ConnectionStore {
  const keys = connectionKeys(keyPrefix);

  async function replaceField(key: string, field: string, read: string, next: string): Promise<boolean> {
    return (await reach(redis.eval(REPLACE_FIELD, 1, key, field, read, next))) === 1;
  }

  return {
    async loadRecords() {
      const fields = await reach(redis.hgetall(keys.connections));
      return Object.entries(fields).map(([id, text]) => ({ value: parseRecord(id, text), text }));
    },
    async loadRecord(id) {
      const text = await reach(redis.hget(keys.connections, id));
      return text === null ? undefined : { value: parseRecord(id, text), text };
    },
    async addRecord(record, connectionsMax) {
      const { id, nameKey, sealed } = record;
      const text = JSON.stringify(record);
      const reply = addReply.parse(
        await reach(
          redis.eval(ADD_CONNECTION, 1, keys.connections, id, text, nameKey, sealed.secret, connectionsMax),
        ),
      );
      return reply[0] === 'other-secret' ? { kind: reply[0], fingerprint: reply[1] } : { kind: reply[0] };
    },
    replaceRecord: (read, next) => replaceField(keys.connections, next.id, read.text, JSON.stringify(next)),
    async deleteRecord(id) {
      return (await reach(redis.hdel(keys.connections, id))) === 1;
    },
    async loadTokens() {
      const fields = await reach(redis.hgetall(keys.tokens));
      return Object.values(fields).map((text) => ({ value: parseTokenRecord(text), text }));
    },
    async loadToken(hash) {
      const text = await reach(redis.hget(keys.tokens, hash));
      return text === null ? undefined : { value: parseTokenRecord(text), text };
    },
    async addToken(token) {
      await reach(redis.hset(keys.tokens, token.sha256, JSON.stringify(token)));
    },
    replaceToken: (read, next) => replaceField(keys.tokens, next.sha256, read.text, JSON.stringify(next)),
    async deleteTokens(hashes) {
      if (hashes.length > 0) await reach(redis.hdel(keys.tokens, ...hashes));
    },
  };
}

async function reach<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (cause) {
    throw new ConnectionError(
      'store-unavailable',
      'Redis did not answer, or refused the command.',
      'Check that Redis runs, is reachable at REDIS_URL and accepts writes; then try again.',
      cause,
    );
  }
}
