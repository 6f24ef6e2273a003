/** The tests of one scenario: each operation fails in each way, and Entra acts in between. */
import { describe, it } from 'vitest';
import { crossings, meanwhilesOf, overtakings, singleFaults, thinned } from './cases.ts';
import type { MeanwhileName, ScenarioName } from './scenarios.ts';
import { assertAllHold, countOperations, openTheatre } from './sweep.ts';

/** The wide sweep: everything in between for every scenario, every stop of a worker, many more pairs. Takes minutes. */
export const isLong = process.env['FRESH_SCIM_LONG'] === '1';
/** The name of the only case to run; see one-case.test.ts. */
export const onlyCase = process.env['FAULT_CASE'];

/** Beyond that a scenario of many operations takes every second, third ... of them. */
const OVERTAKINGS_MAX = 120;

/** What the short run does of a scenario; the long one does everything. */
interface ShortRun {
  readonly meanwhiles: readonly MeanwhileName[];
  /** In between of which a worker that was stopped goes on in the middle of what the next one does. */
  readonly overtaken?: readonly MeanwhileName[];
}

export function describeSweep(scenario: ScenarioName, { meanwhiles, overtaken = [] }: ShortRun): void {
  const possible = meanwhilesOf(scenario);
  describe.skipIf(onlyCase !== undefined)(scenario, () => {
    it.for(possible.filter((one) => isLong || meanwhiles.includes(one)))(
      'holds when any operation fails in any way, and Entra does in between: %s',
      async (meanwhile) => {
        await using theatre = await openTheatre();
        const counts = await countOperations(theatre, scenario);
        await assertAllHold(theatre, [
          ...singleFaults(scenario, counts, meanwhile),
          ...crossings(scenario, counts, meanwhile),
        ]);
      },
    );
    it.for(possible.filter((one) => isLong || overtaken.includes(one)))(
      'holds when a stopped worker goes on in the middle of what the next one does, after: %s',
      async (meanwhile) => {
        await using theatre = await openTheatre();
        const counts = await countOperations(theatre, scenario);
        await assertAllHold(theatre, thinned(overtakings(scenario, counts, meanwhile), OVERTAKINGS_MAX));
      },
    );
  });
}
