/** A worker process in this process: a loop that feeds itself and reconciles, over a Redis and a network that fail. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { parseSettings } from '@fresh-scim/connections';
import { type Directory, DirectoryUnavailable, type Scope } from '@fresh-scim/directory';
import { type Budget, createFreshserviceClient } from '@fresh-scim/freshservice';
import type { FaultKind } from '@fresh-scim/freshservice-sim';
import { reconcile, type World } from '@fresh-scim/reconciler';
import { openFaultyDirectory } from './faulty-redis.ts';
import { Killed, Life } from './life.ts';
import { type Fault, isOfSimulator, type Operations } from './operations.ts';
import type { Times } from './times.ts';

/** What a worker works with. */
export interface Surroundings {
  readonly redis: Redis;
  readonly scope: Scope;
  readonly upstream: { readonly baseUrl: string; readonly apiKey: string };
  /** The agent whose API key it is. */
  readonly ownerId: number;
  readonly operations: Operations;
  readonly times: Times;
  /** Whether a process may be frozen between its last check and the socket: its own clock then does not help it. */
  readonly mayFreeze: boolean;
  /** Makes the simulator spoil the next request. */
  spoilNext(kind: FaultKind): void;
  /** Makes the simulator hold the next request, and let it in, or forget it; `cut` resets its connection. */
  holdNext(until: (cut: () => void) => Promise<'let in' | 'forget'>): void;
  /** Takes that back. */
  holdNone(): void;
  readonly sabotage?: Sabotage;
}

/** For the twins: takes a guard away from a directory. */
export type Sabotage = (directory: Directory, redis: Redis) => Directory;

/** A worker that a case drives. */
export interface Worker {
  readonly life: Life;
  /** Reconciles once whatever is due. @throws what neither a fault nor an outage explains: a defect */
  round(): Promise<void>;
  close(): Promise<void>;
}

export function startWorker(around: Surroundings, life = new Life()): Worker {
  const { redis, scope, operations, upstream, times, mayFreeze, sabotage = (whole) => whole } = around;
  const directory = sabotage(openFaultyDirectory(redis, scope, 'redis', life, operations), redis);
  const client = createFreshserviceClient({
    ...upstream,
    budget: faultyBudget(around, life),
    onCall: ({ method, route, outcome, effect }) =>
      operations.tell(`${method} ${route}: ${outcome}, effect ${effect}`),
    deadlineMs: mayFreeze ? times.frozenDeadlineMs : times.deadlineMs,
  });
  const world: World = {
    directory,
    freshservice: { ...client, deadlineMs: times.deadlineMs },
    settings: parseSettings({}),
    leaseMs: times.leaseMs,
    monotonicMs: () => performance.now(),
    random: () => 0.5,
    stop: (reason) => Promise.reject(new Error(`the connection was stopped: ${reason}`)),
    keyOwnerId: () => Promise.resolve(around.ownerId),
  };
  return { life, round: () => runDue(world), close: () => client.close() };
}

/** The loop of the consumer: what throws leaves its key dirty, and the key comes again. */
async function runDue(world: World): Promise<void> {
  const options = { max: 1000, refeedAfterMs: 0 };
  await survive(async () => {
    const urgent = await world.directory.feed('urgent', options);
    const normal = await world.directory.feed('normal', options);
    for (const key of new Set([...urgent, ...normal])) {
      await survive(() => reconcile(world, key, new AbortController().signal));
    }
  });
}

async function survive(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DirectoryUnavailable || error instanceof Killed)) throw error;
  }
}

/** Grants everything. Around each call there is a grant, so this is where calls are counted and fail. */
function faultyBudget(around: Surroundings, life: Life): Budget {
  return {
    take: async () => {
      await life.passes();
      const fault = around.operations.next('http', 'call');
      await beforeCall(around, life, fault);
      const ended = (): Promise<void> => afterCall(around, life, fault);
      return { answered: ended, lost: ended };
    },
    usage: () => Promise.resolve({ callsPerMinute: null, share: 1, usedLastMinute: 0, pausedMs: 0 }),
  };
}

async function beforeCall(around: Surroundings, life: Life, fault: Fault | undefined): Promise<void> {
  const startedAt = performance.now();
  // On a machine so busy that a call would land after its deadline it does not land: only a frozen process may do that.
  const ifInTime = (): 'let in' | 'forget' =>
    performance.now() - startedAt < around.times.deadlineMs ? 'let in' : 'forget';
  switch (fault?.kind) {
    case undefined:
      return;
    case 'killed-before':
      life.die();
      await around.operations.meanwhile();
      throw new Killed();
    case 'paused-before':
      await around.operations.meanwhile();
      return life.pause();
    case 'frozen':
    case 'slow':
      return around.holdNext(async () => {
        const atMostMs = fault.kind === 'slow' ? around.times.slowMs : undefined;
        await Promise.all([life.pause(atMostMs), around.operations.meanwhile()]);
        return fault.kind === 'slow' ? ifInTime() : 'let in';
      });
    case 'late':
      return around.holdNext(async (cut) => {
        cut();
        await around.operations.meanwhile();
        await sleep(around.times.slowMs);
        return ifInTime();
      });
    default:
      if (fault && isOfSimulator(fault.kind)) around.spoilNext(fault.kind);
  }
}

/** What is thrown here nobody hears: an answer outranks its book-keeping. A dead process is stopped by its next step. */
async function afterCall(around: Surroundings, life: Life, fault: Fault | undefined): Promise<void> {
  if (!fault) return;
  if (fault.kind === 'killed-after') life.die();
  around.holdNone();
  await around.operations.meanwhile();
  if (fault.kind === 'overtaken') await around.operations.releaseOthers(life);
  if (fault.kind === 'paused-after') await life.pause();
  if (fault.kind === 'slow-answer') await life.pause(around.times.slowMs);
}
