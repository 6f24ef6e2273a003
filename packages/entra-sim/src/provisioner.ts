// Runs provisioning cycles: who is looked at, in which order, how many at once, and what a failure leads to.
// Invariant: an object is in `pending`, or changed after `watermark`, until a cycle has finished it. So a failure, a stop
// and an abort lose nothing. Two objects with one sign-in address (a rehire) share a lane and go in order of creation.
import type { PatchStyle } from './bodies.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';
import { QuarantineError, RequestFailure } from './failures.ts';
import { workLanes } from './lanes.ts';
import { Links } from './links.ts';
import { signInAddressOf } from './people.ts';
import { type Context, isOnlyUnassigned, provisionManager, provisionPerson } from './provision.ts';
import { createRandom, type Random } from './random.ts';
import { type CycleKind, type CycleReport, type PersonFailure, type Progress, Tally } from './report.ts';
import { type DirectoryPerson, isInScope, type Tenant } from './tenant.ts';

/** Options of `createProvisioner`. */
export interface ProvisionerOptions {
  readonly tenant: Tenant;
  /** Any SCIM 2.0 base URL; with or without a slash at its end, a query is ignored. */
  readonly baseUrl: string;
  /** Sent as bearer token. */
  readonly token: string;
  /** People in work at once, at least 1. @default 8 */
  readonly concurrency?: number;
  /** @default 'classic' */
  readonly patchStyle?: PatchStyle;
  /**
   * The guard against accidental deletions: a cycle that would disable or delete more people sends nothing but its probe
   * and throws, until `allowDeletions`. @default no guard
   */
  readonly deletionsMax?: number;
  /**
   * How it is found out whether somebody has the manager: from the resource as read, or by the query of older jobs,
   * `id eq "..." and manager eq "..."`. @default 'read'
   */
  readonly managerCheck?: 'read' | 'filter';
  /** Leaves people alone who are no longer assigned; those who are blocked or deleted are told all the same. @default false */
  readonly skipOutOfScopeDeletions?: boolean;
  /** For the GUIDs of the probes. @default 1 */
  readonly seed?: number;
  /** @default 30_000 */
  readonly requestTimeoutMs?: number;
  /** Epoch milliseconds. @default the system's clock, with fractions */
  readonly now?: () => number;
  /** Called after every answer and every person; must not throw. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How one cycle can be stopped from outside. */
export interface CycleOptions {
  /** Aborts requests in flight; the call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

interface Run {
  readonly kind: CycleKind;
  /** Called once it is certain that the run begins. */
  readonly collect: () => Iterable<string>;
  readonly style: PatchStyle;
  readonly signal: AbortSignal | undefined;
}

/** What a provisioner is made of; every option has its value. */
interface Parts {
  readonly tenant: Tenant;
  readonly endpoint: Endpoint;
  readonly random: Random;
  readonly concurrency: number;
  readonly patchStyle: PatchStyle;
  readonly deletionsMax: number;
  readonly skipOutOfScope: boolean;
  readonly filtersByManager: boolean;
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
}

/** @throws {RangeError} when concurrency is below 1. @throws {TypeError} when baseUrl is no URL. */
export function createProvisioner(options: ProvisionerOptions): Provisioner {
  const { tenant, baseUrl, token, concurrency = 8, requestTimeoutMs = 30_000 } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new RangeError('concurrency must be at least 1');
  const now = options.now ?? (() => performance.timeOrigin + performance.now());
  return new Provisioner({
    tenant,
    endpoint: createEndpoint({ baseUrl, token, connections: concurrency, requestTimeoutMs, now }),
    random: createRandom(options.seed ?? 1),
    concurrency,
    patchStyle: options.patchStyle ?? 'classic',
    deletionsMax: options.deletionsMax ?? Infinity,
    skipOutOfScope: options.skipOutOfScopeDeletions ?? false,
    filtersByManager: options.managerCheck === 'filter',
    now,
    onProgress: options.onProgress ?? (() => {}),
  });
}

/**
 * A provisioning job. Every run probes first, and throws QuarantineError when the probe fails or a request is answered 401.
 * One run at a time: a second one throws at once.
 */
export class Provisioner {
  readonly #parts: Parts;
  readonly #links = new Links();
  readonly #pending = new Set<string>();
  #watermark = 0;
  #isInitialDone = false;
  #isRunning = false;
  #areDeletionsAllowed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Initial cycle at first; afterwards only changed people, and those that failed or were not reached before. */
  async runCycle({ signal }: CycleOptions = {}): Promise<CycleReport> {
    const kind = this.#isInitialDone ? 'incremental' : 'initial';
    const collect = () => this.#collectSince(this.#watermark);
    const report = await this.#run({ kind, collect, style: this.#parts.patchStyle, signal });
    this.#isInitialDone = true;
    return report;
  }

  /** Everybody again, with the links kept; a link whose id answers 404 is matched anew. */
  async restartProvisioning({ signal }: CycleOptions = {}): Promise<CycleReport> {
    const collect = () => this.#collectSince(0);
    return this.#run({ kind: 'restart', collect, style: this.#parts.patchStyle, signal });
  }

  /** One person now, always with classic PATCH bodies. Somebody out of scope is left alone, not disabled. */
  async provisionOnDemand(objectId: string, { signal }: CycleOptions = {}): Promise<CycleReport> {
    const collect = () => (isInScope(this.#parts.tenant.get(objectId)) ? [objectId] : []);
    return this.#run({ kind: 'onDemand', collect, style: 'classic', signal });
  }

  /** Lets the next cycle disable and delete as many as it has to, as the administrator does in the portal. */
  allowDeletions(): void {
    this.#areDeletionsAllowed = true;
  }

  /** The endpoint's id of a person's resource, if the person is linked. */
  linkedId(objectId: string): string | undefined {
    return this.#links.get(objectId)?.id;
  }

  /** Closes the connections; waits for requests in flight. */
  close(): Promise<void> {
    return this.#parts.endpoint.close();
  }

  async #run({ kind, collect, style, signal }: Run): Promise<CycleReport> {
    if (this.#isRunning) throw new Error('a cycle is running already');
    this.#isRunning = true;
    const { tenant, endpoint, random, concurrency, now, onProgress } = this.#parts;
    try {
      const people = [...collect()].map((objectId) => tenant.get(objectId));
      const tally = new Tally(kind, now(), people.length, onProgress);
      const stop = new AbortController();
      const call = {
        tally,
        signal: signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]),
      };
      await probe(
        () => endpoint.findByUserName(random.guid(), call),
        () => tally.report(now()),
      );
      this.#guardDeletions(people, () => tally.report(now()));
      const context: Context = {
        tenant,
        endpoint,
        links: this.#links,
        style,
        rematch: kind === 'restart',
        skipOutOfScope: this.#parts.skipOutOfScope,
        filtersByManager: this.#parts.filtersByManager,
        references: new Map(),
        call,
      };
      try {
        await workLanes(lanesOf(people), concurrency, stop, call.signal, (person) =>
          this.#finish(person.objectId, context),
        );
        const reports = [...context.references.keys()].map((objectId) => [objectId]);
        await workLanes(reports, concurrency, stop, call.signal, (objectId) =>
          this.#finishManager(objectId, context),
        );
      } catch (error) {
        throw error instanceof RequestFailure
          ? new QuarantineError('credentials', tally.report(now()), error)
          : error;
      }
      signal?.throwIfAborted();
      return tally.report(now());
    } finally {
      this.#isRunning = false;
    }
  }

  /** @throws {QuarantineError} `deletions` when too many of these people would be disabled or deleted. */
  #guardDeletions(people: readonly DirectoryPerson[], report: () => CycleReport): void {
    const { deletionsMax, skipOutOfScope } = this.#parts;
    const leavers = people.filter(
      (person) =>
        !isInScope(person) &&
        this.#links.get(person.objectId)?.managed === true &&
        !(skipOutOfScope && isOnlyUnassigned(person)),
    );
    if (leavers.length > deletionsMax && !this.#areDeletionsAllowed) {
      throw new QuarantineError('deletions', report());
    }
    this.#areDeletionsAllowed = false;
  }

  /** One person to the end, or into the next cycle. @throws {RequestFailure} Unauthorized only. */
  async #finish(objectId: string, context: Context): Promise<void> {
    const { tally } = context.call;
    try {
      tally.personFinished(await provisionPerson(context.tenant.get(objectId), context));
      if (!context.references.has(objectId)) this.#pending.delete(objectId);
    } catch (error) {
      tally.personFailed(toFailure(objectId, error));
    }
  }

  /** The manager of one person who is finished otherwise. @throws {RequestFailure} Unauthorized only. */
  async #finishManager(objectId: string, context: Context): Promise<void> {
    const { tally } = context.call;
    try {
      const outcome = await provisionManager(context.tenant.get(objectId), context);
      tally.managerFinished(outcome);
      if (outcome !== 'waits') this.#pending.delete(objectId);
    } catch (error) {
      tally.managerFailed(toFailure(objectId, error));
    }
  }

  /** Adds everybody who changed after a sequence number to those who are pending. */
  #collectSince(sequence: number): Iterable<string> {
    const changes = this.#parts.tenant.changesSince(sequence);
    for (const person of changes.people) this.#pending.add(person.objectId);
    this.#watermark = changes.sequence;
    return this.#pending;
  }
}

/** What the next cycle tries again; anything else ends the cycle. @throws the error itself when it is not one person's. */
function toFailure(objectId: string, error: unknown): PersonFailure {
  if (!(error instanceof RequestFailure) || error.code === 'Unauthorized') throw error;
  const { code, verb, status, detail } = error;
  return { objectId, code, verb, status, detail };
}

/** Looks for a user that cannot exist; anything but an empty list ends the cycle before it begins. */
async function probe(look: () => Promise<unknown[]>, report: () => CycleReport): Promise<void> {
  try {
    const hits = await look();
    if (hits.length > 0) throw new RequestFailure('ServiceIncompatible', 'GET', 200, 'the filter is ignored');
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    throw new QuarantineError(error.code === 'Unauthorized' ? 'credentials' : 'probe', report(), error);
  }
}

/** People with the same sign-in address together, in order of creation; lanes in order of their first person. */
function lanesOf(people: readonly DirectoryPerson[]): DirectoryPerson[][] {
  const ordered = people.toSorted((a, b) => a.createdOrder - b.createdOrder);
  return [...Map.groupBy(ordered, (person) => signInAddressOf(person).toLowerCase()).values()];
}
