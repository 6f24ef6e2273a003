/**
 * The worker process's side of the queues: the store is swept for what is due (sweep.ts), BullMQ Workers are open for
 * the connections that have something (open-scopes.ts), and each runs woken keys (scope-workers.ts).
 * Knows nothing of what a reconcile does.
 */
import { setMaxListeners } from 'node:events';
import type { RedisOptions } from 'ioredis';
import { throttled, within } from './bounds.ts';
import { connect, end } from './connection.ts';
import type { Lane, QueueScope } from './names.ts';
import { type OpenScopes, createOpenScopes } from './open-scopes.ts';
import type { Outcome } from './outcome.ts';
import { type JobVerdict, openScopeWorkers } from './scope-workers.ts';
import { createSlots } from './slots.ts';
import { type DueKeys, startSweep } from './sweep.ts';

/** What a consumer tells about itself; no event holds a key or anything of a person. */
export type ConsumerEvent =
  | {
      readonly type: 'job';
      readonly scope: QueueScope;
      readonly lane: Lane;
      readonly outcome: JobVerdict;
      /** A code: the outcome's cause or bucket, or the thrown error's code. */
      readonly why: string | undefined;
      /** From the slot to the outcome. */
      readonly ms: number;
    }
  /** A job whose process had died, or was away for too long, waits again. */
  | { readonly type: 'stalled'; readonly scope: QueueScope; readonly lane: Lane }
  | { readonly type: 'opened' | 'closed'; readonly scope: QueueScope }
  /** Redis or a callback failed; at most one in 5 s. What failed is tried again by itself. */
  | { readonly type: 'error'; readonly error: Error };

/** What a consumer is made of. */
export interface ConsumerOptions {
  readonly redis: RedisOptions;
  /** Normal jobs at a time in this process, over all connections; they are handed out in turn. From 1. */
  readonly concurrency: number;
  /** Normal jobs at a time in this process and connection. From 1. */
  readonly connectionConcurrency: number;
  /** Urgent jobs at a time in this process and connection, besides the others. From 1. */
  readonly urgentSlots: number;
  /** The connections to work for: those that are neither removed nor paused. Asked each second. */
  scopes(): Promise<readonly QueueScope[]>;
  /** What is due at a connection, cheaply. Asked each second. */
  due(scope: QueueScope): Promise<DueKeys>;
  /** The directory's feed: at most `max` keys that should be put into BullMQ now. See `Offer`. */
  feed(scope: QueueScope, lane: Lane, max: number): Promise<readonly string[]>;
  /**
   * Looks at one key. May run twice at once for a key (both lanes, a stalled job), so it takes a lease.
   * `signal` aborts when the process stops: what is thrown then puts the job back.
   */
  reconcile(scope: QueueScope, key: string, lane: Lane, signal: AbortSignal): Promise<Outcome>;
  /** Must not throw. */
  onEvent(event: ConsumerEvent): void;
  /** Time without anything due after which a connection's Workers are closed. @default 30000 */
  readonly idleMs?: number;
  /** Time that running jobs are given when Workers close. @default 10000 */
  readonly closeMs?: number;
}

/** Runs woken keys. */
export interface Consumer {
  /** Sweeps now instead of within a second. */
  poke(): void;
  /** Slots and connections in use, for metrics. */
  usage(): { slotsHeld: number; slotsWaiting: number; openConnections: number };
  /**
   * Aborts the reconciles' signal, waits `closeMs` for them, puts back what has not ended by then, and ends all Redis
   * connections. Resolves within `closeMs` and 2 s, also while Redis is away. Safe to repeat.
   */
  close(): Promise<void>;
}

const ERROR_INTERVAL_MS = 5_000;
const IDLE_MS = 30_000;
const CLOSE_MS = 10_000;
/** For BullMQ's own last words, after the jobs have ended. */
const LAST_WORDS_MS = 1_000;

/** Starts to sweep and to work at once, whether Redis answers yet or not. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const report = throttled(
    (error) => options.onEvent({ type: 'error', error }),
    ERROR_INTERVAL_MS,
    () => performance.now(),
  );
  const redis = connect(options.redis, report);
  const slots = createSlots(options.concurrency);
  const shutdown = new AbortController();
  const abandon = new AbortController();
  // One listener per running job: no leak.
  setMaxListeners(0, shutdown.signal, abandon.signal);
  const closeMs = options.closeMs ?? CLOSE_MS;

  const openScopes: OpenScopes = createOpenScopes({
    openWorkers: (scope) =>
      openScopeWorkers({
        redis,
        scope,
        concurrency: { urgent: options.urgentSlots, normal: options.connectionConcurrency },
        slots,
        shutdown: shutdown.signal,
        abandon: abandon.signal,
        offer: (lane) => async (max) => options.feed(scope, lane, max),
        reconcile: async (key, lane, signal) => options.reconcile(scope, key, lane, signal),
        onJob: ({ lane, verdict, why, ms }) =>
          options.onEvent({ type: 'job', scope, lane, outcome: verdict, why, ms }),
        onStalled: (lane) => options.onEvent({ type: 'stalled', scope, lane }),
        onError: report,
      }),
    closeMs,
    onOpened: (scope) => options.onEvent({ type: 'opened', scope }),
    onClosed: (scope) => options.onEvent({ type: 'closed', scope }),
    onError: report,
  });
  const sweep = startSweep({
    redis,
    openScopes,
    idleMs: options.idleMs ?? IDLE_MS,
    scopes: async () => options.scopes(),
    due: async (scope) => options.due(scope),
    onError: report,
  });

  async function closeAll(): Promise<void> {
    shutdown.abort(new DOMException('the worker is stopping', 'AbortError'));
    const swept = sweep.close();
    openScopes.closeUnless(() => false);
    const ended = openScopes.ended();
    // While Redis is away no job can be ended in its words; those that run are found stalled by others.
    const patienceMs = redis.status === 'ready' ? closeMs : 0;
    if (!(await within(ended, patienceMs))) {
      abandon.abort(new DOMException('the worker did not wait any longer', 'AbortError'));
      await within(ended, LAST_WORDS_MS);
    }
    end(redis);
    await within(Promise.all([ended, swept]), LAST_WORDS_MS);
  }

  let closing: Promise<void> | undefined;
  return {
    poke: () => sweep.poke(),
    usage: () => ({ slotsHeld: slots.held, slotsWaiting: slots.waiting, openConnections: openScopes.size }),
    async close() {
      closing ??= closeAll();
      await closing;
    },
  };
}
