/**
 * A child of `up` that runs a script of ours with this Node. It is a process group of its own, so that Ctrl-C reaches
 * only the supervisor, which then ends its children in order; the IPC channel makes it end with the supervisor.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import type { Running } from './supervise.ts';

const READY_WITHIN_MS = 2_500;

/** What to run. */
export interface SpawnNodeOptions {
  /** Path of the script. */
  readonly script: string;
  readonly args?: readonly string[];
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** File descriptor for its stdout and stderr. @default 2, because stdout belongs to the command's results */
  readonly output?: number;
  /** Told when the child says which ports it got (see `announcePorts`). */
  readonly onPorts?: (ports: Readonly<Record<string, number>>) => void;
}

/** A running Node child. */
export interface NodeChild extends Running {
  /** What it has announced so far; `ops` is asked for readiness on 127.0.0.1. */
  ports(): Readonly<Record<string, number>>;
}

/** Starts it. @throws when the process cannot be made. */
export function spawnNode(options: SpawnNodeOptions): NodeChild {
  const { script, args = [], env, output = 2, onPorts } = options;
  const child = spawn(process.execPath, [script, ...args], {
    env,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  const { pid } = child;
  // The reason of a failed spawn arrives as an event; without a listener it would end the supervisor.
  const exited = exitOf(child);
  if (pid === undefined) throw new Error(`cannot start ${process.execPath}`);

  let ports: Readonly<Record<string, number>> = {};
  child.on('message', (message) => {
    if (!isPortsMessage(message)) return;
    ports = message.ports;
    onPorts?.(ports);
  });
  return {
    pid,
    exited,
    ports: () => ports,
    ready: async () => ports['ops'] !== undefined && answersReady(ports['ops']),
    stop: (withinMs) => stopProcess(child, exited, withinMs),
  };
}

/** Resolves with the reason in words when the child has ended. */
export function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `killed by ${signal}`),
    );
  });
}

/** SIGTERM, then SIGKILL after `withinMs`; resolves when it is gone. */
async function stopProcess(child: ChildProcess, exited: Promise<string>, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await exited;
  clearTimeout(timer);
}

function isPortsMessage(message: unknown): message is { ports: Record<string, number> } {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ports';
}

function answersReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(
      { host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: READY_WITHIN_MS },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.on('close', () => resolve(false));
    call.end();
  });
}
