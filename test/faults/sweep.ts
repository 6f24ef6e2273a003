/** Runs many cases side by side and says which of them do not hold, each with the command that runs it alone. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { type Counts, type FaultCase, nameOf } from './cases.ts';
import { runCase, type Stage, type Verdict } from './run-case.ts';
import type { ScenarioName } from './scenarios.ts';
import { timesOf } from './times.ts';
import type { Sabotage } from './worker.ts';

/** Cases at a time in one process. Most of them wait most of the time: for a lease or a deadline. */
const WIDTH = 24;
const TOLD_MAX = 5;
/** Longer than any rest may take. */
const CASE_MS_MAX = 600_000;
/** Within that cases without faults are over, side by side, on a machine on which all times hold as they are. */
const QUIET_MS = 1_000;
const SLOWNESS_MAX = 30;

/** A Redis connection that all cases of a file share, and accounts that are erased with it. */
export interface Theatre extends Stage, AsyncDisposable {}

export async function openTheatre(sabotage?: Sabotage): Promise<Theatre> {
  const redis = new Redis(inject('redisUrl'));
  const run = randomUUID().slice(0, 8);
  let opened = 0;
  const newAccountId = (): string => {
    opened += 1;
    return `faults-${run}-${opened}`;
  };
  const times = timesOf(await measureSlowness({ redis, newAccountId, times: timesOf(SLOWNESS_MAX) }));
  return {
    redis,
    newAccountId,
    times,
    ...(sabotage ? { sabotage } : {}),
    [Symbol.asyncDispose]: async () => {
      await eraseAccounts(redis, `{faults-${run}-*`);
      redis.disconnect();
    },
  };
}

/** How much longer cases without faults take, as many side by side as ever, than where nothing else is going on. */
async function measureSlowness(stage: Stage): Promise<number> {
  const one: FaultCase = { scenario: 'create', faults: [], meanwhile: 'nothing' };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: WIDTH }, () => runCase(stage, one)));
  const slowness = (performance.now() - startedAt) / QUIET_MS;
  return Math.min(Math.max(1, Math.ceil(slowness)), SLOWNESS_MAX);
}

async function eraseAccounts(redis: Redis, pattern: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}

/** How many operations a scenario has without faults. @throws when it does not hold even then */
export async function countOperations(stage: Stage, scenario: ScenarioName): Promise<Counts> {
  // The first run of a script that Redis does not know yet takes two commands.
  await runCase(stage, { scenario, faults: [], meanwhile: 'nothing' });
  const verdict = await runCase(stage, { scenario, faults: [], meanwhile: 'nothing' });
  if (verdict.problems.length > 0) throw new Error(describeVerdict(verdict));
  return verdict.counts;
}

/** Runs the cases. @throws when some do not hold: names them, and says of the first how to run it alone */
export async function assertAllHold(stage: Stage, cases: readonly FaultCase[]): Promise<void> {
  const failed = await findFailures(stage, cases);
  if (failed.length === 0) return;
  const names = failed.map(({ name }) => name).join('\n');
  const told = failed.slice(0, TOLD_MAX).map(describeVerdict).join('\n');
  throw new Error(`${failed.length} of ${cases.length} cases do not hold:\n${names}\n\n${told}`);
}

/** Runs the cases. @returns those that do not hold */
export async function findFailures(stage: Stage, cases: readonly FaultCase[]): Promise<Verdict[]> {
  const waiting = cases.toReversed();
  const failed: Verdict[] = [];
  const lane = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const verdict = await withinTime(stage, one);
      if (verdict.problems.length > 0) failed.push(verdict);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return failed;
}

/** A case that hangs is named, instead of taking all others with it. */
async function withinTime(stage: Stage, one: FaultCase): Promise<Verdict> {
  const over = new AbortController();
  const { signal } = over;
  const late = sleep(CASE_MS_MAX, undefined, { signal }).then(
    (): Verdict => ({
      name: nameOf(one),
      problems: [{ where: 'run', what: `hangs for ${CASE_MS_MAX} ms` }],
      counts: { redis: 0, http: 0, entra: 0 },
      trace: [],
    }),
  );
  try {
    return await Promise.race([runCase(stage, one), late]);
  } finally {
    over.abort();
    await late.catch(() => undefined);
  }
}

/** What is wrong, what happened, and how to see it again. */
export function describeVerdict({ name, problems, trace }: Verdict): string {
  return [
    `FAULT_CASE='${name}' vitest run --project faults`,
    ...problems.map(({ where, what }) => `  - ${where}: ${what}`),
    ...trace.map((line) => `      ${line}`),
  ].join('\n');
}
