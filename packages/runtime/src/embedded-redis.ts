/**
 * The Redis that `up` brings along, in `<data folder>/redis`. It is no ordinary child: it outlives a supervisor that
 * was killed, and the next one takes it over. Two servers on one append-only file would ruin it, so the order is:
 * hold the folder's lock (the caller), ask whoever may still run there, start one only when nobody does.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisAddress } from './embedded-address.ts';
import { askRedis } from './embedded-probe.ts';
import { findRunningRedis } from './embedded-take-over.ts';
import { writePrivateFile } from './private-file.ts';
import { isProcessAlive } from './process-alive.ts';
import type { RedisBinary } from './redis-binary.ts';
import { lastLogLine, rotateLog } from './redis-log.ts';
import { redisSettings } from './redis-settings.ts';
import { exitOf } from './spawn-node.ts';
import type { Child, Running } from './supervise.ts';

/** A million people load in about 20 s. */
const LOAD_WITHIN_MS = 300_000;
const LOAD_POLL_MS = 25;
const WATCH_MS = 200;
const STOP_WITHIN_MS = 30_000;

/** What to run and where. The caller holds the lock of `dataDir`. */
export interface EmbeddedRedisOptions {
  readonly dataDir: string;
  readonly binary: RedisBinary;
  /** `always`: acknowledged means on disk. `everysec` may lose a second or, on a slow disk, more. @default 'always' */
  readonly appendfsync?: 'always' | 'everysec';
  /** For a restart, the address that others already know: fails rather than listen elsewhere. */
  readonly url?: string;
}

/** The running server. */
export interface EmbeddedRedis extends Running {
  /** `unix://...`, or `redis://` with a password: not for logs. */
  readonly url: string;
  /** It was found alive, started by a supervisor before this one. */
  readonly takenOver: boolean;
}

/**
 * Takes over the server of this folder, or starts one; resolves when it answers and has loaded its data.
 * @throws when it ends at once (with the last line of its log), or when a process holds the folder without answering.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const dir = join(resolve(options.dataDir), 'redis');
  const pidFile = join(dir, 'redis.pid');
  await mkdir(dir, { recursive: true, mode: 0o700 });

  const known = await redisAddress(dir, 'known');
  const found = known === undefined ? undefined : await findRunningRedis(dir, pidFile, known.url);
  if (known === undefined || found === undefined) return startServer(options, dir, pidFile);

  const exited = endOfStranger(found);
  await loaded(known.url, found, exited);
  return asRunning({ url: known.url, pid: found, takenOver: true, exited });
}

/** Hands a server that runs already to the supervisor, which starts it again at the same address if it ends. */
export function keepRedis(first: EmbeddedRedis, options: EmbeddedRedisOptions): Child {
  let waiting: EmbeddedRedis | undefined = first;
  return {
    name: 'redis',
    stopWithinMs: STOP_WITHIN_MS,
    spawn: () => {
      const redis = waiting ?? startEmbeddedRedis({ ...options, url: first.url });
      waiting = undefined;
      return redis;
    },
  };
}

async function startServer(
  options: EmbeddedRedisOptions,
  dir: string,
  pidFile: string,
): Promise<EmbeddedRedis> {
  const { binary, appendfsync = 'always' } = options;
  const address = await redisAddress(dir, options.url === undefined ? 'free' : 'known');
  if (address === undefined || (options.url !== undefined && options.url !== address.url)) {
    throw new Error('the address of the embedded Redis has changed; restart fresh-scim');
  }
  const settingsFile = join(dir, 'redis.conf');
  const logFile = join(dir, 'redis.log');
  await rotateLog(logFile);
  const settings = redisSettings({ address: address.settings, dir, pidFile, logFile, appendfsync });
  await writePrivateFile(settingsFile, settings);

  const server = spawn(binary.command, [settingsFile], {
    env: { ...inherited(), ...binary.env },
    cwd: dir,
    detached: true, // Neither Ctrl-C nor the supervisor's own death may reach it.
    stdio: 'ignore',
  });
  const exited = exitOf(server);
  const { pid } = server;
  if (pid === undefined) throw new Error(`${binary.command} does not start: ${await exited}`);
  // Redis writes the same a little later. Now, so that at no moment it runs where the next supervisor cannot find it.
  writeFileSync(pidFile, `${pid}\n`, { mode: 0o600 });
  server.unref();
  try {
    await loaded(address.url, pid, exited);
  } catch (error) {
    if (isProcessAlive(pid)) process.kill(pid, 'SIGTERM');
    throw new Error(`Redis did not start: ${await lastLogLine(logFile)} (see ${logFile})`, { cause: error });
  }
  return asRunning({ url: address.url, pid, takenOver: false, exited });
}

/** What a server needs of our environment; not the rest, which holds secrets. */
function inherited(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TZ', 'LANG', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function asRunning(redis: Pick<EmbeddedRedis, 'url' | 'pid' | 'takenOver' | 'exited'>): EmbeddedRedis {
  const { url, pid, exited } = redis;
  return {
    ...redis,
    ready: async () => {
      const answer = await askRedis(url);
      return answer?.pid === pid && !answer.loading;
    },
    stop: async (withinMs) => {
      // On SIGTERM it writes what is in memory, syncs its file and ends.
      signalIfAlive(pid, 'SIGTERM');
      const timer = setTimeout(() => signalIfAlive(pid, 'SIGKILL'), withinMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function signalIfAlive(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (isProcessAlive(pid)) process.kill(pid, signal);
}

/** Resolves at the end of a process that is not our child. Watching it does not keep this process alive. */
async function endOfStranger(pid: number): Promise<string> {
  while (isProcessAlive(pid)) await sleep(WATCH_MS, undefined, { ref: false });
  return 'it ended';
}

async function loaded(url: string, pid: number, exited: Promise<string>): Promise<void> {
  let end: string | undefined;
  void exited.then((why) => {
    end = why;
  });
  const deadline = performance.now() + LOAD_WITHIN_MS;
  while (performance.now() < deadline) {
    const answer = await askRedis(url);
    if (answer?.pid === pid && !answer.loading) return;
    if (end !== undefined) throw new Error(end);
    await sleep(LOAD_POLL_MS);
  }
  throw new Error(`it was not ready within ${LOAD_WITHIN_MS / 1_000} s`);
}
