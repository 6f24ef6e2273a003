/** Finds the Redis that a killed supervisor left running in a folder. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { askRedis } from './embedded-probe.ts';
import { isProcessAlive } from './process-alive.ts';

const run = promisify(execFile);
const DECIDE_WITHIN_MS = 10_000;
const POLL_MS = 100;

/**
 * The process id of the server that answers at this folder's address; undefined when certainly none runs.
 * @throws when one may run and does not answer within 10 s, or the pid file contradicts the answer: then nobody can
 * say that starting a second server is safe.
 */
export async function findRunningRedis(
  dir: string,
  pidFile: string,
  url: string,
): Promise<number | undefined> {
  const deadline = performance.now() + DECIDE_WITHIN_MS;
  for (;;) {
    const answer = await askRedis(url);
    const written = await readPid(pidFile);
    if (answer !== undefined) {
      if (written === undefined || written === answer.pid) return answer.pid;
      throw new Error(
        `the Redis in ${dir} says that it is process ${answer.pid}, its pid file says ${written}`,
      );
    }
    if (written === undefined || !(await isRedis(written))) return undefined;
    // It is starting, ending, or frozen.
    if (performance.now() > deadline) {
      throw new Error(
        `process ${written} looks like the Redis of ${dir} and does not answer; end it and try again`,
      );
    }
    await sleep(POLL_MS);
  }
}

async function readPid(pidFile: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A pid file outlives a reboot, and its number may belong to any program by now. */
async function isRedis(pid: number): Promise<boolean> {
  if (!isProcessAlive(pid)) return false;
  try {
    const command =
      process.platform === 'linux'
        ? await readFile(`/proc/${pid}/cmdline`, 'utf8')
        : (await run('ps', ['-p', String(pid), '-o', 'command='])).stdout;
    return /redis|valkey/.test(command);
  } catch (error) {
    if (!isProcessAlive(pid)) return false;
    throw error;
  }
}
