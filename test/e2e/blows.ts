/** What may happen to a running installation, and the proof that it lost nothing. */
import { expect } from 'vitest';
import { evolve } from '@fresh-scim/entra-sim';
import { until } from '../support/poll.ts';
import { isRunning } from '../support/runtime-process.ts';
import { childrenOf, gone, killNow, redisPidOf, restarted } from './processes.ts';
import type { ChildName } from './processes.ts';
import { waiting } from './world.ts';
import type { World } from './world.ts';

/** Something that ends processes, and waits until they are there again. */
export type Blow = (world: World) => Promise<void>;

/** Enough that everything is still under way when the blow falls. */
const JOINERS = 40;

/** SIGKILL of all processes of one kind. */
export function killChildren(name: ChildName): Blow {
  return async (world) => {
    const { pid } = world.up();
    const before = await childrenOf(pid, name);
    await killNow(...before);
    await restarted(pid, name, before);
  };
}

/** SIGKILL of the embedded Redis. */
export const killRedis: Blow = async ({ dataDir }) => {
  const before = await redisPidOf(dataDir);
  await killNow(before);
  await until('another Redis', async () => {
    const now = await redisPidOf(dataDir);
    return now !== before && isRunning(now);
  });
};

/** SIGKILL of the supervisor: its children must end, Redis must go on and be taken over. */
export const killSupervisor: Blow = async (world) => {
  const children = await world.children();
  const redis = await redisPidOf(world.dataDir);
  await killNow(world.up().pid);
  await gone(children);
  expect(isRunning(redis)).toBe(true);
  await world.start();
  expect(await redisPidOf(world.dataDir)).toBe(redis);
};

/** SIGKILL of everything at once. */
export const killEverything: Blow = async (world) => {
  const redis = await redisPidOf(world.dataDir);
  await killNow(world.up().pid, ...(await world.children()), redis);
  await world.start();
};

/** A day of the tenant, with the blow in the middle of its cycle; then Entra tries until it has reached everybody. */
export async function dayWith(blow: Blow, world: World, day: number): Promise<void> {
  const { tenant, directory, simulator } = world;
  evolve(tenant, day, { joiners: JOINERS, renames: 4, titles: 4, phones: 2, leavers: 3 });
  const { calls } = simulator.stats();
  const cycle = world.cycle();
  await until('work to be under way', async () => {
    const left = await waiting(directory);
    return left !== undefined && left > 10 && simulator.stats().calls > calls + 3;
  });
  await blow(world);
  await cycle;
  await world.reachEverybody();
}

/** Freshservice is as Entra wants it: nobody lost, nobody twice, no call refused. */
export async function expectInStep(world: World): Promise<void> {
  await world.settle();
  expect(world.compare()).toMatchObject({
    mismatches: [],
    duplicates: [],
    missing: [],
    unexpectedActive: [],
  });
  expect(world.simulator.stats()).toMatchObject({ duplicates: [], refused: 0 });
  expect(await world.directory.status()).toMatchObject({ dirty: 0, parked: 0, held: 0 });
}
