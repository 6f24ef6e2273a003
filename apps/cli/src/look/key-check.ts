// Checks an API key and what it may see, and says it in words.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Connection } from '@fresh-scim/connections';
import { BudgetExhausted, checkPermissions, createFreshserviceClient } from '@fresh-scim/freshservice';
import type { Budget, PermissionCheck } from '@fresh-scim/freshservice';
import { CliError, EXIT } from '../failure.ts';
import type { Io } from '../io.ts';
import { budgetOf } from './connection-status.ts';

/** Whom to ask, with which key. */
export interface KeyToCheck {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** A connection to the same account, whose calls per minute the check has to share; undefined for a new account. */
  readonly known: Connection | undefined;
}

/** For an account that nobody has called yet: five calls, one at a time. */
const unmetered: Budget = {
  take: () => Promise.resolve({ answered: () => Promise.resolve(), lost: () => Promise.resolve() }),
  usage: () => Promise.resolve({ callsPerMinute: null, share: 1, usedLastMinute: 0, pausedMs: 0 }),
};

/** Somebody waits for the check, so it waits for its turn: as long as an account's window is, and then no longer. */
const PATIENCE_MS = 65_000;

/** A budget whose refusals are waited out, with a word about it. */
function patient(budget: Budget, io: Io): Budget {
  const until = performance.now() + PATIENCE_MS;
  return {
    ...budget,
    take: async (options) => {
      for (;;) {
        try {
          return await budget.take(options);
        } catch (error) {
          const isOver = !(error instanceof BudgetExhausted) || performance.now() + error.retryInMs > until;
          if (isOver) throw error;
          io.hint(`waits   ${Math.ceil(error.retryInMs / 1000)} s for a call of this account to become free`);
          await sleep(error.retryInMs, undefined, options.signal ? { signal: options.signal } : {});
        }
      }
    },
  };
}

/**
 * Tries the key and tells each result as a hint. At most five calls; changes nothing.
 * @throws {CliError} rate-limited, when the account's calls are used up for longer than a minute
 */
export async function checkKey(redis: Redis, io: Io, key: KeyToCheck): Promise<readonly PermissionCheck[]> {
  const budget = key.known === undefined ? unmetered : patient(budgetOf(redis, key.known), io);
  const client = createFreshserviceClient({ baseUrl: key.baseUrl, apiKey: key.apiKey, budget });
  try {
    const { checks } = await checkPermissions(client);
    for (const { check, ok, problem, fix } of checks) {
      io.hint(ok ? `ok      ${check}` : `failed  ${check}: ${problem ?? ''} ${fix ?? ''}`);
    }
    return checks;
  } catch (error) {
    if (!(error instanceof BudgetExhausted)) throw error;
    const seconds = Math.ceil(error.retryInMs / 1000);
    throw new CliError(
      EXIT.failed,
      'rate-limited',
      'The calls per minute of this account are used up.',
      `Try again in ${seconds} seconds.`,
    );
  } finally {
    await client.close();
  }
}

/**
 * The same, for a key that is about to be used.
 * @throws {CliError} check-failed, rate-limited
 */
export async function demandGoodKey(redis: Redis, io: Io, key: KeyToCheck): Promise<void> {
  const failed = (await checkKey(redis, io, key)).filter(({ ok }) => !ok);
  const [first] = failed;
  if (first === undefined) return;
  throw new CliError(
    EXIT.failed,
    'check-failed',
    `Nothing was stored. ${failed.map(({ check, problem }) => `${check}: ${problem ?? 'failed'}`).join(' ')}`,
    first.fix ?? 'Try again.',
  );
}
