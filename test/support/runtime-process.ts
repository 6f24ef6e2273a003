/** Starts scripts of ours in processes of their own and reads the JSON lines that they print. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { until } from './poll.ts';

/** A line that a script printed. */
type Line = Readonly<Record<string, unknown>>;

/** A running script. */
export interface ScriptProcess {
  readonly pid: number;
  /** All lines so far. */
  readonly lines: readonly Line[];
  /** The first line that holds all of `fields`, from the `from`-th line on. */
  line(fields: Line, from?: number): Promise<Line>;
  /** Sends the signal and resolves with the exit code (null: killed) when it is gone. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs `test/support/programs/<name>.ts` with these arguments, at most until the test ends; its stderr goes to the tests'. */
export function startScript(name: string, ...args: string[]): ScriptProcess {
  const script = `${import.meta.dirname}/programs/${name}.ts`;
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  // Also when the test fails: one that lived on would hold the tests' stderr open, and the run would never end.
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines: Line[] = [];
  createInterface(child.stdout).on('line', (text) => lines.push(JSON.parse(text) as Line));
  return {
    pid: child.pid ?? 0,
    lines,
    line: (fields, from = 0) =>
      until(`a line with ${JSON.stringify(fields)}`, () =>
        lines.slice(from).find((line) => Object.entries(fields).every(([key, value]) => line[key] === value)),
      ),
    kill: async (signal) => {
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}

/** Whether a process runs; one that is dead and not reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const state =
      process.platform === 'linux' ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] : 'R';
    return !state?.startsWith('Z');
  } catch {
    return false; // Not there, or gone between the two questions.
  }
}
