// Departments, locations or custom fields: one table with ids of its own, looked up by id and by name, and the delayed
// copy that `?query=` sees. It does not judge: what may be written is decided before.
import { MultiIndex } from './multi-index.ts';
import { SearchIndex } from './search-index.ts';

/** What every record of such a table has. */
export interface NamedRecord {
  readonly id: number;
  readonly name: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What is said about a new record; the rest has its default. */
export type Draft<T> = Partial<Omit<T, 'id' | 'created_at' | 'updated_at'>>;

/** How a table starts, and whom it tells. */
export interface RecordTableOptions<T> {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long a change takes to reach the search index. */
  readonly indexLagMs: () => number;
  readonly toTimestamp: (ms: number) => string;
  readonly blank: (identity: { id: number; at: string }) => T;
  /** Called before a change is made. */
  readonly onSave: (record: T) => void;
  /** Called before a record is removed. */
  readonly onRemove: (id: number) => void;
}

/** One table. Ids rise and are never given twice. */
export class RecordTable<T extends NamedRecord> {
  readonly #options: RecordTableOptions<T>;
  readonly #byId = new Map<number, T>();
  readonly #byName = new MultiIndex();
  readonly #search = new SearchIndex<T>();
  #nextId = 1;

  constructor(options: RecordTableOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#byId.size;
  }

  get nextId(): number {
    return this.#nextId;
  }

  /** Fills an empty table with what was saved, found by search at once. Nobody is told. */
  load(records: readonly T[], nextId = 1): void {
    for (const record of records) this.#put(record, 0);
    this.#nextId = Math.max(this.#nextId, nextId);
  }

  get(id: number): T | undefined {
    return this.#byId.get(id);
  }

  /** All records, oldest first. */
  all(): T[] {
    return [...this.#byId.values()];
  }

  /** Records with this name, without regard to case and surrounding spaces. */
  byName(name: string): T[] {
    return [...this.#byName.get(nameKey(name))].flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Names that more than one record has, with their ids. */
  shared(): { value: string; ids: number[] }[] {
    return this.#byName.shared();
  }

  /** What `?query=` can see now. */
  searchable(): Iterable<T> {
    return this.#search.visible(this.#options.now());
  }

  /** Adds a record. */
  create(draft: Draft<T>): T {
    const at = this.#options.toTimestamp(this.#options.now());
    const record = { ...this.#options.blank({ id: this.#nextId, at }), ...draft };
    this.#options.onSave(record);
    this.#put(record, this.#options.indexLagMs());
    return record;
  }

  /**
   * Stores a new version. One that says the same is not stored, and keeps its `updated_at`.
   * @returns what is stored now
   */
  save(next: T): { record: T; isChanged: boolean } {
    const previous = this.#byId.get(next.id);
    if (previous !== undefined && JSON.stringify(previous) === JSON.stringify(next)) {
      return { record: previous, isChanged: false };
    }
    const record = { ...next, updated_at: this.#options.toTimestamp(this.#options.now()) };
    this.#options.onSave(record);
    this.#put(record, this.#options.indexLagMs());
    return { record, isChanged: true };
  }

  /** Removes a record for good. What refers to it is the caller's business. */
  remove(id: number): void {
    const record = this.#byId.get(id);
    if (record === undefined) return;
    this.#options.onRemove(id);
    this.#byId.delete(id);
    this.#byName.remove(nameKey(record.name), id);
    const now = this.#options.now();
    this.#search.note(id, undefined, now + this.#options.indexLagMs(), now);
  }

  #put(record: T, lagMs: number): void {
    const previous = this.#byId.get(record.id);
    if (previous !== undefined) this.#byName.remove(nameKey(previous.name), record.id);
    this.#byId.set(record.id, record);
    this.#byName.add(nameKey(record.name), record.id);
    this.#nextId = Math.max(this.#nextId, record.id + 1);
    const now = this.#options.now();
    this.#search.note(record.id, record, now + lagMs, now);
  }
}

function nameKey(name: string): string {
  return name.trim().toLowerCase();
}
