/** Two faults in one run: the second one also hits the repair of the first. FAULT_SEED chooses other pairs. */
import { describe, it } from 'vitest';
import { type Counts, pairsOfFaults } from './cases.ts';
import { isLong, onlyCase } from './describe-sweep.ts';
import { type ScenarioName, SCENARIOS } from './scenarios.ts';
import { assertAllHold, countOperations, openTheatre } from './sweep.ts';

const scenarios = Object.keys(SCENARIOS) as ScenarioName[];
const seed = Number(process.env['FAULT_SEED'] ?? 1);
const PARTS = isLong ? 8 : 1;
const PAIRS_PER_PART = 500;

describe.skipIf(onlyCase !== undefined)('two faults', () => {
  it.for(Array.from({ length: PARTS }, (_, part) => seed + part))('of seed %i', async (partSeed) => {
    await using theatre = await openTheatre();
    const counts = new Map<ScenarioName, Counts>();
    for (const scenario of scenarios) counts.set(scenario, await countOperations(theatre, scenario));
    const countsOf = (scenario: ScenarioName): Counts =>
      counts.get(scenario) ?? { redis: 0, http: 0, entra: 0 };
    await assertAllHold(theatre, pairsOfFaults(scenarios, countsOf, PAIRS_PER_PART, partSeed));
  });
});
