// Whether Redis keeps what Entra was told is done.
import type { Redis } from 'ioredis';
import { checkRedis, infoFields } from '@fresh-scim/runtime';
import type { RedisProblem } from '@fresh-scim/runtime';
import { notChecked, ok, warn, wrong } from './check.ts';
import type { Check } from './check.ts';

const MEMORY_WARNING_SHARE = 0.75;
const MEMORY_PROBLEM_SHARE = 0.9;

const NAMES = {
  answers: 'Redis answers',
  version: 'Redis version',
  eviction: 'Redis eviction',
  aof: 'Redis append-only file',
  writes: 'Redis last write',
  fsync: 'Redis appendfsync',
  memory: 'Redis memory',
} as const;

const NAME_OF: Readonly<Record<RedisProblem['code'], string>> = {
  unreachable: NAMES.answers,
  loading: NAMES.answers,
  version: NAMES.version,
  eviction: NAMES.eviction,
  'no-aof': NAMES.aof,
  'aof-failing': NAMES.writes,
};

/** A Redis that does not answer is a problem like others. `answers`: whether the store can be asked. */
export async function examineRedis(redis: Redis): Promise<{ answers: boolean; checks: Check[] }> {
  const problems = await checkRedis(redis);
  if (problems.some(({ code }) => code === 'unreachable')) {
    return { answers: false, checks: problems.map(toCheck) };
  }
  const info = infoFields(await redis.info());
  const checks = judgeRedis(problems, info, await loadAppendfsync(redis));
  // While it loads it refuses everything else.
  return { answers: !problems.some(({ code }) => code === 'loading'), checks };
}

/** @param appendfsync undefined where the server does not tell */
export function judgeRedis(
  problems: readonly RedisProblem[],
  info: ReadonlyMap<string, string>,
  appendfsync: string | undefined,
): Check[] {
  const found = new Map(problems.map((problem) => [NAME_OF[problem.code], toCheck(problem)]));
  const judged = [NAMES.answers, NAMES.version, NAMES.eviction, NAMES.aof, NAMES.writes].map(
    (name) => found.get(name) ?? ok(name),
  );
  return [...judged, judgeAppendfsync(info.get('aof_enabled') !== '0', appendfsync), judgeMemory(info)];
}

function toCheck({ code, message }: RedisProblem): Check {
  const [problem = message, ...rest] = message.split('; ');
  return wrong(
    NAME_OF[code],
    `${problem}.`,
    `${capital(rest.join('; ') || 'See docs/operations.md, Redis')}.`,
  );
}

function judgeAppendfsync(hasAof: boolean, appendfsync: string | undefined): Check {
  if (!hasAof) return notChecked(NAMES.fsync, 'There is no append-only file.');
  const fix = 'Set appendfsync to always, or accept it; docs/operations.md, Redis, says what happens then.';
  switch (appendfsync) {
    case 'always':
      return ok(NAMES.fsync);
    case undefined:
      return notChecked(NAMES.fsync, 'This Redis does not tell (CONFIG GET is refused).');
    case 'everysec':
      return warn(
        NAMES.fsync,
        'It is everysec: a crash loses the last second of changes that Entra counts as done, more on a slow disk.',
        fix,
      );
    default:
      return wrong(
        NAMES.fsync,
        `It is ${appendfsync}: a crash of the machine may lose half a minute of changes that Entra counts as done.`,
        fix,
      );
  }
}

function judgeMemory(info: ReadonlyMap<string, string>): Check {
  const used = Number(info.get('used_memory'));
  const limit = Number(info.get('maxmemory')) || Number(info.get('total_system_memory'));
  if (!(used > 0) || !(limit > 0)) return notChecked(NAMES.memory, 'This Redis does not tell.');
  const share = used / limit;
  if (share < MEMORY_WARNING_SHARE) return ok(NAMES.memory);
  const words = `${Math.round(share * 100)}% of ${Math.round(limit / 1_048_576)} MB are used; a full Redis refuses changes.`;
  const fix = 'Give Redis more memory (maxmemory), or its machine; count 3 kB a person.';
  return share < MEMORY_PROBLEM_SHARE ? warn(NAMES.memory, words, fix) : wrong(NAMES.memory, words, fix);
}

async function loadAppendfsync(redis: Redis): Promise<string | undefined> {
  try {
    const reply: unknown = await redis.config('GET', 'appendfsync');
    const value: unknown = Array.isArray(reply) ? reply[1] : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch (error) {
    // Managed servers refuse CONFIG, or do not know it.
    if (error instanceof Error && error.name === 'ReplyError') return undefined;
    throw error;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
