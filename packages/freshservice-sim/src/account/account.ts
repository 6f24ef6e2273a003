// The state of one simulated account: people, departments, locations, custom fields, the search copies of them, API
// keys, and the state file. It keeps what it is told; rules of the API live in the routes.
import { toMillisecondTimestamp, toTimestamp } from '../clock.ts';
import { FIRST_DEPARTMENTS, FIRST_FIELDS, FIRST_LOCATIONS } from './catalog.ts';
import { blankCustomField, type CustomField } from './custom-field.ts';
import { blankDepartment, type Department } from './department.ts';
import { Journal } from './journal.ts';
import { blankLocation, type Location } from './location.ts';
import { RecordTable, type RecordTableOptions } from './record-table.ts';
import type { SavedState, Table } from './saved-state.ts';
import { ownerDraft, peopleDrafts, sampleDrafts, type UserDraft } from './seed.ts';
import { SearchIndex } from './search-index.ts';
import { blankUser, type User } from './user.ts';
import { type Duplicate, UserTable } from './user-table.ts';

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
  'departments.manage',
  'locations.view',
  'locations.manage',
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
  #search = new SearchIndex<User>();
  #nextId = FIRST_ID;
  #departments: RecordTable<Department>;
  #locations: RecordTable<Location>;
  #fields: RecordTable<CustomField>;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#journal = options.stateFile === undefined ? undefined : new Journal(options.stateFile);
    this.#departments = this.#departmentTable();
    this.#locations = this.#locationTable();
    this.#fields = this.#fieldTable();
    const saved = this.#journal?.load();
    // Without people the account was killed before it was set up.
    if (saved === undefined || saved.users.length === 0) {
      this.reset();
      return;
    }
    this.#addOwnerKey();
    for (const user of saved.users) this.#place(user, 0);
    this.#nextId = Math.max(FIRST_ID, saved.nextIds.users);
    this.#departments.load(saved.departments, saved.nextIds.departments);
    this.#locations.load(saved.locations, saved.nextIds.locations);
    this.#fields.load(saved.fields, saved.nextIds.fields);
    this.#journal?.rewrite(saved);
  }

  get domain(): string {
    return this.#options.domain;
  }

  get users(): UserTable {
    return this.#users;
  }

  get departments(): RecordTable<Department> {
    return this.#departments;
  }

  get locations(): RecordTable<Location> {
    return this.#locations;
  }

  /** Custom fields of people. */
  get fields(): RecordTable<CustomField> {
    return this.#fields;
  }

  /** Back to what a new account has, and to its first key. */
  reset(): void {
    this.#users = new UserTable();
    this.#search = new SearchIndex();
    this.#nextId = FIRST_ID;
    this.#departments = this.#departmentTable();
    this.#departments.load(FIRST_DEPARTMENTS);
    this.#locations = this.#locationTable();
    this.#locations.load(FIRST_LOCATIONS);
    this.#fields = this.#fieldTable();
    this.#fields.load(FIRST_FIELDS);
    this.#keys.clear();
    this.#addOwnerKey();
    this.#journal?.rewrite(this.#saved());
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
    this.#journal?.removed('users', id);
    this.#users.remove(id);
    const now = this.#options.now();
    this.#search.note(id, undefined, now + this.#options.indexLagMs(), now);
  }

  /** People, and departments, that are there twice. */
  duplicates(): Duplicate[] {
    const departments = this.#departments.shared();
    return [
      ...this.#users.duplicates(),
      ...departments.map((shared) => ({ by: 'department_name' as const, ...shared })),
    ];
  }

  /** The people that `?query=` can see now. */
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

  #departmentTable(): RecordTable<Department> {
    return this.#table('departments', { blank: blankDepartment, toTimestamp: toMillisecondTimestamp });
  }

  #locationTable(): RecordTable<Location> {
    return this.#table('locations', { blank: blankLocation, toTimestamp });
  }

  #fieldTable(): RecordTable<CustomField> {
    return this.#table('fields', { blank: blankCustomField, toTimestamp });
  }

  #table<N extends Exclude<Table, 'users'>>(
    name: N,
    form: Pick<RecordTableOptions<SavedState[N][number]>, 'blank' | 'toTimestamp'>,
  ): RecordTable<SavedState[N][number]> {
    return new RecordTable({
      ...form,
      now: this.#options.now,
      indexLagMs: this.#options.indexLagMs,
      onSave: (record) => {
        this.#compact();
        this.#journal?.saved(name, record);
      },
      onRemove: (id) => this.#journal?.removed(name, id),
    });
  }

  #record(user: User, lagMs: number): void {
    this.#compact();
    this.#journal?.saved('users', user);
    this.#place(user, lagMs);
  }

  /** Before a change is added to a file that has grown long, the file is rewritten without what is outdated. */
  #compact(): void {
    const records =
      this.#users.size('everyone') + this.#departments.size + this.#locations.size + this.#fields.size;
    if (this.#journal?.isLong(records) === true) this.#journal.rewrite(this.#saved());
  }

  #saved(): SavedState {
    return {
      nextIds: {
        users: this.#nextId,
        departments: this.#departments.nextId,
        locations: this.#locations.nextId,
        fields: this.#fields.nextId,
      },
      users: this.#users.all('everyone'),
      departments: this.#departments.all(),
      locations: this.#locations.all(),
      fields: this.#fields.all(),
    };
  }

  #place(user: User, lagMs: number): void {
    const now = this.#options.now();
    this.#users.put(user);
    this.#search.note(user.id, user, now + lagMs, now);
  }
}
