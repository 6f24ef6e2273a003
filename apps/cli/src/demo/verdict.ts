// Compares the simulated account with the tenant, person by person, and says the result in a short table.
import { compare } from '@fresh-scim/entra-sim';
import { CliError, EXIT } from '../failure.ts';
import { toList } from '../table.ts';
import type { Played } from './play.ts';
import type { AccountPeople, AccountStats } from './simulated-account.ts';

/** Look-ups and conflicts included, this many calls are needed for a change at most. */
const CALLS_PER_CHANGE_MAX = 1.02;
/** Somebody with two addresses is looked up before the create; among few people that does not average out. */
const EXTRA_CALLS_ALLOWED = 2;

/** The result of a demo; what is wrong, and what was done. */
export interface Verdict {
  readonly created: number;
  readonly changed: number;
  readonly deactivated: number;
  readonly reactivated: number;
  readonly applied: number;
  readonly calls: number;
  readonly callsPerChange: number;
  readonly refused: number;
  /** Attributes that differ, people without an account, and accounts that should not be active. */
  readonly mismatches: number;
  readonly duplicates: number;
}

/** Judges what was played by what the account shows. */
export function verdictOf({ tenant, applied }: Played, people: AccountPeople, stats: AccountStats): Verdict {
  const comparison = compare(tenant, people);
  const changesOf = (route: string): number => stats.byRoute[route]?.changes ?? 0;
  return {
    created: changesOf('requesters.create'),
    changed: changesOf('requesters.update'),
    deactivated: changesOf('requesters.deactivate'),
    reactivated: changesOf('requesters.reactivate'),
    applied,
    calls: stats.calls,
    callsPerChange: applied === 0 ? 0 : stats.calls / applied,
    refused: stats.refused,
    mismatches: comparison.mismatches.length + comparison.missing.length + comparison.unexpectedActive.length,
    duplicates: Math.max(comparison.duplicates.length, stats.duplicates.length),
  };
}

/** The table for a person. */
export function toVerdictText(verdict: Verdict, requests: number): string {
  return toList([
    ['SCIM requests of Entra', requests],
    ['People created', verdict.created],
    ['People changed', verdict.changed],
    ['People deactivated', verdict.deactivated],
    ['People reactivated', verdict.reactivated],
    ['Calls per applied change', verdict.callsPerChange.toFixed(3)],
    ['Refused calls (429)', verdict.refused],
    ['Mismatches', verdict.mismatches],
    ['Duplicates', verdict.duplicates],
  ]);
}

/** Everything that is not as promised; empty when all is well. */
export function problemsOf(verdict: Verdict): string[] {
  const { mismatches, duplicates, refused, applied, calls, callsPerChange } = verdict;
  const isWasteful = callsPerChange > CALLS_PER_CHANGE_MAX && calls - applied > EXTRA_CALLS_ALLOWED;
  return [
    ...(mismatches > 0 ? [`${mismatches} mismatches`] : []),
    ...(duplicates > 0 ? [`${duplicates} duplicates`] : []),
    ...(refused > 0 ? [`${refused} refused calls`] : []),
    ...(isWasteful
      ? [`${callsPerChange.toFixed(3)} calls per applied change (at most ${CALLS_PER_CHANGE_MAX})`]
      : []),
  ];
}

/** @throws {CliError} demo-failed, naming everything that is not as promised */
export function demandGood(verdict: Verdict): void {
  const problems = problemsOf(verdict);
  if (problems.length === 0) return;
  throw new CliError(
    EXIT.failed,
    'demo-failed',
    `The demo found: ${problems.join(', ')}.`,
    'Run it again without --exit, and look at the console and at "fresh-scim failures simulator".',
  );
}
