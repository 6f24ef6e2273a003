// What `?query=` sees: copies of records that become visible some time after a change ("may take a few minutes").

/** Changes that wait to be seen; beyond it the oldest are shown early. */
const PENDING_MAX = 100_000;
const SHOWN_MAX = 1000;

interface Pending<T> {
  readonly visibleAt: number;
  readonly id: number;
  /** Absent when the record was removed. */
  readonly record: T | undefined;
}

/** A delayed copy of a table. */
export class SearchIndex<T> {
  readonly #visible = new Map<number, T>();
  #pending: Pending<T>[] = [];
  /** How many of the pending changes are visible already; they are dropped from time to time. */
  #shown = 0;

  /** Notes a change that shows at `visibleAt`; `record` is absent when it was removed. */
  note(id: number, record: T | undefined, visibleAt: number, now: number): void {
    this.#pending.push({ visibleAt, id, record });
    this.#reveal(now);
  }

  /** Everything visible now, in no order. */
  visible(now: number): Iterable<T> {
    this.#reveal(now);
    return this.#visible.values();
  }

  #reveal(now: number): void {
    for (let next = this.#pending[this.#shown]; next !== undefined; next = this.#pending[this.#shown]) {
      if (next.visibleAt > now && this.#pending.length - this.#shown <= PENDING_MAX) break;
      if (next.record === undefined) this.#visible.delete(next.id);
      else this.#visible.set(next.id, next.record);
      this.#shown += 1;
    }
    if (this.#shown < this.#pending.length && this.#shown < SHOWN_MAX) return;
    this.#pending = this.#pending.slice(this.#shown);
    this.#shown = 0;
  }
}
