/**
 * One connection's BullMQ Workers in one process: two lanes, each with its queue, its worker and its filling.
 * Knows how to run a woken key and to put it back; when to open and to close is the consumer's decision (consume.ts).
 *
 * The urgent lane has slots of its own and never waits for the process's: they are few per connection, they are idle
 * nearly always, and 50 slow normal reconciles of other connections must not hold up a leaver. The normal lane takes
 * a slot of the process, in turn with the other connections. Its worker has fetched the job by then (BullMQ has no
 * hook before the fetch), so up to `normalConcurrency` jobs wait here, locked, while the process is full.
 */
import { setMaxListeners } from 'node:events';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { type ErrorSink, toError, unlessAborted } from './bounds.ts';
import {
  LANES,
  type Lane,
  type QueueScope,
  type WakeData,
  prefixOf,
  queueNameOf,
  scopeIdOf,
} from './names.ts';
import {
  type Outcome,
  type WakeJob,
  type WakeResult,
  codeFrom,
  codeOfThrown,
  failureFrom,
  putBack,
  tellBullmq,
} from './outcome.ts';
import { createPrompt } from './prompt.ts';
import { countsOf, openLaneQueue } from './queues.ts';
import type { Release, Slots } from './slots.ts';
import { type Offer, fillWindow } from './window.ts';

/** What became of a job: an outcome of the reconcile; `thrown`; or `putBack`, when it did not run to its end because we stop. */
export type JobVerdict = Outcome['kind'] | 'thrown' | 'putBack';

/** What one connection's workers are made of. */
export interface ScopeWorkersOptions {
  readonly redis: Redis;
  readonly scope: QueueScope;
  /** Jobs at a time, per lane. */
  readonly concurrency: Readonly<Record<Lane, number>>;
  /** The process's slots, which normal jobs wait for. */
  readonly slots: Slots;
  /** Aborted when the process stops; given to every reconcile. */
  readonly shutdown: AbortSignal;
  /** Aborted when jobs under way have had their time: then they are put back, whatever they do. */
  readonly abandon: AbortSignal;
  offer(lane: Lane): Offer;
  reconcile(key: string, lane: Lane, signal: AbortSignal): Promise<Outcome>;
  /** Told once per job. `why` is a code: the outcome's, or the thrown error's. */
  onJob(job: { lane: Lane; verdict: JobVerdict; why: string | undefined; ms: number }): void;
  onStalled(lane: Lane): void;
  readonly onError: ErrorSink;
}

/** One connection's workers, open. */
export interface ScopeWorkers {
  readonly scope: QueueScope;
  /** Fills a lane's window soon; many askings make one filling. */
  fill(lane: Lane): void;
  /** Jobs that this process holds now. */
  active(): number;
  /** Jobs in BullMQ that are not finished, in both lanes, whoever holds them. */
  unfinished(): Promise<number>;
  /** Takes no more jobs, waits for those that run, puts back those that wait for a slot. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * How long a job of a killed process stays locked, and how often that is looked at: its key runs again after at most
 * the sum. Locks are renewed at half their time; a process that was away for longer runs beside its successor, which
 * the lease makes harmless.
 */
const LOCK: Readonly<Record<Lane, { lockDuration: number; stalledInterval: number; drainDelay: number }>> = {
  // drainDelay (s): a sleeping worker looks by itself this often, should the marker that wakes it be lost.
  urgent: { lockDuration: 10_000, stalledInterval: 5_000, drainDelay: 1 },
  normal: { lockDuration: 15_000, stalledInterval: 7_500, drainDelay: 5 },
};

/** Pause after the first job of a burst before the window is filled again. */
const REFILL_MS = 50;

/** Opens both lanes of a connection; they take jobs at once. */
export function openScopeWorkers(options: ScopeWorkersOptions): ScopeWorkers {
  const stopping = new AbortController();
  // One listener per job that waits for a slot: no leak.
  setMaxListeners(0, stopping.signal);
  const counter = { active: 0 };
  const lanes = new Map(LANES.map((lane) => [lane, openLane(options, lane, stopping.signal, counter)]));
  let closing: Promise<void> | undefined;

  async function closeLanes(): Promise<void> {
    stopping.abort();
    await Promise.all([...lanes.values()].map(async (lane) => lane.close()));
  }

  return {
    scope: options.scope,
    fill(lane) {
      lanes.get(lane)?.fill();
    },
    active: () => counter.active,
    async unfinished() {
      const counts = await Promise.all([...lanes.values()].map(async (lane) => lane.unfinished()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async close() {
      closing ??= closeLanes();
      await closing;
    },
  };
}

interface OpenLane {
  fill(): void;
  unfinished(): Promise<number>;
  close(): Promise<void>;
}

function openLane(
  options: ScopeWorkersOptions,
  lane: Lane,
  stopping: AbortSignal,
  counter: { active: number },
): OpenLane {
  const { redis, scope, onError } = options;
  const queue = openLaneQueue(redis, scope, lane);
  queue.on('error', onError);
  const filling = createPrompt(async () => {
    try {
      await fillWindow(queue, lane, options.offer(lane));
    } catch (error) {
      onError(toError(error));
    }
  });

  const run = createRunner(options, lane, stopping);
  const worker = new Worker<WakeData, WakeResult>(
    queueNameOf(scope, lane),
    async (job, token) => {
      counter.active += 1;
      try {
        return await run(job, token ?? '');
      } finally {
        counter.active -= 1;
        filling.ask(REFILL_MS);
      }
    },
    {
      connection: redis,
      prefix: prefixOf(scope),
      concurrency: options.concurrency[lane],
      ...LOCK[lane],
      // A second stall fails the job; the store wakes its key again.
      maxStalledCount: 1,
      // BullMQ's pause after a lost connection; its default of 15 s would be felt.
      runRetryDelay: 1_000,
    },
  );
  worker.on('error', onError);
  worker.on('stalled', () => options.onStalled(lane));

  return {
    fill: () => filling.ask(0),
    async unfinished() {
      const { waiting, active, delayed } = await countsOf(queue);
      return waiting + active + delayed;
    },
    async close() {
      // Without a connection BullMQ would wait for one; jobs under way are then found stalled by others.
      const force = redis.status !== 'ready';
      // Side by side: a filling that waits for Redis must not keep the Worker's timers going.
      await Promise.all([filling.close(), worker.close(force)]);
      await queue.close();
    },
  };
}

/** Runs one job: a slot, the reconcile, and its outcome in BullMQ's words. */
function createRunner(
  options: ScopeWorkersOptions,
  lane: Lane,
  stopping: AbortSignal,
): (job: WakeJob, token: string) => Promise<WakeResult> {
  const { slots, shutdown, abandon } = options;
  const group = scopeIdOf(options.scope);

  async function slotFor(job: WakeJob, token: string): Promise<Release> {
    if (lane === 'urgent' && !stopping.aborted) return () => undefined;
    try {
      return await slots.acquire(group, stopping);
    } catch {
      // Only `stopping` rejects: this process does not begin anything new.
      options.onJob({ lane, verdict: 'putBack', why: undefined, ms: 0 });
      return putBack(job, token, 1);
    }
  }

  async function reconcile(job: WakeJob): Promise<Outcome> {
    const { key } = job.data;
    // Anybody with access to Redis or the dashboard can add a job.
    if (typeof key !== 'string' || key === '') return { kind: 'terminal', why: 'malformed-job' };
    return unlessAborted(options.reconcile(key, lane, shutdown), abandon);
  }

  return async (job, token) => {
    const release = await slotFor(job, token);
    const startedAt = performance.now();
    const tell = (verdict: JobVerdict, why?: string): void =>
      options.onJob({ lane, verdict, why, ms: Math.round(performance.now() - startedAt) });
    let outcome: Outcome;
    try {
      outcome = await reconcile(job);
    } catch (error) {
      // A reconcile that stops because we do is no failure: another process takes the job.
      if (shutdown.aborted) {
        tell('putBack');
        return await putBack(job, token, 1);
      }
      tell('thrown', codeOfThrown(error));
      throw failureFrom(error);
    } finally {
      release();
    }
    tell(outcome.kind, whyOf(outcome));
    return tellBullmq(job, token, outcome);
  };
}

function whyOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'settled') return undefined;
  return codeFrom(outcome.kind === 'rateLimited' ? outcome.bucket : outcome.why);
}
