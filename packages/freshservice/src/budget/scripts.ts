/** The budget's Lua scripts, loaded once and typed: what goes in and what comes out. The arithmetic is in lua/. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

interface Script {
  readonly source: string;
  readonly sha: string;
}

const take = loadScript('take');
const answer = loadScript('answer');
const usage = loadScript('usage');

/** What take.lua answers. */
export interface Taken {
  /** Opaque to everybody but answer.lua. */
  readonly grants: readonly string[];
  /** Until the next call of this class may be granted; 0 when all were. */
  readonly waitMs: number;
  /** At which such calls go now; 0 when they do not. */
  readonly intervalMs: number;
  /** The bucket that holds the next one back. */
  readonly heldBy: 'overall' | 'list';
}

/** Asks for as many grants as there are costs. @throws when Redis fails, or answers in another shape */
export async function runTake(
  redis: Redis,
  keys: readonly string[],
  parameters: readonly (string | number)[],
): Promise<Taken> {
  const reply = await run(redis, take, keys, parameters);
  if (!Array.isArray(reply) || !Array.isArray(reply[0]))
    throw new TypeError('take.lua answered in a wrong shape');
  return {
    grants: reply[0].map(String),
    waitMs: Number(reply[1]),
    intervalMs: Number(reply[2]),
    heldBy: reply[3] === 'list' ? 'list' : 'overall',
  };
}

/** Tells how a granted call ended. @throws when Redis fails */
export async function runAnswer(
  redis: Redis,
  keys: readonly string[],
  parameters: readonly (string | number)[],
): Promise<void> {
  await run(redis, answer, keys, parameters);
}

/** Limit per nominal window (0: unknown), our calls in the last one, milliseconds of pause left. */
export async function runUsage(
  redis: Redis,
  keys: readonly string[],
  parameters: readonly (string | number)[],
): Promise<{ limit: number; used: number; pausedMs: number }> {
  const reply = await run(redis, usage, keys, parameters);
  if (!Array.isArray(reply)) throw new TypeError('usage.lua answered in a wrong shape');
  return { limit: Number(reply[0]), used: Number(reply[1]), pausedMs: Number(reply[2]) };
}

/** Scripts cannot call each other: what they share stands in front of each. */
function loadScript(name: string): Script {
  const source = ['bucket', name]
    .map((part) => readFileSync(new URL(`./lua/${part}.lua`, import.meta.url), 'utf8'))
    .join('\n');
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

async function run(
  redis: Redis,
  script: Script,
  keys: readonly string[],
  parameters: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...parameters);
  } catch (error) {
    // A Redis that was restarted has forgotten the script; nothing has run.
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(script.source, keys.length, ...keys, ...parameters);
  }
}
