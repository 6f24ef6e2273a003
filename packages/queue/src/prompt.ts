/**
 * Something that is done soon after it was asked for, once for many askings, and never twice at the same time.
 *
 * States: idle; waiting (a timer is set; an earlier asking moves it forward, a later one changes nothing); running;
 * running with an asking noted, which starts waiting when the run has ended. Closed is final.
 */

/** A debounced task with one flight at a time. */
export interface Prompt {
  /** Asks for a run in `delayMs`, or earlier if one is set already. 0 starts it now, unless one is running. */
  ask(delayMs: number): void;
  /** Whether a run is under way or set. */
  busy(): boolean;
  /** Takes no further asking, runs now what was asked for, and resolves when the last run has ended. Safe to repeat. */
  flush(): Promise<void>;
  /** Takes no further asking, forgets what was asked for, and resolves when the last run has ended. Safe to repeat. */
  close(): Promise<void>;
}

/** @param run must not reject: it reports its own failures */
export function createPrompt(run: () => Promise<void>): Prompt {
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let running: Promise<void> | undefined;
  let nextDelayMs: number | undefined;
  let closed = false;

  function start(): void {
    timer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    running = run().finally(() => {
      running = undefined;
      const delayMs = nextDelayMs;
      nextDelayMs = undefined;
      if (delayMs !== undefined) schedule(delayMs);
    });
  }

  function schedule(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (timerAt <= at) return;
    clearTimeout(timer);
    if (delayMs === 0) {
      start();
      return;
    }
    timerAt = at;
    timer = setTimeout(start, delayMs);
  }

  /** Forgets the timer and the noted asking; true when there was one. */
  function forget(): boolean {
    const asked = timer !== undefined || nextDelayMs !== undefined;
    clearTimeout(timer);
    timer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    nextDelayMs = undefined;
    return asked;
  }

  return {
    ask(delayMs) {
      if (closed) return;
      if (running === undefined) schedule(delayMs);
      else nextDelayMs = Math.min(nextDelayMs ?? delayMs, delayMs);
    },
    busy: () => running !== undefined || timer !== undefined,
    async flush() {
      closed = true;
      const asked = forget();
      await running;
      if (asked) await run();
    },
    async close() {
      closed = true;
      forget();
      await running;
    },
  };
}
