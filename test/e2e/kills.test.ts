import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayWith, expectInStep, killChildren, killEverything, killRedis, killSupervisor } from './blows.ts';
import { findPersonalData } from './personal-data.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld({ people: 40, minuteMs: 10_000, workers: 1 });
});

afterAll(() => world.close());

/** One test, because what a killed worker had in hand comes back after half a minute, and that is waited for once. */
test('SIGKILL of each process and of all, each in the middle of a cycle, loses nothing and doubles nobody', async () => {
  await dayWith(killChildren('worker'), world, 1);
  await dayWith(killChildren('scim-api'), world, 2);
  await dayWith(killRedis, world, 3);
  await dayWith(killSupervisor, world, 4);
  await dayWith(killEverything, world, 5);
  await expectInStep(world);
});

test('after all that, no log, job or metric names anybody', async () => {
  expect(await findPersonalData(world)).toEqual([]);
});
