/** The budget against the simulated Freshservice over HTTP, whose counters are written from the documentation. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Budget, BudgetExhausted, createBudget, type TakeOptions } from '@fresh-scim/freshservice';
import { createSimulator, type Simulator, type SimulatorOptions } from '@fresh-scim/freshservice-sim';
import { Redis } from 'ioredis';
import { describe, expect, inject, test, type TestContext } from 'vitest';
import { atSomeLength, shortOf } from './freshservice-budget-lengths.ts';

const KEY = 'an-api-key';

/** A listening account and two workers' budgets of it. */
async function openAccount(
  { onTestFinished }: TestContext,
  { windowMs, ...knobs }: Partial<SimulatorOptions> & { readonly windowMs: number },
) {
  const sim = createSimulator({ apiKey: KEY, windowMs, latencyMs: 10, ...knobs });
  const { url } = await sim.listen();
  const accountId = `budget-${randomUUID()}`;
  const connections = [new Redis(inject('redisUrl')), new Redis(inject('redisUrl'))];
  onTestFinished(async () => {
    await connections[0]?.del(`{${accountId}}:budget:overall`, `{${accountId}}:budget:list`);
    for (const redis of connections) redis.disconnect();
    await sim.close();
  });
  const budgets = connections.map((redis) => createBudget({ redis, accountId, share: 0.8, windowMs }));
  return { sim, url, budgets };
}

async function callOnce(url: string, budget: Budget, path: string, options: TakeOptions): Promise<number> {
  const grant = await budget.take(options);
  const answer = await fetch(`${url}/api/v2${path}`, {
    headers: { authorization: `Basic ${Buffer.from(`${KEY}:X`).toString('base64')}` },
  });
  await answer.arrayBuffer();
  const number = (name: string): number => Number(answer.headers.get(name));
  const headers = {
    total: number('x-ratelimit-total'),
    remaining: number('x-ratelimit-remaining'),
    used: number('x-ratelimit-used-currentrequest'),
  };
  await grant.answered(headers, answer.status, number('retry-after') * 1000);
  return answer.status;
}

/** Mixed work for some windows: half of the calls list people, the way that new people are looked up first. */
async function workFor(ms: number, url: string, budgets: readonly Budget[]): Promise<void> {
  const until = performance.now() + ms;
  const work = async (budget: Budget, isFirst: boolean): Promise<void> => {
    for (let i = 0; performance.now() < until; i += 1) {
      const isList = i % 4 === 0;
      const path = isList ? `/${isFirst ? 'agents' : 'requesters'}?per_page=1` : '/roles';
      try {
        await callOnce(url, budget, path, { urgency: 'normal', bucket: isList ? 'list' : 'overall' });
      } catch (error) {
        if (!(error instanceof BudgetExhausted)) throw error;
        await delay(Math.min(error.retryInMs, 200));
      }
    }
  };
  await Promise.all(
    budgets.flatMap((budget) => Array.from({ length: 8 }, (_, slot) => work(budget, slot === 0))),
  );
}

/** What was used of the windows of the overall bucket that began and ended in the test. */
function fullWindows(sim: Simulator): { used: number; limit: number; foreign: number }[] {
  return sim.stats().windows['overall']?.recent.slice(1, -1) ?? [];
}

describe.concurrent('against the simulated account', { timeout: 900_000 }, () => {
  test('an account of unknown plan: learned, used, never refused', async (context) => {
    await atSomeLength(async (windowMs) => {
      const { sim, url, budgets } = await openAccount(context, { plan: 'enterprise', windowMs });
      await workFor(5 * windowMs, url, budgets);
      expect(sim.stats().refused).toBe(0);
      expect(await budgets[0]?.usage()).toMatchObject({ callsPerMinute: 500, pausedMs: 0 });
      for (const { used, limit } of fullWindows(sim)) expect(used).toBeLessThanOrEqual(0.8 * limit);
      return shortOf('calls', Math.max(...fullWindows(sim).map(({ used }) => used)), 0.6 * 500);
    });
  });

  test('with other applications on it: never refused', async (context) => {
    await atSomeLength(async (windowMs) => {
      const knobs = { plan: 'pro', foreignLoadPerMin: 120, windowMs } as const;
      const { sim, url, budgets } = await openAccount(context, knobs);
      await workFor(5 * windowMs, url, budgets);
      expect(sim.stats().refused).toBe(0);
      const own = fullWindows(sim).map(({ used, foreign }) => used - foreign);
      return shortOf('calls', Math.max(...own), 0.4 * 320);
    });
  });

  test('a change of plan is followed', async (context) => {
    const windowMs = 1500;
    const { sim, url, budgets } = await openAccount(context, { plan: 'growth', windowMs });
    await workFor(2 * windowMs, url, budgets);
    sim.configure({ plan: 'pro' });
    await workFor(3 * windowMs, url, budgets);
    expect(sim.stats().refused).toBe(0);
    expect((await budgets[1]?.usage())?.callsPerMinute).toBe(400);
  });
});
