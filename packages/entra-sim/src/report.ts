// Counts what a cycle did while it runs, and sums it up. Holds no names and no addresses: people are objectIds.
import { createHistogram } from 'node:perf_hooks';
import type { FailureCode, Verb } from './failures.ts';

/** `initial`: the first cycle; `restart`: everybody again, links kept; `onDemand`: one person. */
export type CycleKind = 'initial' | 'incremental' | 'restart' | 'onDemand';

/** One person who could not be finished; the next cycle tries again. */
export interface PersonFailure {
  readonly objectId: string;
  readonly code: FailureCode;
  readonly verb: Verb;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  /** What the endpoint said, at most 200 characters; may hold personal data. */
  readonly detail: string | undefined;
}

/** A PATCH `active` false, or a DELETE, that the endpoint accepted. */
export interface AcceptedLeaver {
  readonly objectId: string;
  /** The endpoint's id of the resource. */
  readonly id: string;
  readonly verb: 'PATCH' | 'DELETE';
  /** Epoch milliseconds of the answer. */
  readonly answeredAt: number;
}

/** What happened to a person in a cycle. `skipped`: nothing was to be sent. */
export type PersonOutcome =
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'disabled'
  | 'enabled'
  | 'deleted'
  | 'skipped';

/** What happened to a reference. `waits`: the manager is in scope, but has no account yet because a request failed. */
export type ManagerOutcome = 'sent' | 'nothing' | 'waits';

/** What one cycle did. */
export interface CycleReport {
  readonly kind: CycleKind;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** People that the cycle set out to look at; `finished` of them are done but for their manager, failures are not. */
  readonly peopleTotal: number;
  readonly finished: number;
  readonly outcomes: Readonly<Record<PersonOutcome, number>>;
  /** Requests sent, the probe included. Key of `byStatus`: the status, or `none` for no answer. */
  readonly requests: {
    readonly total: number;
    readonly byVerb: Readonly<Record<Verb, number>>;
    readonly byStatus: Readonly<Record<string, number>>;
  };
  /** Milliseconds from sending a request to its whole answer; 0 when nothing was answered. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly max: number };
  readonly failures: readonly PersonFailure[];
  /** Managers: PATCHes accepted, people who wait for a manager whose own request failed, and PATCHes that failed. */
  readonly managers: {
    readonly sent: number;
    readonly waiting: number;
    readonly failures: readonly PersonFailure[];
  };
  readonly leavers: readonly AcceptedLeaver[];
}

/** How far a cycle is. */
export interface Progress {
  readonly requestsSent: number;
  /** Finished or failed; their managers follow when all are done. */
  readonly peopleDone: number;
  readonly peopleTotal: number;
  readonly managersSent: number;
  readonly failed: number;
}

/** The progress in one line, without names: `120 of 200 people, 340 requests, 55 managers, 2 failed`. */
export function toProgressLine({
  requestsSent,
  peopleDone,
  peopleTotal,
  managersSent,
  failed,
}: Progress): string {
  const counts = [
    `${peopleDone} of ${peopleTotal} people`,
    `${requestsSent} requests`,
    ...(managersSent > 0 ? [`${managersSent} managers`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return counts.join(', ');
}

/** The running count of one cycle. */
export class Tally {
  readonly #kind: CycleKind;
  readonly #startedAt: number;
  readonly #peopleTotal: number;
  readonly #onProgress: (progress: Progress) => void;
  readonly #latencyMicros = createHistogram();
  readonly #byVerb: Record<Verb, number> = { GET: 0, POST: 0, PATCH: 0, DELETE: 0 };
  readonly #byStatus: Record<string, number> = {};
  readonly #outcomes: Record<PersonOutcome, number> = {
    created: 0,
    updated: 0,
    unchanged: 0,
    disabled: 0,
    enabled: 0,
    deleted: 0,
    skipped: 0,
  };
  readonly #failures: PersonFailure[] = [];
  readonly #managerFailures: PersonFailure[] = [];
  #managersSent = 0;
  #managersAwaited = 0;
  readonly #leavers: AcceptedLeaver[] = [];

  constructor(
    kind: CycleKind,
    startedAt: number,
    peopleTotal: number,
    onProgress: (progress: Progress) => void,
  ) {
    this.#kind = kind;
    this.#startedAt = startedAt;
    this.#peopleTotal = peopleTotal;
    this.#onProgress = onProgress;
  }

  requestEnded(verb: Verb, status: number | undefined, latencyMs: number): void {
    this.#byVerb[verb] += 1;
    const key = status === undefined ? 'none' : String(status);
    this.#byStatus[key] = (this.#byStatus[key] ?? 0) + 1;
    if (status !== undefined) this.#latencyMicros.record(Math.max(1, Math.round(latencyMs * 1000)));
    this.#tellProgress();
  }

  personFinished(outcome: PersonOutcome): void {
    this.#outcomes[outcome] += 1;
    this.#tellProgress();
  }

  personFailed(failure: PersonFailure): void {
    this.#failures.push(failure);
    this.#tellProgress();
  }

  managerFinished(outcome: ManagerOutcome): void {
    if (outcome === 'sent') this.#managersSent += 1;
    if (outcome === 'waits') this.#managersAwaited += 1;
    this.#tellProgress();
  }

  managerFailed(failure: PersonFailure): void {
    this.#managerFailures.push(failure);
    this.#tellProgress();
  }

  leaverAccepted(leaver: AcceptedLeaver): void {
    this.#leavers.push(leaver);
  }

  report(endedAt: number): CycleReport {
    const percentile = (share: number) => this.#latencyMicros.percentile(share) / 1000;
    const none = this.#latencyMicros.count === 0; // an empty histogram answers with its own bounds
    return {
      kind: this.#kind,
      startedAt: this.#startedAt,
      endedAt,
      peopleTotal: this.#peopleTotal,
      finished: sum(this.#outcomes),
      outcomes: { ...this.#outcomes },
      requests: { total: sum(this.#byVerb), byVerb: { ...this.#byVerb }, byStatus: { ...this.#byStatus } },
      latencyMs: none
        ? { p50: 0, p95: 0, max: 0 }
        : { p50: percentile(50), p95: percentile(95), max: this.#latencyMicros.max / 1000 },
      failures: [...this.#failures],
      managers: {
        sent: this.#managersSent,
        waiting: this.#managersAwaited,
        failures: [...this.#managerFailures],
      },
      leavers: [...this.#leavers],
    };
  }

  #tellProgress(): void {
    this.#onProgress({
      requestsSent: sum(this.#byVerb),
      peopleDone: sum(this.#outcomes) + this.#failures.length,
      peopleTotal: this.#peopleTotal,
      managersSent: this.#managersSent,
      failed: this.#failures.length + this.#managerFailures.length,
    });
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
