/** Redis as one process sees it: every command is an operation that may fail. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Redis } from 'ioredis';
import { type Directory, openDirectory, type Scope } from '@fresh-scim/directory';
import type { Life } from './life.ts';
import type { Operations } from './operations.ts';

/** Which method of the directory a command belongs to. */
const method = new AsyncLocalStorage<string>();

/**
 * A directory whose commands are counted and may fail. The heartbeat of a lease is not counted, because it runs by the
 * clock: the n-th operation must be the same one in every run.
 */
export function openFaultyDirectory(
  redis: Redis,
  scope: Scope,
  family: 'redis' | 'entra',
  life: Life,
  operations: Operations,
): Directory {
  const directory = openDirectory(faulty(redis, family, life, operations), scope);
  return new Proxy(directory, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => method.run(String(name), () => Reflect.apply(value, target, args));
    },
  });
}

function faulty(redis: Redis, family: 'redis' | 'entra', life: Life, operations: Operations): Redis {
  const commands: ReadonlySet<unknown> = new Set(redis.getBuiltinCommands());
  return new Proxy(redis, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || !commands.has(name)) return value;
      return async (...args: unknown[]): Promise<unknown> => {
        const send = async (): Promise<unknown> => Reflect.apply(value, target, args);
        const label = method.getStore() ?? 'unknown';
        if (label !== 'renew') return operations.command(family, life, label, send);
        await life.passes();
        return send();
      };
    },
  });
}
