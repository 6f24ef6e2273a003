/**
 * A worker process of its own, for faults that no code in a process can stand in for: SIGKILL and SIGSTOP, which it
 * sends to itself at the operation that its task names. Prints a line before it stops. Ends by itself when there is
 * nothing left to do.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { openDirectory } from '@fresh-scim/directory';
import { Life } from './life.ts';
import { type Fault, Operations } from './operations.ts';
import type { Times } from './times.ts';
import { startWorker } from './worker.ts';

/** What the parent says, as JSON. */
export interface ChildTask {
  readonly redisUrl: string;
  readonly accountId: string;
  readonly connectionId: string;
  readonly upstream: { readonly baseUrl: string; readonly apiKey: string };
  readonly ownerId: number;
  readonly times: Times;
  /** None: the parent decides. */
  readonly faults: readonly Fault[];
}

const PAUSE_MS = 15;
/** A process whose parent is gone does not stay. */
const END_WITHIN_MS = 300_000;

/** Dying and being paused are real here. Both signals take effect before the call that sends them returns. */
class RealLife extends Life {
  override die(): void {
    process.kill(process.pid, 'SIGKILL');
  }

  override pause(): Promise<void> {
    writeSync(process.stdout.fd, 'stopped\n');
    process.kill(process.pid, 'SIGSTOP');
    return Promise.resolve();
  }
}

const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
const redis = new Redis(task.redisUrl);
const scope = { accountId: task.accountId, connectionId: task.connectionId };
const operations = new Operations(task.faults, task.times, () => Promise.resolve());
const nothing = (): void => undefined;
const worker = startWorker(
  {
    redis,
    scope,
    upstream: task.upstream,
    ownerId: task.ownerId,
    operations,
    times: task.times,
    mayFreeze: false,
    spoilNext: nothing,
    holdNext: nothing,
    holdNone: nothing,
  },
  new RealLife(),
);
operations.start();
const directory = openDirectory(redis, scope);
const deadline = performance.now() + END_WITHIN_MS;
do {
  await worker.round();
  await sleep(PAUSE_MS);
} while (performance.now() < deadline && (await directory.status()).dirty > 0);
await worker.close();
redis.disconnect();
