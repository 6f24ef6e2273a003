// The newest requests of the account, and counts over all of them. Bounded: old entries are dropped, and said to be.
import type { FaultKind } from '../faults/kinds.ts';

/** One request as the account saw it. */
export interface LogEntry {
  /** Rises by one per request; the cursor of the log. */
  readonly seq: number;
  /** When it was counted: epoch milliseconds of the account's clock. */
  readonly at: number;
  readonly method: string;
  /** Path and query. It can hold addresses of people. */
  readonly path: string;
  /** Name of the route, `unknown` for none. */
  readonly route: string;
  /** The status answered; 0 while, or if, nothing is answered. */
  status: number;
  /** The bucket that the headers describe. */
  bucket: string;
  cost: number;
  /** Whether it was debited from the limits. */
  counted: boolean;
  fault?: FaultKind;
  /** The person it was about. */
  userId?: number;
  /** The department or location it was about. */
  recordId?: number;
  /** Of a write: whether the record is different now. Absent when nothing was applied. */
  isChanged?: boolean;
  /** Names of the attributes in the body. */
  attributes?: readonly string[];
}

/** Counts of one route. */
export interface RouteCount {
  calls: number;
  /** Refused with 429. */
  refused: number;
  /** Writes that changed a record. */
  changes: number;
  /** Writes after which the record was as before. */
  redundant: number;
  /** Calls per status; `0`: never answered. */
  statuses: Record<string, number>;
}

/** A ring of requests. */
export class RequestLog {
  readonly #max: number;
  #entries: LogEntry[] = [];
  #routes = new Map<string, RouteCount>();
  #nextSeq = 1;

  constructor(max: number) {
    this.#max = max;
  }

  /** Adds a request that has just arrived; what is learnt later is written into the entry. */
  open(seen: { at: number; method: string; path: string; route: string }): LogEntry {
    const entry: LogEntry = { seq: this.#nextSeq, ...seen, status: 0, bucket: '', cost: 0, counted: false };
    this.#nextSeq += 1;
    this.#entries.push(entry);
    // Dropped in steps, since shifting a long array at every request is slow.
    if (this.#entries.length >= this.#max + 1000) this.#entries = this.#entries.slice(-this.#max);
    return entry;
  }

  /** Counts a request of which everything is known. */
  close(entry: LogEntry): void {
    const count = this.#countOf(entry.route);
    count.calls += 1;
    count.statuses[entry.status] = (count.statuses[entry.status] ?? 0) + 1;
    if (entry.status === 429) count.refused += 1;
    if (entry.isChanged === true) count.changes += 1;
    if (entry.isChanged === false) count.redundant += 1;
  }

  /** Entries after the cursor `since`, oldest first; `next` is the cursor for the following call. */
  read(since: number, limit: number): { entries: LogEntry[]; next: number; dropped: boolean } {
    const kept = this.#entries.slice(-this.#max);
    const first = kept[0]?.seq ?? this.#nextSeq;
    const entries = kept.slice(Math.max(0, since + 1 - first)).slice(0, limit);
    return { entries, next: entries.at(-1)?.seq ?? since, dropped: since + 1 < first };
  }

  /** Counts over all requests since the last reset. */
  counts(): { calls: number; refused: number; byRoute: Record<string, RouteCount> } {
    const counts = [...this.#routes.values()];
    return {
      calls: counts.reduce((sum, { calls }) => sum + calls, 0),
      refused: counts.reduce((sum, { refused }) => sum + refused, 0),
      byRoute: Object.fromEntries(this.#routes),
    };
  }

  /** Forgets everything; cursors go on rising. */
  reset(): void {
    this.#entries = [];
    this.#routes = new Map();
  }

  #countOf(route: string): RouteCount {
    let count = this.#routes.get(route);
    if (count === undefined) {
      count = { calls: 0, refused: 0, changes: 0, redundant: 0, statuses: {} };
      this.#routes.set(route, count);
    }
    return count;
  }
}
