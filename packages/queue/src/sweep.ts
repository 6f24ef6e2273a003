/**
 * The sweep: each second every listed connection is asked what is due, and its Workers are opened, fed or closed.
 *
 * Something due opens a connection and fills its windows. Nothing due for `idleMs`, and nothing left in BullMQ,
 * closes it; so does not being listed any more (removed, paused), which leaves its jobs where they are.
 *
 * Invariants: the sweep needs nothing that BullMQ remembers, so its queues may be emptied at any time. An error while
 * asking is never read as "nothing due" or "not listed". One connection's error stops no other's sweep.
 */
import type { Redis } from 'ioredis';
import { type ErrorSink, forEachLimited, toError } from './bounds.ts';
import { LANES, type QueueScope, scopeIdOf } from './names.ts';
import type { OpenScopes } from './open-scopes.ts';
import { createPrompt } from './prompt.ts';
import { countsOf, openLaneQueue } from './queues.ts';

/** Keys whose time has come, per lane. */
export interface DueKeys {
  readonly urgent: number;
  readonly normal: number;
}

/** What a sweep is made of. */
export interface SweepOptions {
  readonly redis: Redis;
  readonly openScopes: OpenScopes;
  readonly idleMs: number;
  scopes(): Promise<readonly QueueScope[]>;
  due(scope: QueueScope): Promise<DueKeys>;
  readonly onError: ErrorSink;
}

/** A sweep that goes on until it is closed. */
export interface Sweep {
  /** Sweeps now instead of within a second. */
  poke(): void;
  /** Resolves when a sweep under way has ended. Opens nothing afterwards. */
  close(): Promise<void>;
}

const SWEEP_MS = 1_000;
const SWEEP_CONCURRENCY = 8;

/** Starts to sweep, at once. */
export function startSweep(options: SweepOptions): Sweep {
  const { openScopes, onError } = options;
  /** Closed connections that are known to have left no unfinished job in BullMQ. */
  const clean = new Set<string>();
  let closed = false;

  async function visit(scope: QueueScope): Promise<void> {
    const due = await options.due(scope);
    const isDue = due.urgent + due.normal > 0;
    let opened = openScopes.find(scope);
    if (opened?.closing === true) return;
    if (opened === undefined) {
      if (!isDue && (clean.has(scopeIdOf(scope)) || (await isClean(options, scope)))) {
        clean.add(scopeIdOf(scope));
        return;
      }
      if (closed) return;
      clean.delete(scopeIdOf(scope));
      opened = openScopes.open(scope);
    }
    // The urgent lane always: a deferred key whose time has come is found by the feed, and only then has its lane; a
    // full normal window would not ask.
    opened.workers.fill('urgent');
    if (due.normal > 0) opened.workers.fill('normal');
    const now = performance.now();
    if (isDue || opened.workers.active() > 0) {
      opened.busyAt = now;
    } else if (now - opened.busyAt >= options.idleMs) {
      // Jobs of a killed process have to be found stalled by somebody, due or not.
      if ((await opened.workers.unfinished()) > 0) opened.busyAt = now;
      else openScopes.close(opened);
    }
  }

  async function sweepOnce(): Promise<void> {
    const scopes = await options.scopes();
    const listed = new Set(scopes.map(scopeIdOf));
    openScopes.closeUnless((scope) => listed.has(scopeIdOf(scope)));
    for (const id of clean) if (!listed.has(id)) clean.delete(id);
    await forEachLimited(scopes, SWEEP_CONCURRENCY, async (scope) => {
      try {
        await visit(scope);
      } catch (error) {
        onError(toError(error));
      }
    });
  }

  const next = createPrompt(async () => {
    try {
      await sweepOnce();
    } catch (error) {
      onError(toError(error));
    }
    next.ask(SWEEP_MS);
  });
  next.ask(0);

  return {
    poke: () => next.ask(0),
    async close() {
      closed = true;
      await next.close();
    },
  };
}

/** Whether no unfinished job of this connection is in BullMQ, left there by an earlier life of some process. */
async function isClean({ redis, onError }: SweepOptions, scope: QueueScope): Promise<boolean> {
  for (const lane of LANES) {
    const queue = openLaneQueue(redis, scope, lane);
    queue.on('error', onError);
    try {
      const { waiting, active, delayed } = await countsOf(queue);
      if (waiting + active + delayed > 0) return false;
    } finally {
      await queue.close();
    }
  }
  return true;
}
