/**
 * Finds a Redis server to run: the one named by FRESH_SCIM_REDIS_SERVER, one on PATH, one already downloaded, or, on
 * Debian and its relatives, one downloaded from the distribution without any right of root. No npm package ships one.
 */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { downloadRedis } from './redis-download.ts';
import { isSupportedVersion } from './redis-connection.ts';

const run = promisify(execFile);
const SERVER_NAMES = ['redis-server', 'valkey-server'] as const;

/** A server that starts, at least 6.2. */
export interface RedisBinary {
  readonly command: string;
  /** What its environment needs besides the usual, such as LD_LIBRARY_PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly origin: 'FRESH_SCIM_REDIS_SERVER' | 'PATH' | 'cache' | 'download';
}

/** No Redis can be had; the message says what to install. */
export class NoRedisError extends Error {
  override readonly name = 'NoRedisError';
}

/**
 * The first server that runs and is new enough. Needs the network only when it has to download, some 7 MB, once.
 * @param options.report gets a line about what is going on, fit for a person.
 * @throws {NoRedisError} one text that names every place it looked at and what to do.
 */
export async function provideRedis(
  options: { env?: NodeJS.ProcessEnv; report?: (line: string) => void } = {},
): Promise<RedisBinary> {
  const { env = process.env, report = () => undefined } = options;
  const looked: string[] = [];
  const named = env['FRESH_SCIM_REDIS_SERVER'];
  if (named !== undefined && named !== '') {
    const found = await tryServer(named, {}, 'FRESH_SCIM_REDIS_SERVER', looked);
    if (found === undefined)
      throw new NoRedisError(`FRESH_SCIM_REDIS_SERVER cannot be used: ${looked.join('; ')}`);
    return told(found, report);
  }
  for (const name of SERVER_NAMES) {
    const path = await findOnPath(name, env['PATH'] ?? '');
    const found = path === undefined ? undefined : await tryServer(path, {}, 'PATH', looked);
    if (found !== undefined) return told(found, report);
  }
  try {
    const downloaded = await downloadRedis(env, report);
    const found = await tryServer(
      downloaded.command,
      downloaded.env,
      downloaded.cached ? 'cache' : 'download',
      looked,
    );
    if (found !== undefined) return told(found, report);
  } catch (error) {
    looked.push(error instanceof Error ? error.message : String(error));
  }
  throw new NoRedisError(
    [
      'No Redis or Valkey server (6.2 or newer) was found.',
      'Install one (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis),',
      'or set REDIS_URL to one that runs, or FRESH_SCIM_REDIS_SERVER to the program.',
      `Tried: ${['redis-server and valkey-server on PATH', ...looked].join('; ')}.`,
    ].join('\n'),
  );
}

function told(found: RedisBinary, report: (line: string) => void): RedisBinary {
  report(`Redis ${found.version} from ${found.origin} (${found.command})`);
  return found;
}

async function tryServer(
  command: string,
  env: Readonly<Record<string, string>>,
  origin: RedisBinary['origin'],
  looked: string[],
): Promise<RedisBinary | undefined> {
  try {
    const { stdout } = await run(command, ['--version'], {
      env: { ...process.env, ...env },
      timeout: 10_000,
    });
    const version = /\bv=(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version !== undefined && isSupportedVersion(version)) return { command, env, version, origin };
    looked.push(`${command} is ${version === undefined ? 'no Redis server' : `${version}, older than 6.2`}`);
  } catch (error) {
    looked.push(`${command} does not run (${firstLine(error)})`);
  }
  return undefined;
}

async function findOnPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue; // Not in this folder: look into the next one.
    }
  }
  return undefined;
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return ((stderr ?? '').trim() || (message ?? String(error))).split('\n')[0] ?? '';
}
