/** The processes that an `up` has started, found by asking the system, as somebody who kills them would. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../support/poll.ts';
import { isRunning } from '../support/runtime-process.ts';

const run = promisify(execFile);

/** Which process of ours. */
export type ChildName = 'scim-api' | 'worker' | 'console' | 'simulator';

const PROGRAMS: Readonly<Record<ChildName, string>> = {
  'scim-api': 'apps/scim-api/src/main.ts',
  worker: 'apps/worker/src/main.ts',
  console: 'apps/console/src/main.ts',
  simulator: 'packages/freshservice-sim/src/main.ts',
};

/** Process ids of the children of a supervisor that run this program. */
export async function childrenOf(supervisorPid: number, name: ChildName): Promise<number[]> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .filter(([, , parent, args]) => Number(parent) === supervisorPid && args?.includes(PROGRAMS[name]))
    .map(([, pid]) => Number(pid));
}

/** The embedded Redis of a data folder. */
export async function redisPidOf(dataDir: string): Promise<number> {
  return Number(await readFile(join(dataDir, 'redis/redis.pid'), 'utf8'));
}

/** Kills for certain, and waits until they are gone. */
export async function killNow(...pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await gone(pids);
}

/** Waits until none of them runs. */
export async function gone(pids: readonly number[]): Promise<void> {
  await until('processes to be gone', () => pids.every((pid) => !isRunning(pid)));
}

/** A child of this name that is another one than before. */
export async function restarted(
  supervisorPid: number,
  name: ChildName,
  before: readonly number[],
): Promise<void> {
  await until(`${name} to be started again`, async () =>
    (await childrenOf(supervisorPid, name)).some((pid) => !before.includes(pid)),
  );
}
