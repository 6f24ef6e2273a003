/**
 * Runs the fresh-scim command as an operator does: a process of its own, with the environment given here only. Whatever
 * still runs when the tests of a file are over is ended then, in order, as it brings processes of its own along.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { until } from '../support/poll.ts';

const MAIN = join(import.meta.dirname, '../../apps/cli/src/main.ts');
/** Of a command that hangs; far beyond what the slowest machine takes. */
const END_WITHIN_MS = 300_000;
const LINE_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 90_000;

const running = new Set<ReturnType<typeof start>>();

afterAll(async () => {
  await Promise.all(Array.from(running, stop));
});

/** What a command printed and how it ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs on, such as `up`. */
export interface RunningCommand {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Waits for a line on stdout. */
  line(text: string): Promise<void>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Any free port for everything that listens; nothing of the environment of the tests but PATH and HOME. */
export function environment(dataDir: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, LD_LIBRARY_PATH, FRESH_SCIM_REDIS_SERVER } = process.env;
  return {
    PATH,
    HOME,
    // Without it this Node may not start.
    LD_LIBRARY_PATH,
    FRESH_SCIM_REDIS_SERVER,
    FRESH_SCIM_DATA_DIR: dataDir,
    SCIM_PORT: '0',
    SCIM_OPS_PORT: '0',
    WORKER_OPS_PORT: '0',
    CONSOLE_PORT: '0',
    CONSOLE_OPS_PORT: '0',
    ...more,
  };
}

/** Runs a command to its end. */
export async function runCommand(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  stdin = '',
): Promise<Ended> {
  const { child, stdout, stderr, ended } = start(env, args);
  child.stdin?.end(stdin);
  const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  const exitCode = await ended;
  clearTimeout(timer);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

/** Starts a command that runs until it is told to end. */
export function startCommand(env: NodeJS.ProcessEnv, ...args: readonly string[]): RunningCommand {
  const { child, stdout, stderr, ended } = start(env, args);
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    line: async (text) => {
      await until(
        `the line "${text}"`,
        () => {
          if (stdout().split('\n').includes(text)) return true;
          if (hasEnded) throw new Error(`it ended without the line "${text}"`);
          return false;
        },
        LINE_WITHIN_MS,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}; it has said:\n${stdout()}${stderr()}`, { cause: error });
      });
    },
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

function start(env: NodeJS.ProcessEnv, args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  const started = { child, ended, stdout: () => out, stderr: () => err };
  running.add(started);
  const forget = (): void => void running.delete(started);
  void ended.then(forget, forget);
  return started;
}

/** SIGTERM, and SIGKILL when that does not help. */
async function stop({ child, ended }: ReturnType<typeof start>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}
