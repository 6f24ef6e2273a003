/**
 * How a process of ours ends: on SIGTERM, SIGINT or SIGHUP it runs its steps in order under one deadline and exits 0; a
 * second signal exits at once. A child of `up` also ends when its parent is gone.
 */
import type { Logger } from 'pino';

/** Shells, npm and a terminal deliver one Ctrl-C several times; only a signal this much later is a second one. */
const SECOND_SIGNAL_AFTER_MS = 1_000;
/** A child must be gone 5 s after its parent; the rest is for noticing and for exiting. */
const ORPHAN_EXIT_MS = 4_000;

/** One thing to do on the way out: stop accepting, drain, close. */
export interface ShutdownStep {
  readonly name: string;
  run(): Promise<unknown> | void;
}

/** What an end is allowed to take. */
export interface ShutdownOptions {
  readonly logger?: Logger;
  /** The process exits with 1 when its steps take longer. @default 20000 */
  readonly deadlineMs?: number;
}

/** Begins the same end without a signal. */
export interface Shutdown {
  /** Runs the steps and exits; safe to repeat. `why` is logged. */
  begin(why: string): void;
}

/** Installs the signal handlers. A step that throws is logged, and the next one runs; the exit code is then 1. */
export function onShutdown(steps: readonly ShutdownStep[], options: ShutdownOptions = {}): Shutdown {
  const { logger, deadlineMs = 20_000 } = options;
  let begunAt: number | undefined;

  const begin = (why: string): void => {
    if (begunAt !== undefined) return;
    begunAt = performance.now();
    logger?.info({ why }, 'stopping');
    setTimeout(() => {
      logger?.error({ deadlineMs }, 'stopping took too long');
      process.exit(1);
    }, deadlineMs);
    void runSteps(steps, logger).then((clean) => process.exit(clean ? 0 : 1));
  };

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (begunAt !== undefined && performance.now() - begunAt > SECOND_SIGNAL_AFTER_MS) process.exit(1);
      begin(signal);
    });
  }
  return { begin };
}

async function runSteps(steps: readonly ShutdownStep[], logger: Logger | undefined): Promise<boolean> {
  let clean = true;
  for (const step of steps) {
    try {
      await step.run();
    } catch (error) {
      clean = false;
      logger?.error({ err: error, step: step.name }, 'a step of stopping failed');
    }
  }
  return clean;
}

/**
 * Ends this process within 5 s of losing the IPC channel to the process that started it, however that one died. Does
 * nothing, and answers false, when there is no channel. The channel never keeps this process alive.
 */
export function bindToParent(shutdown?: Shutdown): boolean {
  const { channel } = process;
  if (channel === undefined || channel === null) return false;
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), ORPHAN_EXIT_MS);
    if (shutdown === undefined) process.exit(1);
    shutdown.begin('the parent process is gone');
  });
  channel.unref();
  return true;
}

/** Tells the parent, where there is one, which ports this process got: `ops` is the one that it asks for /readyz. */
export function announcePorts(ports: Readonly<Record<string, number>>): void {
  process.send?.({ kind: 'ports', ports });
}
