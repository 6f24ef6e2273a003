// Tells the operator what happens to the children: ends with the reason, and a start that takes unusually long.
import type { Child, SupervisorEvent } from '@fresh-scim/runtime';
import type { Io } from '../io.ts';
import type { Logs } from './logs.ts';

const SLOW_START_MS = 30_000;

/** Listens to the supervisor. Close it at the end. */
export interface Watch {
  readonly onEvent: (event: SupervisorEvent) => void;
  close(): void;
}

/** Watches these children from now on. */
export function watchChildren(children: readonly Child[], logs: Logs, io: Io): Watch {
  const unready = new Set(children.map(({ name }) => name));
  const timer = setInterval(() => {
    if (unready.size > 0) io.hint(`Not ready yet: ${[...unready].join(', ')}; logs are in ${logs.dir}`);
  }, SLOW_START_MS).unref();
  return {
    onEvent: (event) => {
      switch (event.kind) {
        case 'ready':
          unready.delete(event.child);
          return;
        case 'exited': {
          unready.add(event.child);
          const last = event.child === 'redis' ? '' : `: ${logs.lastLine(event.child)}`;
          io.hint(
            `${event.child} ended (${event.why}), and is started again in ${event.restartInMs} ms${last}`,
          );
          return;
        }
        case 'failed':
          io.hint(
            `${event.child} does not start: ${event.error instanceof Error ? event.error.message : 'unknown'}`,
          );
          return;
        case 'spawned':
        case 'stopped':
          return;
        default:
          event satisfies never;
      }
    },
    close: () => clearInterval(timer),
  };
}
