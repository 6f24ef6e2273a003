// The state of one simulated account: people, the search copy of them, API keys, and the state file. It keeps what it
// is told; rules of the API live in the routes.
import { toTimestamp } from '../clock.ts';
import { Journal } from './journal.ts';
import { ownerDraft, peopleDrafts, sampleDrafts, type UserDraft } from './seed.ts';
import { SearchIndex } from './search-index.ts';
import { blankUser, type User } from './user.ts';
import { UserTable } from './user-table.ts';

/** Above 32 bits, as real ids are, so that a client that cuts them fails. Also the id of the key's owner. */
const FIRST_ID = 21_000_000_001;
const KEYS_MAX = 100;

/** What a key may do. Without a permission its calls are answered 403. */
export const PERMISSIONS = [
  'requesters.view',
  'requesters.create',
  'requesters.edit',
  'requesters.delete',
  'requesters.manage',
  'agents.manage',
  'roles.view',
  'fields.view',
  'departments.view',
  'locations.view',
] as const;

/** One permission of a key. */
export type Permission = (typeof PERMISSIONS)[number];

/** Whom a key belongs to and what it may do. */
export interface ApiKey {
  readonly agentId: number;
  readonly permissions: ReadonlySet<Permission>;
}

/** How an account starts. */
export interface AccountOptions {
  readonly domain: string;
  readonly apiKey: string;
  readonly samples: boolean;
  readonly stateFile?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long a change takes to reach the search index. */
  readonly indexLagMs: () => number;
}

/** A simulated account. */
export class Account {
  readonly #options: AccountOptions;
  readonly #journal: Journal | undefined;
  readonly #keys = new Map<string, ApiKey>();
  #users = new UserTable();
  #search = new SearchIndex();
  #nextId = FIRST_ID;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#journal = options.stateFile === undefined ? undefined : new Journal(options.stateFile);
    const saved = this.#journal?.load();
    // Without people the account was killed before it was set up.
    if (saved === undefined || saved.users.length === 0) {
      this.reset();
      return;
    }
    this.#addOwnerKey();
    for (const user of saved.users) this.#place(user, 0);
    this.#nextId = Math.max(FIRST_ID, saved.nextId);
    this.#journal?.rewrite(saved);
  }

  get domain(): string {
    return this.#options.domain;
  }

  get users(): UserTable {
    return this.#users;
  }

  /** Back to the people that a new account has, and to its first key. */
  reset(): void {
    this.#users = new UserTable();
    this.#search = new SearchIndex();
    this.#nextId = FIRST_ID;
    this.#keys.clear();
    this.#addOwnerKey();
    this.#journal?.rewrite({ nextId: FIRST_ID, users: [] });
    this.create(ownerDraft(this.#options.domain), 0);
    if (this.#options.samples) for (const draft of sampleDrafts()) this.create(draft, 0);
  }

  /** Adds `count` requesters who are found by search at once. */
  seed(options: { count: number; seed: number }): { firstId: number; lastId: number } {
    const firstId = this.#nextId;
    for (const draft of peopleDrafts({ ...options, from: firstId - FIRST_ID })) this.create(draft, 0);
    return { firstId, lastId: this.#nextId - 1 };
  }

  /** Adds a person. */
  create(draft: UserDraft, lagMs = this.#options.indexLagMs()): User {
    const at = toTimestamp(this.#options.now());
    const identity = { id: this.#nextId, isAgent: draft.is_agent === true, at };
    const user = { ...blankUser(identity), ...draft };
    this.#nextId += 1;
    this.#record(user, lagMs);
    return user;
  }

  /**
   * Stores a new version of a person. One that says the same is not stored, and keeps its `updated_at`.
   * @returns what is stored now
   */
  save(next: User): { user: User; isChanged: boolean } {
    const previous = this.#users.get(next.id);
    if (previous !== undefined && JSON.stringify(previous) === JSON.stringify(next)) {
      return { user: previous, isChanged: false };
    }
    const user = { ...next, updated_at: toTimestamp(this.#options.now()) };
    this.#record(user, this.#options.indexLagMs());
    return { user, isChanged: true };
  }

  /** Removes a person for good. */
  forget(id: number): void {
    this.#journal?.forgot(id);
    this.#users.remove(id);
    const now = this.#options.now();
    this.#search.note(id, undefined, now + this.#options.indexLagMs(), now);
  }

  /** What `?query=` can see now. */
  searchable(): Iterable<User> {
    return this.#search.visible(this.#options.now());
  }

  /**
   * Adds a key, or changes what it may do. `agentId` absent: the account's owner.
   * @throws {RangeError} when there are 100 keys already
   */
  setKey(key: string, permissions: readonly Permission[], agentId = FIRST_ID): void {
    if (!this.#keys.has(key) && this.#keys.size >= KEYS_MAX) throw new RangeError(`at most ${KEYS_MAX} keys`);
    this.#keys.set(key, { agentId, permissions: new Set(permissions) });
  }

  /** The key, if its agent is still an active one. */
  findKey(key: string): ApiKey | undefined {
    const found = this.#keys.get(key);
    const agent = found === undefined ? undefined : this.#users.get(found.agentId);
    return agent?.is_agent === true && agent.active ? found : undefined;
  }

  /** Closes the state file. */
  close(): void {
    this.#journal?.close();
  }

  #addOwnerKey(): void {
    this.setKey(this.#options.apiKey, PERMISSIONS);
  }

  #record(user: User, lagMs: number): void {
    this.#journal?.saved(user);
    this.#place(user, lagMs);
    if (this.#journal?.isLong(this.#users.size('everyone')) !== true) return;
    this.#journal.rewrite({ nextId: this.#nextId, users: this.#users.all('everyone') });
  }

  #place(user: User, lagMs: number): void {
    const now = this.#options.now();
    this.#users.put(user);
    this.#search.note(user.id, user, now + lagMs, now);
  }
}
