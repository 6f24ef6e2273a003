/**
 * Random sequences of everything that may happen to people and their keys, on a real Redis, against a model in memory.
 * After each step every invariant is read from Redis itself. `FRESH_SCIM_SEED` replays a failure with the seed that it
 * printed; `FRESH_SCIM_LONG=1` runs many more sequences, from a seed of its own.
 */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reached, Real } from './directory-step.ts';
import { steps } from './directory-steps.ts';
import { emptyModel } from './directory-model.ts';
import { openBench } from './directory-support.ts';

const isLong = process.env['FRESH_SCIM_LONG'] === '1';
const SEQUENCES = isLong ? 5000 : 200;
/** What sequences have to come to. */
const REACHED: readonly Reached[] = [
  'claimed',
  'first written',
  'followed',
  'not shown',
  'parted',
  'shown',
  'vanished',
];
const DEFAULT_SEED = 20_260_301;

test(`${SEQUENCES} sequences keep every invariant`, { timeout: 1_800_000 }, async () => {
  const seed = Number(process.env['FRESH_SCIM_SEED'] ?? (isLong ? Date.now() : DEFAULT_SEED));
  let done = 0;
  const reached: Real['reached'] = new Set();
  const account = `t${randomUUID().slice(0, 8)}`;
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      done += 1;
      await using bench = openBench(`${account}-${done}`);
      const real: Real = { bench, directory: bench.directory, leases: [], reached };
      await fc.asyncModelRun(() => ({ model: emptyModel(), real }), commands);
    }),
    { seed, numRuns: SEQUENCES },
  );
  expect(done).toBe(SEQUENCES);
  if (isLong || seed === DEFAULT_SEED) expect([...reached].sort()).toEqual(REACHED);
});
