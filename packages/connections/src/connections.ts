// Who may call, and where it goes: the list of connections, their tokens, their sealed API keys and their settings.
// A record is changed by compare and set, so parallel changes never lose one another. A token is written before its
// connection: a token without a connection opens nothing.
import type { Redis } from 'ioredis';
import { createAuthenticator } from './authenticate.ts';
import { ConnectionError } from './errors.ts';
import { parseApiKey } from './input.ts';
import { createRecord } from './new-connection.ts';
import type { NewConnection } from './new-connection.ts';
import { toConnection } from './record.ts';
import type { Connection, ConnectionRecord } from './record.ts';
import { createRegistry } from './registry.ts';
import { seal, secretMismatch, unseal } from './sealing.ts';
import type { Secret } from './secret.ts';
import { parseSettings } from './settings.ts';
import { openStore } from './store.ts';
import { createTokenKeeper } from './token-keeper.ts';
import type { TokenSummary } from './token-keeper.ts';

const CONNECTIONS_MAX = 1_000;
const REASON_CHARACTERS_MAX = 300;
const OLD_TOKENS_VALID_MS = 24 * 3_600_000;

/**
 * The connections of an installation. Where a method takes `idOrName`, a name is found without case. All methods
 * throw {ConnectionError} store-unavailable when Redis cannot answer, and unknown-connection where one must exist.
 */
export interface Connections {
  /**
   * Stores a connection and its first token, which is shown this once.
   * @throws {ConnectionError} invalid-name, name-taken, invalid-domain, invalid-base-url, invalid-api-key,
   *   invalid-plan, invalid-minute, secret-mismatch, too-many-connections; {SettingsError}
   */
  add(input: NewConnection): Promise<{ connection: Connection; token: string }>;
  /** All connections as they are now, oldest first. */
  list(): Promise<readonly Connection[]>;
  /** The same, at most 2 s old: for loops that ask all the time. Changes of this process are seen at once. */
  listCached(): Promise<readonly Connection[]>;
  get(idOrName: string): Promise<Connection | undefined>;
  /** The connection of a bearer token; undefined if the token is malformed, unknown, expired or revoked (up to 5 s late). */
  authenticate(token: string): Promise<Connection | undefined>;
  /** @throws {ConnectionError} secret-mismatch, seal-broken */
  apiKey(idOrName: string): Promise<string>;
  /** Changes several settings, all or nothing. @throws {SettingsError} */
  set(idOrName: string, changes: Readonly<Record<string, string>>): Promise<Connection>;
  setKey(idOrName: string, apiKey: string): Promise<Connection>;
  setPaused(idOrName: string, paused: boolean): Promise<Connection>;
  /** Marks that Freshservice refuses our key. Stopping again keeps the time of the first stop. */
  stop(idOrName: string, reason: string): Promise<Connection>;
  /** Takes the mark of {@link stop} away; does nothing if there is none. Does not touch `paused`. */
  resume(idOrName: string): Promise<Connection>;
  /**
   * Issues a further token, shown this once. The tokens before it stay valid for `oldValidMs` (default 24 h, 0 revokes
   * them), so that Entra can be changed without a gap.
   * @throws {ConnectionError} too-many-tokens at 10 live ones
   */
  rotateToken(
    idOrName: string,
    options?: { readonly oldValidMs?: number },
  ): Promise<{ connection: Connection; token: string }>;
  /** The live tokens of a connection, oldest first; never a token itself. */
  tokens(idOrName: string): Promise<readonly TokenSummary[]>;
  /**
   * Removes the connection and its tokens; its desired state and its queues belong to others. Works also under another
   * secret, which is the way out when the secret is lost.
   */
  remove(idOrName: string): Promise<Connection>;
  /** Checks that the store is sealed under our secret. @throws {ConnectionError} secret-mismatch */
  verifySecret(): Promise<void>;
}

/** How {@link openConnections} behaves. */
export interface ConnectionsOptions {
  /** Start of the Redis keys. @default 'fresh-scim' */
  readonly keyPrefix?: string;
  /** Allow upstreams other than https://*.freshservice.com, base URLs and short minutes: simulators. @default false */
  readonly allowAnyUpstream?: boolean;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Told when the last use of a token could not be written; it is tried again by itself. */
  readonly onError?: (error: unknown) => void;
}

/** Opens the connections over a Redis that stays the caller's to close. Starts nothing that would have to be stopped. */
export function openConnections(redis: Redis, secret: Secret, options: ConnectionsOptions = {}): Connections {
  const { keyPrefix = 'fresh-scim', allowAnyUpstream = false, now = Date.now } = options;
  const store = openStore(redis, keyPrefix);
  const registry = createRegistry(store, secret, now);
  const keeper = createTokenKeeper(store, now);
  const authenticator = createAuthenticator({
    store,
    connectionById: (id) => registry.loadById(id),
    now,
    onError: options.onError ?? (() => undefined),
  });

  function forgetCaches(): void {
    registry.clearCache();
    authenticator.clear();
  }

  return {
    async add(input) {
      const record = createRecord(input, secret, { allowAnyUpstream, createdAt: now() });
      const token = await keeper.issue(record.id);
      const outcome = await store.addRecord(record, CONNECTIONS_MAX);
      if (outcome.kind !== 'added') {
        await keeper.revokeAll(record.id);
        throw outcome.kind === 'other-secret'
          ? secretMismatch(outcome.fingerprint, secret.fingerprint)
          : refusedToAdd(outcome.kind, record.name);
      }
      forgetCaches();
      return { connection: toConnection(record), token };
    },
    list: async () => [...(await registry.loadAll()).values()],
    listCached: async () => [...(await registry.loadAllCached()).values()],
    async get(idOrName) {
      const record = await registry.find(idOrName);
      return record === undefined ? undefined : toConnection(record);
    },
    authenticate: (token) => authenticator.authenticate(token),
    async apiKey(idOrName) {
      const { id, baseUrl, sealed } = await registry.need(idOrName);
      return unseal(secret, { connectionId: id, baseUrl }, sealed);
    },
    async set(idOrName, changes) {
      parseSettings(changes);
      return registry.change(idOrName, (record) => ({
        ...record,
        settings: { ...record.settings, ...changes },
      }));
    },
    async setKey(idOrName, apiKey) {
      const checked = parseApiKey(apiKey);
      return registry.change(idOrName, (record) => ({
        ...record,
        sealed: seal(secret, { connectionId: record.id, baseUrl: record.baseUrl }, checked),
      }));
    },
    setPaused: (idOrName, paused) =>
      registry.change(idOrName, (record) => (record.paused === paused ? record : { ...record, paused })),
    stop: (idOrName, reason) => registry.change(idOrName, (record) => withStop(record, reason, now())),
    resume: (idOrName) => registry.change(idOrName, withoutStop),
    async rotateToken(idOrName, { oldValidMs = OLD_TOKENS_VALID_MS } = {}) {
      const record = await registry.need(idOrName);
      registry.demandOurSecret(record);
      const token = await keeper.rotate(record.id, oldValidMs);
      forgetCaches();
      return { connection: toConnection(record), token };
    },
    async tokens(idOrName) {
      return keeper.summaries((await registry.need(idOrName)).id);
    },
    async remove(idOrName) {
      const record = await registry.need(idOrName);
      await store.deleteRecord(record.id);
      await keeper.revokeAll(record.id);
      forgetCaches();
      return toConnection(record);
    },
    async verifySecret() {
      for (const stored of await store.loadRecords()) registry.demandOurSecret(stored.value);
    },
  };
}

function withStop(record: ConnectionRecord, text: string, now: number): ConnectionRecord {
  const reason = text.slice(0, REASON_CHARACTERS_MAX);
  if (record.stopped?.reason === reason) return record;
  return { ...record, stopped: { reason, at: record.stopped?.at ?? now } };
}

function withoutStop(record: ConnectionRecord): ConnectionRecord {
  if (record.stopped === undefined) return record;
  const running = { ...record };
  delete running.stopped;
  return running;
}

function refusedToAdd(kind: 'name-taken' | 'id-taken' | 'too-many', name: string): ConnectionError {
  switch (kind) {
    case 'name-taken':
      return new ConnectionError(
        'name-taken',
        `There is a connection named "${name}" already.`,
        'Choose another name, or remove that connection first.',
      );
    case 'too-many':
      return new ConnectionError(
        'too-many-connections',
        `There are ${CONNECTIONS_MAX} connections already, the most that one installation holds.`,
        'Remove a connection that is not needed, or run a second installation.',
      );
    case 'id-taken':
      return new ConnectionError('changed-meanwhile', 'The new id was taken already.', 'Try again.');
    default:
      return kind satisfies never;
  }
}
