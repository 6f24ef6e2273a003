/** The long version of kills.test.ts: blows at random for some minutes. Run: FRESH_SCIM_LONG=1 vitest run --project e2e test/e2e/chaos.test.ts */
import { expect, test } from 'vitest';
import { dayWith, expectInStep, killChildren, killEverything, killRedis, killSupervisor } from './blows.ts';
import type { Blow } from './blows.ts';
import { findPersonalData } from './personal-data.ts';
import { openWorld } from './world.ts';

const MINUTES = Number(process.env['FRESH_SCIM_CHAOS_MINUTES'] ?? 4);
const SEED = Number(process.env['FRESH_SCIM_CHAOS_SEED'] ?? 1);
/** A day that began before the time was over, and the end. */
const DAY_MS_MAX = 900_000;

const BLOWS: readonly (readonly [name: string, blow: Blow])[] = [
  ['worker', killChildren('worker')],
  ['scim-api', killChildren('scim-api')],
  ['redis', killRedis],
  ['supervisor', killSupervisor],
  ['everything', killEverything],
];

test.runIf(process.env['FRESH_SCIM_LONG'] === '1')(
  `blows at random for ${MINUTES} minutes, seed ${SEED}`,
  { timeout: MINUTES * 60_000 + DAY_MS_MAX },
  async () => {
    const world = await openWorld({ people: 60, minuteMs: 10_000, workers: 2 });
    try {
      const random = seededRandom(SEED);
      const endsAt = performance.now() + MINUTES * 60_000;
      for (let day = 1; performance.now() < endsAt; day += 1) {
        const [name, blow] = BLOWS[Math.floor(random() * BLOWS.length)] ??
          BLOWS[0] ?? ['none', async () => undefined];
        process.stderr.write(`[chaos] day ${day}: ${name}\n`);
        await dayWith(blow, world, SEED + day);
        // Not every day: blows also fall on what the one before has left behind.
        if (random() < 0.3) await expectInStep(world);
      }
      await expectInStep(world);
      expect(await findPersonalData(world)).toEqual([]);
    } finally {
      await world.close();
    }
  },
);

/** Park and Miller's generator: the same seed gives the same blows. */
function seededRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
