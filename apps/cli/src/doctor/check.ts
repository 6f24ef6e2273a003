// One thing that `doctor` looked at, and what a list of them comes to. Pure.

/** `warning` can be lived with; `not checked` says in `problem` why not. */
export type CheckState = 'ok' | 'warning' | 'problem' | 'not checked';

/** One check; names, types and states are a contract with programs of others. */
export interface Check {
  /** The same at each run. */
  readonly name: string;
  readonly state: CheckState;
  /** Name of the connection that it is about. */
  readonly connection?: string;
  /** In a sentence, when the state is not `ok`. */
  readonly problem?: string;
  /** What to do, in a sentence, where there is something to do. */
  readonly fix?: string;
}

/** All is well. */
export const ok = (name: string): Check => ({ name, state: 'ok' });

/** Something is wrong. */
export const wrong = (name: string, problem: string, fix: string): Check => ({
  name,
  state: 'problem',
  problem,
  fix,
});

/** Something that an operator may have chosen, and should know. */
export const warn = (name: string, problem: string, fix: string): Check => ({
  name,
  state: 'warning',
  problem,
  fix,
});

/** It could not be found out, or does not apply here. */
export const notChecked = (name: string, why: string): Check => ({
  name,
  state: 'not checked',
  problem: why,
});

/** The line of a check. */
export function toLine({ name, state, connection, problem, fix }: Check): string {
  const what = connection === undefined ? name : `${connection}: ${name}`;
  const words = [problem, fix].filter((sentence) => sentence !== undefined).join(' ');
  // Names of connections come from outside, and may hold codes that a terminal obeys.
  return `${state.padEnd(11)}  ${what}${words === '' ? '' : `: ${words}`}`.replaceAll(/\p{Cc}/gu, ' ');
}

/** Whether nothing is wrong; warnings, and what was not checked, do not count. */
export function isWell(checks: readonly Check[]): boolean {
  return checks.every(({ state }) => state !== 'problem');
}

/** How many of each state, in words. */
export function toSummary(checks: readonly Check[]): string {
  const states: readonly CheckState[] = ['ok', 'warning', 'problem', 'not checked'];
  return states
    .map((state) => [state, checks.filter((check) => check.state === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}
