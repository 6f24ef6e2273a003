/**
 * Keeps the children of `up` running. A child is, in turn, *starting* (spawned, not yet ready), *ready*, and *waiting*
 * (it ended and is spawned again after a pause). The pause doubles from 0.2 s to 10 s and falls back to 0.2 s once a
 * child has been ready for a minute. Knows nothing of what the children do.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS_MIN = 200;
const PAUSE_MS_MAX = 10_000;
const HEALTHY_AFTER_MS = 60_000;
const READY_POLL_MS = 100;
const STOP_WITHIN_MS = 20_000;

/** A running process, started by us or taken over. */
export interface Running {
  readonly pid: number;
  /** Resolves, never rejects, with the reason in words when the process has ended. */
  readonly exited: Promise<string>;
  /** Whether it does its work now. Never rejects: a question without an answer is a no. */
  ready(): Promise<boolean>;
  /** Ends it: kindly first, by SIGKILL after `withinMs`. Resolves when it is gone; safe to repeat. */
  stop(withinMs: number): Promise<void>;
}

/** One child of the supervisor. */
export interface Child {
  readonly name: string;
  /** Starts it, or starts it again. A rejection counts as an end. */
  spawn(): Running | Promise<Running>;
  /** How long it may take to end. @default 20000 */
  readonly stopWithinMs?: number;
}

/** What happens to a child. `exited` and `failed` (it could not be spawned) are followed by a restart. */
export type SupervisorEvent =
  | { kind: 'spawned' | 'ready'; child: string; pid: number }
  | { kind: 'exited'; child: string; pid: number; why: string; restartInMs: number }
  | { kind: 'failed'; child: string; error: unknown; restartInMs: number }
  | { kind: 'stopped'; child: string };

/** Hooks, and times that tests shorten. */
export interface SupervisorOptions {
  readonly onEvent?: (event: SupervisorEvent) => void;
  /** First pause before a restart. @default 200 */
  readonly pauseMs?: number;
}

/** The children that are being kept running. */
export interface Supervisor {
  /** Resolves when every child has been ready: true; or false when it was stopped before. */
  readonly ready: Promise<boolean>;
  /** Process ids of now, by name; a child that waits for its restart is not in it. */
  pids(): ReadonlyMap<string, number>;
  /** Ends the children one after another, the last one first. Safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Spawns the children in order, each after the one before has been spawned (not: has become ready), and restarts
 * whichever ends until `stop` is called.
 */
export function supervise(children: readonly Child[], options: SupervisorOptions = {}): Supervisor {
  const { onEvent = () => undefined, pauseMs = PAUSE_MS_MIN } = options;
  const stopping = new AbortController();
  const kept: KeptChild[] = [];
  let previous: Promise<unknown> = Promise.resolve();
  for (const child of children) {
    const keeper = keep(child, previous, { onEvent, pauseMs, signal: stopping.signal });
    kept.push(keeper);
    previous = keeper.firstSpawned;
  }
  let stopped: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    stopping.abort();
    for (const keeper of kept.toReversed()) await keeper.stop();
  };
  return {
    ready: Promise.all(kept.map((keeper) => keeper.firstReady)).then((all) => all.every(Boolean)),
    pids: () => new Map(kept.flatMap(({ name, running }) => (running ? [[name, running.pid] as const] : []))),
    stop: () => (stopped ??= stopAll()),
  };
}

interface KeptChild {
  readonly name: string;
  running: Running | undefined;
  readonly firstSpawned: Promise<unknown>;
  readonly firstReady: Promise<boolean>;
  stop(): Promise<void>;
}

interface KeepOptions {
  onEvent: (event: SupervisorEvent) => void;
  pauseMs: number;
  signal: AbortSignal;
}

function keep(child: Child, after: Promise<unknown>, options: KeepOptions): KeptChild {
  const { onEvent, signal } = options;
  const spawned = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<boolean>();
  const kept: KeptChild = {
    name: child.name,
    running: undefined,
    firstSpawned: spawned.promise,
    firstReady: ready.promise,
    stop: async () => {
      await kept.running?.stop(child.stopWithinMs ?? STOP_WITHIN_MS);
      await loop;
      onEvent({ kind: 'stopped', child: child.name });
    },
  };

  /** One life, from spawn to end. Answers how long it was ready. */
  const live = async (): Promise<{ why: string; pid: number; readyMs: number }> => {
    const running = await child.spawn();
    kept.running = running;
    // stop() may have looked while this one was being spawned.
    if (signal.aborted) await running.stop(child.stopWithinMs ?? STOP_WITHIN_MS);
    else onEvent({ kind: 'spawned', child: child.name, pid: running.pid });
    spawned.resolve();
    const readyAt = await readyOrGone(running, signal);
    if (readyAt !== undefined) {
      onEvent({ kind: 'ready', child: child.name, pid: running.pid });
      ready.resolve(true);
    }
    const why = await running.exited;
    kept.running = undefined;
    return { why, pid: running.pid, readyMs: readyAt === undefined ? 0 : performance.now() - readyAt };
  };

  const run = async (): Promise<void> => {
    await after;
    let restartInMs = options.pauseMs;
    while (!signal.aborted) {
      try {
        const { why, pid, readyMs } = await live();
        if (signal.aborted) break;
        if (readyMs >= HEALTHY_AFTER_MS) restartInMs = options.pauseMs;
        onEvent({ kind: 'exited', child: child.name, pid, why, restartInMs });
      } catch (error) {
        onEvent({ kind: 'failed', child: child.name, error, restartInMs });
      }
      await pause(restartInMs, signal);
      restartInMs = Math.min(restartInMs * 2, PAUSE_MS_MAX);
    }
    spawned.resolve();
    ready.resolve(false);
  };
  const loop = run();
  return kept;
}

/** When it became ready; undefined when it ended, or the supervisor was stopped, before. */
async function readyOrGone(running: Running, signal: AbortSignal): Promise<number | undefined> {
  const gone = new AbortController();
  void running.exited.then(() => gone.abort());
  const either = AbortSignal.any([gone.signal, signal]);
  while (!either.aborted) {
    if (await running.ready()) return performance.now();
    await pause(READY_POLL_MS, either);
  }
  return undefined;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error; // Aborted is the other way to wake up.
  }
}
