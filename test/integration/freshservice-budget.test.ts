/** The budget against an account that counts as Freshservice does: never refused, and the share is used. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Budget,
  BudgetExhausted,
  type BudgetOptions,
  createBudget,
  type TakeOptions,
} from '@fresh-scim/freshservice';
import { Redis } from 'ioredis';
import { describe, expect, inject, test, type TestContext, vi } from 'vitest';
import { Account, type AccountOptions, type Answer } from './freshservice-budget-account.ts';
import { atSomeLength, shortOf } from './freshservice-budget-lengths.ts';

const PRO = { overall: 400, list: 120 };
const SHARE = 0.8;
/** Far beyond what any number of windows here takes. */
const WINDOWS_WITHIN_MS = 300_000;
const SATURATED_WITHIN_MS = 900_000;
/** So long that nothing ends it while a test looks at it. */
const ONE_WINDOW_MS = 60_000;

/** What befalls a call on its way, as parts of all calls. */
interface Misfortune {
  /** The answer is lost, and the worker says so. */
  readonly lost?: number;
  /** The worker dies: nobody says anything. */
  readonly killed?: number;
}

interface Saturation extends Misfortune {
  /** Calls under way per budget. @default 8 */
  readonly slots?: number;
}

/** One account and any number of workers that share its budget, each with a connection of its own. */
function openAccount({ onTestFinished }: TestContext, options: Partial<AccountOptions> = {}) {
  const account = new Account({ windowMs: 2000, ...PRO, ...options });
  const accountId = `budget-${randomUUID()}`;
  const connections: Redis[] = [];
  const works: { stop(): Promise<void> }[] = [];
  onTestFinished(async () => {
    account.stop();
    for (const work of works) await work.stop();
    await forget();
    for (const redis of connections) redis.disconnect();
  });

  const connect = (): Redis => {
    const redis = new Redis(inject('redisUrl'));
    connections.push(redis);
    return redis;
  };
  const join = (more: Partial<BudgetOptions> = {}): Budget =>
    createBudget({ redis: connect(), accountId, share: SHARE, windowMs: options.windowMs ?? 2000, ...more });
  const keeper = connect();
  const forget = async (): Promise<number> =>
    keeper.del(`{${accountId}}:budget:overall`, `{${accountId}}:budget:list`);
  const keepBusy = (budgets: readonly Budget[], options: TakeOptions, saturation: Saturation = {}) => {
    const work = saturate(account, budgets, options, saturation);
    works.push(work);
    return work;
  };
  return { account, connect, join, forget, keepBusy };
}

/** Takes, calls and tells. */
async function callOnce(
  account: Account,
  budget: Budget,
  options: TakeOptions,
  luck: Misfortune = {},
): Promise<Answer> {
  const grant = await budget.take(options);
  const answer = await account.call(options.bucket);
  const fate = Math.random();
  if (fate < (luck.lost ?? 0)) await grant.lost();
  else if (fate >= (luck.lost ?? 0) + (luck.killed ?? 0)) {
    await grant.answered(answer.headers, answer.status, answer.retryAfterMs);
  }
  return answer;
}

/** The same, coming back as often as the budget sends it away. */
async function callInTheEnd(
  account: Account,
  budget: Budget,
  options: TakeOptions,
  luck?: Misfortune,
): Promise<Answer> {
  for (;;) {
    try {
      return await callOnce(account, budget, options, luck);
    } catch (error) {
      if (!(error instanceof BudgetExhausted)) throw error;
      await delay(Math.min(error.retryInMs, 500));
    }
  }
}

/** Keeps `slots` calls going per budget until `stop`. */
function saturate(
  account: Account,
  budgets: readonly Budget[],
  options: TakeOptions,
  { slots = 8, ...luck }: Saturation,
): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const work = async (budget: Budget): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await callInTheEnd(account, budget, { ...options, signal: stopped.signal }, luck);
      } catch (error) {
        if (!stopped.signal.aborted) throw error;
      }
    }
  };
  const ended = Promise.all(budgets.flatMap((budget) => Array.from({ length: slots }, () => work(budget))));
  return {
    stop: async () => {
      stopped.abort();
      await ended;
    },
  };
}

/** Waits until a bucket of the account has seen `count` windows begin. */
async function windows(
  account: Account,
  count: number,
  bucket: 'overall' | 'list' = 'overall',
): Promise<void> {
  const deadline = performance.now() + WINDOWS_WITHIN_MS;
  while (account.windows[bucket].length < count) {
    if (performance.now() > deadline) throw new Error(`only ${account.windows[bucket].length} windows began`);
    await delay(10);
  }
}

const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

const NORMAL: TakeOptions = { urgency: 'normal', bucket: 'overall' };
const URGENT: TakeOptions = { urgency: 'urgent', bucket: 'overall' };

describe.concurrent('saturated for several windows', { timeout: SATURATED_WITHIN_MS }, () => {
  test.for([1, 4])('%i processes use the share and are never refused', async (count, context) => {
    await atSomeLength(async (windowMs) => {
      const { account, join, keepBusy } = openAccount(context, { windowMs });
      const work = keepBusy(
        Array.from({ length: count }, () => join()),
        NORMAL,
      );
      await windows(account, 5);
      await work.stop();
      expect(account.refused).toBe(0);
      expect(Math.max(...account.ownUse('overall'))).toBeLessThanOrEqual(SHARE * PRO.overall);
      return shortOf('calls', average(account.ownUse('overall')), 0.9 * SHARE * PRO.overall);
    });
  });

  test('with others on the account: what they leave is used, and nothing is refused', async (context) => {
    await atSomeLength(async (windowMs) => {
      const { account, join, keepBusy } = openAccount(context, { windowMs });
      account.startForeignLoad(0.3 * PRO.overall);
      const work = keepBusy([join(), join()], NORMAL);
      await windows(account, 5);
      await work.stop();
      account.stop();
      expect(account.refused).toBe(0);
      const used = account.windows.overall.slice(1, -1).map((window) => window.used);
      return shortOf('calls', average(used), 0.85 * PRO.overall);
    });
  });

  test('lost answers and killed workers cost their credit and no refusal', async (context) => {
    await atSomeLength(async (windowMs) => {
      const { account, join, keepBusy } = openAccount(context, { windowMs });
      const work = keepBusy([join(), join()], NORMAL, { lost: 0.03, killed: 0.03 });
      await windows(account, 5);
      await work.stop();
      expect(account.refused).toBe(0);
      return shortOf('calls', average(account.ownUse('overall')), 0.9 * SHARE * PRO.overall);
    });
  });

  test('an urgent call does not wait for the next window', async (context) => {
    await atSomeLength(async (windowMs) => {
      const { account, join, keepBusy } = openAccount(context, { windowMs });
      const work = keepBusy([join(), join()], NORMAL);
      const urgent = join();
      await windows(account, 2);
      /** How much of a window each call has waited. */
      const waits: number[] = [];
      for (let i = 0; i < 60; i += 1) {
        const from = performance.now();
        await callInTheEnd(account, urgent, URGENT);
        waits.push((performance.now() - from) / windowMs);
        await delay(windowMs / 40);
      }
      await work.stop();
      waits.sort((a, b) => a - b);
      expect(account.refused).toBe(0);
      const [usual = 1, longest = 1] = [waits[30], waits.at(-1)];
      return [
        ...shortOf('of a window not waited for usually', 1 - usual, 0.9),
        ...shortOf('of a window not waited for at worst', 1 - longest, 0.25),
      ];
    });
  });

  test('list calls keep to their own limit, and bulk ones get their tenth beside live ones', async (context) => {
    await atSomeLength(async (windowMs) => {
      const { account, join, keepBusy } = openAccount(context, { windowMs });
      const live = keepBusy([join(), join()], { urgency: 'normal', bucket: 'list' });
      const bulk = join();
      let pages = 0;
      await windows(account, 2, 'list');
      const before = account.windows.list.length;
      while (account.windows.list.length < before + 3) {
        try {
          await callOnce(account, bulk, { urgency: 'bulk', bucket: 'list' });
          pages += 1;
        } catch (error) {
          if (!(error instanceof BudgetExhausted)) throw error;
          await delay(Math.min(error.retryInMs, 50));
        }
      }
      await live.stop();
      expect(account.refused).toBe(0);
      const share = SHARE * PRO.list;
      return [
        ...shortOf('list calls', average(account.ownUse('list')), 0.85 * share),
        ...shortOf('bulk pages', pages / 3, 0.07 * share),
        ...shortOf('list calls left to live work', share - pages / 3, 0.75 * share),
      ];
    });
  });

  test('a start in the middle of a window that others opened costs nothing later', async (context) => {
    await atSomeLength(async (windowMs) => {
      const { account, join, keepBusy } = openAccount(context, { windowMs });
      for (let i = 0; i < 2; i += 1) account.admit('overall', true);
      await delay(0.45 * windowMs);
      const work = keepBusy([join(), join()], NORMAL);
      await windows(account, 4);
      await work.stop();
      expect(account.refused).toBe(0);
      return shortOf('calls', Math.min(...account.ownUse('overall')), 0.9 * SHARE * PRO.overall);
    });
  });

  test('state that is lost in mid-window brings no burst', async (context) => {
    const { account, join, forget, keepBusy } = openAccount(context);
    const work = keepBusy([join(), join()], NORMAL);
    await windows(account, 2);
    const lossesMs = [700, 900, 1100];
    for (const ms of lossesMs) {
      await delay(ms);
      await forget();
    }
    await windows(account, account.windows.overall.length + 2);
    await work.stop();
    expect(account.refused).toBe(0);
  });
});

test('the twin: without the budget the same work is refused', async () => {
  const account = new Account({ windowMs: 2000, ...PRO });
  const work = async (): Promise<void> => {
    for (let i = 0; i < 60; i += 1) await account.call('overall');
  };
  await Promise.all(Array.from({ length: 8 }, work));
  expect(account.refused).toBeGreaterThan(0);
});

describe.concurrent('what the account tells', () => {
  test('an unknown plan: one call in flight until the first Total, then all of it', async (context) => {
    const { account, join } = openAccount(context, { windowMs: ONE_WINDOW_MS, overall: 150, list: 33 });
    const budgets = [join(), join()];
    expect((await budgets[0]?.usage())?.callsPerMinute).toBeNull();
    const first = await budgets[0]?.take(NORMAL);
    const others = budgets.map((budget) => budget.take(NORMAL));
    const isGranted = await Promise.race([Promise.any(others).then(() => true), delay(100, false)]);
    expect(isGranted).toBe(false);
    await first?.answered(account.admit('overall').headers, 200);
    const grants = await Promise.all(others);
    expect(grants).toHaveLength(2);
    expect((await budgets[1]?.usage())?.callsPerMinute).toBe(150);
  });

  test('a list call on an unknown account gives the plan away, and leaves the overall bucket alone', async (context) => {
    const { account, join } = openAccount(context, { windowMs: ONE_WINDOW_MS });
    const budget = join();
    await callOnce(account, budget, { urgency: 'normal', bucket: 'list' });
    expect((await budget.usage()).callsPerMinute).toBe(400);
    await callOnce(account, budget, NORMAL);
    expect(await budget.usage()).toMatchObject({
      callsPerMinute: 400,
      share: SHARE,
      usedLastMinute: 2,
      pausedMs: 0,
    });
  });

  test.for([
    ['with', 40_000, 40_000],
    ['without', undefined, ONE_WINDOW_MS],
  ] as const)('a 429 %s Retry-After stops everybody', async ([, retryAfterMs, pauseMs], context) => {
    const { account, join } = openAccount(context, { windowMs: ONE_WINDOW_MS });
    const [one, other] = [join({ plan: 'pro' }), join({ plan: 'pro' })];
    const grant = await one.take(NORMAL);
    for (let i = 0; i < PRO.overall; i += 1) account.admit('overall', true);
    const { status, headers } = account.admit('overall');
    expect(status).toBe(429);
    const toldAt = performance.now();
    await grant.answered(headers, status, retryAfterMs);
    const { pausedMs } = await other.usage();
    expect(pausedMs).toBeGreaterThan(pauseMs - (performance.now() - toldAt) - 1);
    expect(pausedMs).toBeLessThanOrEqual(pauseMs + 300);
    for (const options of [NORMAL, URGENT, { urgency: 'normal', bucket: 'list' } as const]) {
      const refusal = await other.take(options).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(BudgetExhausted);
      expect(refusal).toMatchObject({ bucket: 'overall' });
    }
  });

  test.for([
    ['with', true],
    ['without', false],
  ] as const)(
    'after a 429 %s Retry-After everybody goes on, and is not refused again',
    async ([, namesRetryAfter], context) => {
      const { account, join } = openAccount(context, { namesRetryAfter });
      const [one, other] = [join({ plan: 'pro' }), join({ plan: 'pro' })];
      const grant = await one.take(NORMAL);
      let answer = account.admit('overall', true);
      while (answer.status !== 429) answer = account.admit('overall', true);
      await grant.answered(answer.headers, answer.status, answer.retryAfterMs);
      expect((await callInTheEnd(account, other, NORMAL)).status).toBe(200);
      expect(account.refused).toBe(0);
    },
  );

  test('a 429 of the list bucket closes list calls only', async (context) => {
    const { account, join } = openAccount(context, { windowMs: ONE_WINDOW_MS });
    const budget = join({ plan: 'pro' });
    const grant = await budget.take({ urgency: 'normal', bucket: 'list' });
    for (let i = 0; i < PRO.list; i += 1) account.admit('list', true);
    const answer = account.admit('list');
    await grant.answered(answer.headers, answer.status, answer.retryAfterMs);
    await expect(budget.take({ urgency: 'urgent', bucket: 'list' })).rejects.toMatchObject({
      bucket: 'list',
    });
    expect((await callOnce(account, budget, NORMAL)).status).toBe(200);
  });

  test('a Retry-After longer than the window tells an hourly account', async (context) => {
    const { join } = openAccount(context);
    const budget = join();
    const grant = await budget.take(NORMAL);
    await grant.answered({ total: 6000, remaining: 0, used: 1 }, 429, 50_000);
    expect(await budget.usage()).toMatchObject({ callsPerMinute: 100 });
    await expect(budget.take(URGENT)).rejects.toMatchObject({
      bucket: 'overall',
      retryInMs: expect.any(Number),
    });
  });
});

describe.concurrent('waiting', () => {
  test('fifty at once are served in order and ask Redis together', async (context) => {
    const { account, connect, join } = openAccount(context, { windowMs: 6000, overall: 2000 });
    const redis = connect();
    let commands = 0;
    const send = redis.sendCommand.bind(redis);
    redis.sendCommand = (command, stream) => {
      commands += 1;
      return send(command, stream);
    };
    const budget = join({ redis, plan: 'addon2' });
    await callOnce(account, budget, NORMAL);
    commands = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        await budget.take(NORMAL);
        order.push(i);
      }),
    );
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(commands).toBeLessThan(150);
  });

  test('an abort ends the wait, and the others keep their turn', async (context) => {
    const { account, join } = openAccount(context, { overall: 100, list: 40 });
    const budget = join();
    await callOnce(account, budget, NORMAL);
    const reason = new Error('the job is over');
    const waits = [new AbortController(), new AbortController(), new AbortController()].map((controller) => ({
      controller,
      grant: budget.take({ ...NORMAL, signal: controller.signal }),
    }));
    waits[1]?.controller.abort(reason);
    const results = await Promise.allSettled(waits.map(({ grant }) => grant));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason });
  });

  test('a failing Redis is told to everybody who waits', async (context) => {
    const { connect, join } = openAccount(context);
    const redis = connect();
    const budget = join({ redis });
    await budget.take(NORMAL);
    redis.disconnect();
    const results = await Promise.allSettled([budget.take(NORMAL), budget.take(NORMAL), budget.usage()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

test('the clock of a worker does not matter', { timeout: SATURATED_WITHIN_MS }, async (context) => {
  vi.useFakeTimers({ toFake: ['Date'] });
  context.onTestFinished(() => {
    vi.useRealTimers();
  });
  await atSomeLength(async (windowMs) => {
    vi.setSystemTime(0);
    const { account, join, keepBusy } = openAccount(context, { windowMs });
    const work = keepBusy([join(), join()], NORMAL);
    await windows(account, 3);
    vi.setSystemTime(Date.UTC(2040, 0));
    await windows(account, 5);
    await work.stop();
    expect(account.refused).toBe(0);
    return shortOf('calls', average(account.ownUse('overall')), 0.8 * SHARE * PRO.overall);
  });
});
