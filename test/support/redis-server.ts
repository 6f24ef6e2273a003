/** A Redis of a test's own: on a free loopback port, in a folder that is removed with it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis, infoFields } from '@fresh-scim/runtime';
import type { RedisBinary } from '@fresh-scim/runtime';
import { freePort } from './free-port.ts';

const START_WITHIN_MS = 15_000;
const ATTEMPTS_MAX = 3;

/** A private server and how to end it. */
export interface PrivateRedis {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server that keeps an append-only file, so that it passes `checkRedis`, but never waits for the disk. */
export async function startPrivateRedis(binary: RedisBinary, settings: string[] = []): Promise<PrivateRedis> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(binary, settings);
    } catch (error) {
      // Between choosing a port and listening on it somebody else may have taken it.
      if (attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function startOnce(binary: RedisBinary, settings: string[]): Promise<PrivateRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'fresh-scim-test-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const keeping = ['--appendonly', 'yes', '--appendfsync', 'no', '--maxmemory-policy', 'noeviction'];
  const server = spawn(binary.command, [...args, ...keeping, ...settings], {
    env: { ...process.env, ...binary.env },
    stdio: 'ignore',
  });
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  const url = `redis://127.0.0.1:${port}`;
  const { pid } = server;
  if (pid === undefined) {
    await ended; // Rejects with the reason.
    throw new Error(`${binary.command} does not start`);
  }
  try {
    await answered(url, server);
    return { url, pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for this very server: another one could have taken the port first. */
async function answered(url: string, server: ChildProcess): Promise<void> {
  const redis = connectRedis(url, 'commands');
  const deadline = performance.now() + START_WITHIN_MS;
  try {
    while (performance.now() < deadline && server.exitCode === null) {
      try {
        const info = infoFields(await redis.info('server'));
        if (info.get('process_id') !== String(server.pid)) throw new Error('another server has the port');
        return;
      } catch (error) {
        if (redis.status === 'ready') throw error;
        await sleep(20); // It is still starting.
      }
    }
    throw new Error('Redis does not answer, or ended');
  } finally {
    redis.disconnect();
  }
}
