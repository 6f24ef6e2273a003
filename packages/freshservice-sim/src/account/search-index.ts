// What `?query=` sees: copies of people that become visible some time after a change ("may take a few minutes").
import type { User } from './user.ts';

/** Changes that wait to be seen; beyond it the oldest are shown early. */
const PENDING_MAX = 100_000;
const SHOWN_MAX = 1000;

interface Pending {
  readonly visibleAt: number;
  readonly id: number;
  /** Absent when the person was forgotten. */
  readonly user: User | undefined;
}

/** A delayed copy of the users table. */
export class SearchIndex {
  readonly #visible = new Map<number, User>();
  #pending: Pending[] = [];
  /** How many of the pending changes are visible already; they are dropped from time to time. */
  #shown = 0;

  /** Notes a change that shows at `visibleAt`; `user` is absent when the person was forgotten. */
  note(id: number, user: User | undefined, visibleAt: number, now: number): void {
    this.#pending.push({ visibleAt, id, user });
    this.#reveal(now);
  }

  /** Everything visible now, in no order. */
  visible(now: number): Iterable<User> {
    this.#reveal(now);
    return this.#visible.values();
  }

  #reveal(now: number): void {
    for (let next = this.#pending[this.#shown]; next !== undefined; next = this.#pending[this.#shown]) {
      if (next.visibleAt > now && this.#pending.length - this.#shown <= PENDING_MAX) break;
      if (next.user === undefined) this.#visible.delete(next.id);
      else this.#visible.set(next.id, next.user);
      this.#shown += 1;
    }
    if (this.#shown < this.#pending.length && this.#shown < SHOWN_MAX) return;
    this.#pending = this.#pending.slice(this.#shown);
    this.#shown = 0;
  }
}
