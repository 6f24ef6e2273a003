/**
 * How a commit wakes a worker, off the request's path. A wake is a hint: the store knows what is due, and the workers'
 * sweep finds whatever was not told here. So nothing is awaited, nothing is retried, and a failure is only reported.
 *
 * Per connection: urgent keys are added as they come, those that come while an add is under way together in the next
 * one; for normal ones the window is filled 50 ms after the first, once for all of them.
 */
import type { Redis, RedisOptions } from 'ioredis';
import { connect, end } from './connection.ts';
import { type Lane, type QueueScope, scopeIdOf } from './names.ts';
import { type Prompt, createPrompt } from './prompt.ts';
import { openLaneQueue } from './queues.ts';
import { type ErrorSink, throttled, toError, within } from './bounds.ts';
import { type Offer, WINDOW_KEYS, addWakes, fillWindow } from './window.ts';

/** What a waker is made of. */
export interface WakerOptions {
  /** Where the queues live; the waker opens one connection for all of them. */
  readonly redis: RedisOptions;
  /** The directory's feed: at most `max` keys that should be put into BullMQ now. See `Offer`. */
  feed(scope: QueueScope, lane: Lane, max: number): Promise<readonly string[]>;
  /** Told of failures, at most once in 5 s. The wakes concerned are made by the workers' sweep. */
  onError(error: Error): void;
  /** Connections whose queues are kept open; the least recently woken idle one is closed beyond. @default 200 */
  readonly scopesMax?: number;
}

/** Wakes workers. */
export interface Waker {
  /** Never throws and is not to be waited for. Urgent: adds this key now. Normal: feeds the window within 50 ms. */
  wake(scope: QueueScope, key: string, lane: Lane): void;
  /** Takes no more wakes, makes those that were asked for (at most 2 s), and ends the connection. Safe to repeat. */
  close(): Promise<void>;
}

const DEBOUNCE_MS = 50;
const ERROR_INTERVAL_MS = 5_000;
const CLOSE_MS = 2_000;
const SCOPES_MAX = 200;

/** Opens a waker. It works, and forgets wakes, whether Redis answers or not. */
export function createWaker(options: WakerOptions): Waker {
  const report = throttled(
    (error) => options.onError(error),
    ERROR_INTERVAL_MS,
    () => performance.now(),
  );
  const redis = connect(options.redis, report);
  const scopesMax = options.scopesMax ?? SCOPES_MAX;
  /** In the order of their last wake, oldest first. */
  const open = new Map<string, ScopeWaker>();
  let closing: Promise<void> | undefined;

  function scopeWaker(scope: QueueScope): ScopeWaker {
    const id = scopeIdOf(scope);
    const offer = async (max: number): Promise<readonly string[]> => options.feed(scope, 'normal', max);
    const waker = open.get(id) ?? openScopeWaker(redis, scope, offer, report);
    open.delete(id);
    open.set(id, waker);
    return waker;
  }

  /** Busy ones are left alone: their number is bounded by what is under way, and they are closed at a later wake. */
  function closeOldest(): void {
    for (const [id, waker] of open) {
      if (open.size <= scopesMax) return;
      if (waker.busy()) continue;
      open.delete(id);
      waker.close().catch((error: unknown) => report(toError(error)));
    }
  }

  async function closeAll(): Promise<void> {
    const flushed = Promise.all([...open.values()].map(async (waker) => waker.close()));
    await within(flushed, CLOSE_MS);
    end(redis);
  }

  return {
    wake(scope, key, lane) {
      if (closing !== undefined) return;
      try {
        scopeWaker(scope).wake(key, lane);
        closeOldest();
      } catch (error) {
        report(toError(error));
      }
    },
    async close() {
      closing ??= closeAll();
      await closing;
    },
  };
}

interface ScopeWaker {
  wake(key: string, lane: Lane): void;
  busy(): boolean;
  close(): Promise<void>;
}

function openScopeWaker(redis: Redis, scope: QueueScope, offer: Offer, report: ErrorSink): ScopeWaker {
  const urgentQueue = openLaneQueue(redis, scope, 'urgent');
  const normalQueue = openLaneQueue(redis, scope, 'normal');
  for (const queue of [urgentQueue, normalQueue]) queue.on('error', report);
  let urgentKeys = new Set<string>();

  const addUrgent = createPrompt(async () => {
    const keys = [...urgentKeys];
    urgentKeys = new Set();
    await reporting(report, async () => addWakes(urgentQueue, 'urgent', keys));
  });
  const fillNormal = createPrompt(async () =>
    reporting(report, async () => fillWindow(normalQueue, 'normal', offer)),
  );
  const prompts: readonly Prompt[] = [addUrgent, fillNormal];

  return {
    wake(key, lane) {
      if (lane === 'normal') {
        fillNormal.ask(DEBOUNCE_MS);
        return;
      }
      // While Redis is away the set grows to a window and no further; what is beyond, the sweep finds.
      if (urgentKeys.size < WINDOW_KEYS.urgent) urgentKeys.add(key);
      addUrgent.ask(0);
    },
    busy: () => prompts.some((prompt) => prompt.busy()),
    async close() {
      await Promise.all(prompts.map(async (prompt) => prompt.flush()));
      await Promise.all([urgentQueue.close(), normalQueue.close()]);
    },
  };
}

async function reporting(report: ErrorSink, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    report(toError(error));
  }
}
