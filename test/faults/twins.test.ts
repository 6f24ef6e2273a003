/**
 * The twins of the sweeps: with one guard taken away, the same cases must not hold. So it is the guards that keep the
 * world right, and the harness that would notice.
 */
import type { Redis } from 'ioredis';
import type { Directory } from '@fresh-scim/directory';
import { describe, expect, it } from 'vitest';
import { overtakings, singleFaults } from './cases.ts';
import { onlyCase } from './describe-sweep.ts';
import { recordKey } from './layout.ts';
import type { Kind } from './operations.ts';
import type { MeanwhileName, ScenarioName } from './scenarios.ts';
import { countOperations, findFailures, openTheatre } from './sweep.ts';
import type { Sabotage } from './worker.ts';

/** A guard, how to take it away, and where that shows. */
interface Twin {
  readonly guard: string;
  readonly sabotage: Sabotage;
  readonly scenario: ScenarioName;
  readonly meanwhile: MeanwhileName;
  /** Where the fault has to be for it to show; a worker that is overtaken, when absent. */
  readonly kinds?: readonly Kind[];
}

/** What the next lease shows is what this makes of it. */
const seeing =
  (change: (lease: Lease) => Partial<Lease>): Sabotage =>
  (directory) => ({
    ...directory,
    acquire: async (key, leaseMs) => {
      const lease = await directory.acquire(key, leaseMs);
      return 'state' in lease ? lease : { ...lease, ...change(lease) };
    },
  });
type Lease = Parameters<Directory['renew']>[0];

/** Everybody is the newest holder of every key, whenever it asks. */
const withoutLease: Sabotage = (directory, redis) => {
  const seize = async ({ key, fence }: Lease): Promise<void> => {
    await redis.hset(recordKey(directory.scope, key), 'fence', fence, 'leaseTill', '9999999999999');
  };
  return {
    ...directory,
    acquire: async (key, leaseMs) => {
      await redis.hset(recordKey(directory.scope, key), 'leaseTill', '0');
      return directory.acquire(key, leaseMs);
    },
    intend: async (lease, ...rest) => seize(lease).then(() => directory.intend(lease, ...rest)),
    record: async (lease, ...rest) => seize(lease).then(() => directory.record(lease, ...rest)),
    settle: async (lease, ...rest) => seize(lease).then(() => directory.settle(lease, ...rest)),
    postpone: async (lease, ...rest) => seize(lease).then(() => directory.postpone(lease, ...rest)),
  };
};

/** A settle that never minds what happened since the load. */
const withoutWakeSeq: Sabotage = (directory, redis) => ({
  ...directory,
  settle: async (lease, how) =>
    directory.settle({ ...lease, wakeSeq: await loadWakeSeq(redis, directory, lease) }, how),
});

const loadWakeSeq = async (redis: Redis, { scope }: Directory, { key }: Lease): Promise<string> =>
  (await redis.hget(recordKey(scope, key), 'wakeSeq')) ?? '';

const TRIES_MAX = 5;

const TWINS: readonly Twin[] = [
  {
    guard: 'an intent before each call',
    sabotage: (directory) => ({ ...directory, intend: () => Promise.resolve({ result: 'ok' }) }),
    scenario: 'create',
    meanwhile: 'rename',
    kinds: ['killed-before', 'refused', 'paused-before'],
  },
  {
    guard: 'the look that resolves an intent',
    sabotage: seeing(() => ({ intent: undefined })),
    scenario: 'create',
    meanwhile: 'rename',
    kinds: ['killed-before', 'refused', '504-after'],
  },
  {
    guard: 'the wait until nothing can be in flight',
    sabotage: seeing(({ intent }) => ({ intent: intent && { ...intent, deadlineAt: 0 } })),
    scenario: 'rename',
    meanwhile: 'rename',
    kinds: ['late'],
  },
  { guard: 'the lease', sabotage: withoutLease, scenario: 'rename', meanwhile: 'rename' },
  {
    guard: 'the suspicion of a holder that lost its lease',
    sabotage: seeing(() => ({ suspect: false })),
    scenario: 'rename',
    meanwhile: 'rename',
  },
  {
    guard: 'the memory of what such a holder made',
    sabotage: seeing(() => ({ strays: [], strayAddresses: [] })),
    scenario: 'create',
    meanwhile: 'rename',
    kinds: ['frozen'],
  },
  {
    guard: 'wakeSeq',
    sabotage: withoutWakeSeq,
    scenario: 'change',
    meanwhile: 'rename',
    kinds: ['calm', 'slow'],
  },
  {
    guard: 'the owner of the account',
    sabotage: (directory) => ({
      ...directory,
      intend: (lease, { step, lookupBy, generation, looks }, callMs) =>
        directory.intend(lease, { step, lookupBy, generation, looks }, callMs),
    }),
    scenario: 'delete',
    meanwhile: 'repost',
    kinds: ['slow'],
  },
];

describe.skipIf(onlyCase !== undefined)('the sweep notices when there is not', () => {
  it.for(TWINS)('$guard', async ({ sabotage, scenario, meanwhile, kinds }) => {
    await using whole = await openTheatre();
    const counts = await countOperations(whole, scenario);
    const cases = kinds
      ? singleFaults(scenario, counts, meanwhile).filter(({ faults }) =>
          faults.some(({ kind }) => kinds.includes(kind)),
        )
      : overtakings(scenario, counts, meanwhile);
    expect(await findFailures(whole, cases)).toEqual([]);
    await using theatre = await openTheatre(sabotage);
    // Where it takes two to be at work at the same time, a busy machine may need more than one try.
    let isNoticed = false;
    for (let tries = 0; tries < TRIES_MAX && !isNoticed; tries += 1) {
      const failed = await findFailures(theatre, cases);
      isNoticed = failed.some(({ problems }) => problems.some(({ where }) => where === 'freshservice'));
    }
    expect(isNoticed).toBe(true);
  });
});
