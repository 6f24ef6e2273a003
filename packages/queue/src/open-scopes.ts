/**
 * The connections that a process has Workers open for, and the way out of each.
 *
 * A connection is *closed* (not in here), *open*, or *closing*: its Workers finish what they hold. A closing one is
 * closed when they have ended, at the latest after `closeMs`: a Worker that cannot end, because Redis went away at
 * that moment, must not keep its connection shut.
 */
import { type ErrorSink, toError, within } from './bounds.ts';
import { type QueueScope, scopeIdOf } from './names.ts';
import type { ScopeWorkers } from './scope-workers.ts';

/** A connection that has Workers. */
export interface OpenScope {
  readonly workers: ScopeWorkers;
  /** When it last had something to do; milliseconds that only grow. */
  busyAt: number;
  closing: boolean;
}

/** What the set of open connections is made of. */
export interface OpenScopesOptions {
  openWorkers(scope: QueueScope): ScopeWorkers;
  readonly closeMs: number;
  onOpened(scope: QueueScope): void;
  onClosed(scope: QueueScope): void;
  readonly onError: ErrorSink;
}

/** The open and closing connections of a process. */
export interface OpenScopes {
  readonly size: number;
  find(scope: QueueScope): OpenScope | undefined;
  /** To be called for a connection that is closed. */
  open(scope: QueueScope): OpenScope;
  /** Closes in the background: a job that runs on must not hold up the sweep. Safe to repeat. */
  close(opened: OpenScope): void;
  closeUnless(isKept: (scope: QueueScope) => boolean): void;
  /** Resolves when all Workers that were told to close have ended. */
  ended(): Promise<void>;
}

/** An empty set of open connections. */
export function createOpenScopes(options: OpenScopesOptions): OpenScopes {
  const scopes = new Map<string, OpenScope>();
  /** The ends of Workers that were told to close. */
  const leaving = new Set<Promise<void>>();

  function close(opened: OpenScope): void {
    if (opened.closing) return;
    opened.closing = true;
    const { workers } = opened;
    const ended = workers
      .close()
      .catch((error: unknown) => options.onError(toError(error)))
      .finally(() => leaving.delete(ended));
    leaving.add(ended);
    within(ended, options.closeMs)
      .then(() => {
        scopes.delete(scopeIdOf(workers.scope));
        options.onClosed(workers.scope);
      })
      .catch((error: unknown) => options.onError(toError(error)));
  }

  return {
    get size() {
      return scopes.size;
    },
    find: (scope) => scopes.get(scopeIdOf(scope)),
    open(scope) {
      const opened: OpenScope = {
        workers: options.openWorkers(scope),
        busyAt: performance.now(),
        closing: false,
      };
      scopes.set(scopeIdOf(scope), opened);
      options.onOpened(scope);
      return opened;
    },
    close,
    closeUnless(isKept) {
      for (const opened of scopes.values()) if (!isKept(opened.workers.scope)) close(opened);
    },
    async ended() {
      await Promise.all(leaving);
    },
  };
}
