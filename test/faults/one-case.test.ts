/** Runs the one case that FAULT_CASE names, and tells every operation of it. */
import { expect, it } from 'vitest';
import { parseCase } from './cases.ts';
import { onlyCase } from './describe-sweep.ts';
import { runCase } from './run-case.ts';
import { describeVerdict, openTheatre } from './sweep.ts';

it.runIf(onlyCase !== undefined)('the case of FAULT_CASE holds', async () => {
  await using theatre = await openTheatre();
  const verdict = await runCase(theatre, parseCase(onlyCase ?? ''));
  process.stderr.write(`${describeVerdict(verdict)}\n`);
  expect(verdict.problems).toEqual([]);
});
