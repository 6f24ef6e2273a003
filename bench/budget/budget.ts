/**
 * How much of its share the budget uses, and how long urgent calls wait, at windows of 60, 6 and 2 seconds. Prints a
 * table; never fails on a figure.
 *
 *   REDIS_URL=redis://127.0.0.1:6379 node bench/budget/budget.ts [--windows 3] [--only 2000]
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  type Budget,
  BudgetExhausted,
  createBudget,
  PLANS,
  type TakeOptions,
} from '@fresh-scim/freshservice';
import { Redis } from 'ioredis';
import { Account } from '../../test/integration/freshservice-budget-account.ts';

const SHARE = 0.8;
const SLOTS = 16;
const LATENCY_MS = 40;

interface Scenario {
  readonly name: string;
  readonly processes: number;
  /** Of the account's allowance, used by others. */
  readonly foreign: number;
  /** Of all answers. */
  readonly lost: number;
}

const SCENARIOS: readonly Scenario[] = [
  { name: '1 process', processes: 1, foreign: 0, lost: 0 },
  { name: '8 processes', processes: 8, foreign: 0, lost: 0 },
  { name: '4 processes, 30 % foreign', processes: 4, foreign: 0.3, lost: 0 },
  { name: '4 processes, 3 % lost', processes: 4, foreign: 0, lost: 0.03 },
];

const { values } = parseArgs({
  options: { windows: { type: 'string', default: '3' }, only: { type: 'string' } },
});
const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const lengths = values.only === undefined ? [60_000, 6000, 2000] : [Number(values.only)];

const rows = [];
for (const windowMs of lengths) {
  rows.push(
    ...(await Promise.all(SCENARIOS.map((scenario) => measure(scenario, windowMs, Number(values.windows))))),
  );
}
process.stdout.write(`${render(rows)}\n`);

async function measure(scenario: Scenario, windowMs: number, windows: number): Promise<string[]> {
  const account = new Account({ windowMs, ...PLANS.pro, latencyMs: LATENCY_MS });
  const accountId = `bench-${randomUUID()}`;
  const connections = Array.from({ length: scenario.processes + 1 }, () => new Redis(url));
  const budgets = connections.map((redis) => createBudget({ redis, accountId, share: SHARE, windowMs }));
  const [urgent, ...normal] = budgets;
  const stop = new AbortController();
  const urgentWaits: number[] = [];
  if (scenario.foreign > 0) account.startForeignLoad(scenario.foreign * PLANS.pro.overall);
  const startedAt = performance.now();
  const work = [
    ...normal.flatMap((budget) =>
      Array.from({ length: SLOTS / scenario.processes }, () =>
        repeat(stop.signal, () => callOnce(account, budget, 'normal', scenario.lost)),
      ),
    ),
    repeat(stop.signal, async () => {
      // About four in a hundred of our calls are urgent.
      await delay((windowMs / 12) * (0.5 + Math.random()), undefined, { signal: stop.signal });
      if (urgent !== undefined) urgentWaits.push(await callOnce(account, urgent, 'urgent', 0));
    }),
  ];
  while (account.windows.overall.length < windows + 2) await delay(20);
  stop.abort();
  await Promise.all(work);
  const elapsedMs = performance.now() - startedAt;
  account.stop();
  await connections[0]?.del(`{${accountId}}:budget:overall`, `{${accountId}}:budget:list`);
  for (const redis of connections) redis.disconnect();
  return toRow(scenario.name, windowMs, account, urgentWaits, elapsedMs);
}

function toRow(
  name: string,
  windowMs: number,
  account: Account,
  urgentWaits: readonly number[],
  elapsedMs: number,
): string[] {
  const full = account.windows.overall.slice(1, -1);
  const allowance = full.length * PLANS.pro.overall;
  const ours = sum(full.map(({ used, foreign }) => used - foreign));
  const everything = sum(account.windows.overall.map(({ used, foreign }) => used - foreign));
  const waits = urgentWaits.toSorted((a, b) => a - b);
  const at = (part: number): string => (waits[Math.floor(part * (waits.length - 1))] ?? 0).toFixed(0);
  return [
    `${windowMs / 1000} s`,
    name,
    percent(ours, SHARE * allowance),
    percent(everything, (SHARE * PLANS.pro.overall * elapsedMs) / windowMs),
    percent(sum(full.map(({ used }) => used)), allowance),
    String(account.refused),
    `${at(0.5)} / ${at(0.95)} / ${at(1)}`,
  ];
}

/** One call; the time that it waited for its credit, in milliseconds. */
async function callOnce(
  account: Account,
  budget: Budget,
  urgency: TakeOptions['urgency'],
  lost: number,
): Promise<number> {
  const from = performance.now();
  for (;;) {
    try {
      const grant = await budget.take({ urgency, bucket: 'overall' });
      const waitedMs = performance.now() - from;
      const answer = await account.call('overall');
      if (Math.random() < lost) await grant.lost();
      else await grant.answered(answer.headers, answer.status, answer.retryAfterMs);
      return waitedMs;
    } catch (error) {
      if (!(error instanceof BudgetExhausted)) throw error;
      await delay(error.retryInMs);
    }
  }
}

async function repeat(signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function render(body: readonly string[][]): string {
  const head = [
    'window',
    'who',
    'of share',
    'by wall time',
    'of limit, all',
    'refused',
    'urgent p50/p95/max ms',
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
