// Compares the simulated account with the tenant, person by person, and says the result in a short table.
import { compare } from '@fresh-scim/entra-sim';
import type { Comparison, Tenant } from '@fresh-scim/entra-sim';
import { CliError, EXIT } from '../failure.ts';
import { toList } from '../table.ts';
import type { Played } from './play.ts';
import type { Strangers } from './furnish.ts';
import { liveCallsOf } from './simulated-account.ts';
import type { Account, AccountStats } from './simulated-account.ts';

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
  /** Of live work. */
  readonly calls: number;
  /** For imports and lists, and for departments. */
  readonly otherCalls: number;
  readonly callsPerChange: number;
  /** Second calls that could not be saved: reactivating somebody clears department, location and manager. */
  readonly secondCalls: number;
  readonly restartCalls: number;
  readonly departmentsCreated: number;
  readonly managersSet: number;
  readonly refused: number;
  /** Attributes that differ, people without an account, and accounts that should not be active. */
  readonly mismatches: number;
  /** How many of which kind, in words. */
  readonly mismatchKinds: string;
  /** What the account has no equal for, as invented for a few people. */
  readonly unresolvable: number;
  readonly duplicates: number;
  /** People of others who were changed. */
  readonly strangersChanged: number;
}

/** What is judged. */
export interface Evidence {
  readonly tenant: Tenant;
  readonly played: Played;
  readonly account: Account;
  readonly stats: AccountStats;
  readonly strangers: Strangers;
}

/** Judges what was played by what the account shows. */
export function verdictOf({ tenant, played, account, stats, strangers }: Evidence): Verdict {
  const { users, departments, locations, fields } = account;
  const { applied, restartCalls, reports } = played;
  const comparison = compare(tenant, users, {
    departments,
    locations,
    fields,
    bystanders: new Set(strangers.keys()),
  });
  const changesOf = (route: string): number => stats.byRoute[route]?.changes ?? 0;
  const isFull = tenant.people().some(({ details }) => details !== undefined);
  const calls = liveCallsOf(stats);
  const reactivated = changesOf('requesters.reactivate') + changesOf('agents.reactivate');
  return {
    created: changesOf('requesters.create'),
    changed: changesOf('requesters.update') + changesOf('agents.update'),
    deactivated: changesOf('requesters.deactivate') + changesOf('agents.deactivate'),
    reactivated,
    applied,
    calls,
    otherCalls: stats.calls - calls,
    callsPerChange: applied === 0 ? 0 : calls / applied,
    secondCalls: isFull ? reactivated : 0,
    restartCalls,
    departmentsCreated: changesOf('departments.create'),
    managersSet: reports.reduce((sum, { managers }) => sum + managers.sent, 0),
    refused: stats.refused,
    mismatches: comparison.mismatches.length + comparison.missing.length + comparison.unexpectedActive.length,
    mismatchKinds: toKinds(comparison),
    unresolvable: comparison.unresolvable.length,
    duplicates: Math.max(comparison.duplicates.length, stats.duplicates.length),
    strangersChanged: users.filter(({ id, updated_at: at }) => (strangers.get(id) ?? at) !== at).length,
  };
}

/** `2 missing, 1 manager`: never a value, which could be a person's. */
function toKinds({ mismatches, missing, unexpectedActive }: Comparison): string {
  const kinds = [
    ...missing.map(() => 'missing'),
    ...unexpectedActive.map(() => 'unexpectedly active'),
    ...mismatches.map(({ field }) => field),
  ];
  return [...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
}

/** The table for a person. */
export function toVerdictText(verdict: Verdict, requests: number): string {
  return toList([
    ['SCIM requests of Entra', requests],
    ['People created', verdict.created],
    ['People changed', verdict.changed],
    ['People deactivated', verdict.deactivated],
    ['People reactivated', verdict.reactivated],
    ['Departments created', verdict.departmentsCreated],
    ['Managers sent', verdict.managersSet],
    ['Calls per applied change', verdict.callsPerChange.toFixed(3)],
    ['Calls for import and lists', verdict.otherCalls],
    ['Calls for a restart of provisioning', verdict.restartCalls],
    ['Refused calls (429)', verdict.refused],
    ['Without an equal in the account', verdict.unresolvable],
    ['Mismatches', verdict.mismatches],
    ['Duplicates', verdict.duplicates],
    ['Strangers changed', verdict.strangersChanged],
  ]);
}

/** Everything that is not as promised; empty when all is well. */
export function problemsOf(verdict: Verdict): string[] {
  const { mismatches, duplicates, refused, applied, calls, callsPerChange, secondCalls } = verdict;
  const { restartCalls, strangersChanged } = verdict;
  const wasted = calls - secondCalls - applied;
  const isWasteful = wasted > EXTRA_CALLS_ALLOWED && wasted > applied * (CALLS_PER_CHANGE_MAX - 1);
  return [
    ...(mismatches > 0 ? [`${mismatches} mismatches (${verdict.mismatchKinds})`] : []),
    ...(duplicates > 0 ? [`${duplicates} duplicates`] : []),
    ...(refused > 0 ? [`${refused} refused calls`] : []),
    ...(restartCalls > 0 ? [`${restartCalls} calls for a restart of provisioning`] : []),
    ...(strangersChanged > 0 ? [`${strangersChanged} changes of people whom Entra does not know`] : []),
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
