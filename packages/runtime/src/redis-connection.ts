/**
 * How a process talks to Redis: addresses, the two kinds of connection, and whether a server is fit to keep what was
 * acknowledged. Knows no key. "commands" connections fail at once while Redis is away, so that a request can be
 * answered 503; "blocking" ones wait for ever, because BullMQ's workers must outlive an outage.
 */
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

/** What a connection is for; see the head of this file. */
export type RedisPurpose = 'commands' | 'blocking';

/** Something about a Redis server that makes it unfit, in words. `code` is stable and fit for a program. */
export interface RedisProblem {
  readonly code: 'unreachable' | 'loading' | 'version' | 'eviction' | 'no-aof' | 'aof-failing';
  readonly message: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 3_000;
const SOCKET_TIMEOUT_MS = 10_000;
const RECONNECT_MS_MIN = 50;
const RECONNECT_MS_MAX = 1_000;

/**
 * The ioredis options of an address: `redis://[user[:password]@]host[:port][/db]`, `rediss://` for TLS, or
 * `unix:///path/to/socket[?db=N]`. They reconnect for ever, 50 ms to 1 s apart.
 * @throws {TypeError} when the address is of none of these forms; the text never repeats the address.
 */
export function redisOptions(url: string): RedisOptions & { replyMapping: 'legacy' } {
  return {
    ...addressOf(url),
    // ioredis's own default; named because its types take no options without it.
    replyMapping: 'legacy',
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(RECONNECT_MS_MIN * 2 ** Math.min(attempt - 1, 10), RECONNECT_MS_MAX),
  };
}

function addressOf(url: string): RedisOptions {
  if (!URL.canParse(url)) throw new TypeError('a Redis address must be a URL');
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  const credentials = {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
  if (protocol === 'unix:') {
    if (hostname !== '' || pathname.length < 2)
      throw new TypeError('a Redis socket is unix:///path/to/socket');
    return {
      path: decodeURIComponent(pathname),
      db: databaseOf(searchParams.get('db') ?? ''),
      ...credentials,
    };
  }
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new TypeError('a Redis address must begin with redis://, rediss:// or unix://');
  }
  return {
    host: hostname === '' ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    db: databaseOf(pathname.slice(1)),
    ...credentials,
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

function databaseOf(text: string): number {
  if (!/^\d{0,4}$/.test(text)) throw new TypeError('the database of a Redis address must be a number');
  return Number(text);
}

/**
 * Connects in the background; commands may be issued at once. On a "commands" connection each ends within 3 s: it is
 * refused as soon as an attempt to connect fails, and one that was under way when the connection broke is refused
 * with its effect unknown, never sent twice. Close it with `disconnect()` or `quit()`.
 * @param onError is told of every broken connection; by default nothing is, because the failing commands tell it.
 */
export function connectRedis(
  url: string,
  purpose: RedisPurpose,
  onError: (error: Error) => void = () => undefined,
): Redis {
  const options: RedisOptions =
    purpose === 'blocking'
      ? { maxRetriesPerRequest: null }
      : // 0: whatever waits or is under way when the connection closes is refused then, not replayed later.
        { maxRetriesPerRequest: 0, commandTimeout: COMMAND_TIMEOUT_MS, socketTimeout: SOCKET_TIMEOUT_MS };
  const redis = new OneWriteRedis({ ...options, ...redisOptions(url) });
  redis.on('error', onError);
  return redis;
}

/**
 * Sends the commands of one turn of the event loop in one write, where ioredis has a write, and Redis a read and an
 * answer, for each. Under load that is up to a fifth of all CPU of a request. The turn's I/O is over when it is flushed,
 * so no command waits for one that is not there yet. (ioredis' own auto-pipelining costs a fifth more, and holds back
 * whatever comes while a pipeline is under way.)
 */
class OneWriteRedis extends Redis {
  override sendCommand(...command: Parameters<Redis['sendCommand']>): unknown {
    const { stream } = this; // not there before the first attempt to connect
    if (stream && stream.writableCorked === 0) {
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    return super.sendCommand(...command);
  }
}

/**
 * Everything that makes this server unfit to keep acknowledged changes; empty when it is fit. Asks with INFO only, so
 * it also works where CONFIG is forbidden. Never throws: a server that does not answer is a problem in words.
 */
export async function checkRedis(redis: Redis): Promise<RedisProblem[]> {
  let text: string;
  try {
    text = await redis.info();
  } catch {
    // The error's own text may name the address with its password.
    return [{ code: 'unreachable', message: 'Redis does not answer; start it, or correct REDIS_URL' }];
  }
  return problemsOf(infoFields(text));
}

/** The `name:value` lines of INFO. */
export function infoFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** The judgement of `checkRedis` on the fields of INFO. A field that is absent (a managed server) is not judged. */
export function problemsOf(info: ReadonlyMap<string, string>): RedisProblem[] {
  const problems: RedisProblem[] = [];
  const add = (code: RedisProblem['code'], message: string): void => {
    problems.push({ code, message });
  };
  const version = info.get('redis_version') ?? '';
  if (!isSupportedVersion(version)) add('version', `Redis ${version} is too old; 6.2 or newer is needed`);
  if (info.get('loading') === '1') add('loading', 'Redis is still loading its data; this ends by itself');
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    add('eviction', `Redis may throw data away (maxmemory-policy ${policy}); set it to noeviction`);
  }
  if (info.get('aof_enabled') === '0') {
    add(
      'no-aof',
      'Redis does not keep an append-only file; set appendonly to yes, or a restart loses changes',
    );
  }
  if ((info.get('aof_last_write_status') ?? 'ok') !== 'ok') {
    add(
      'aof-failing',
      'Redis cannot write its append-only file and refuses changes; look at its disk and its log',
    );
  }
  return problems;
}

/** Whether `major.minor...` is 6.2 or newer; an unreadable version counts as new enough. */
export function isSupportedVersion(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return true;
  return major > 6 || (major === 6 && minor >= 2);
}
