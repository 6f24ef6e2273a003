/** Outcomes: what each leaves in BullMQ, and that none stands in the way of the next wake. */
import type { Outcome } from '@fresh-scim/queue';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { until } from '../support/poll.ts';
import { Bench } from './queue-support.ts';

const url = inject('redisUrl');
const KEY = 'User-1';
let bench: Bench;
beforeEach(() => {
  bench = new Bench(url);
});
afterEach(async () => bench.close());

class Refused extends Error {
  readonly code = 'E_REFUSED';
}

describe('an outcome', () => {
  it.each([
    [
      { kind: 'settled', notes: 2 },
      { outcome: 'settled', notes: 2 },
    ],
    [
      { kind: 'requeueAfter', ms: 5_000, why: 'intent-open' },
      { outcome: 'requeueAfter', ms: 5_000, why: 'intent-open' },
    ],
  ] as const)('%o completes the job', async (outcome: Outcome, result) => {
    const { store, queues } = bench.connection();
    store.commit(KEY, 'urgent');
    bench.consumer(async () => {
      store.settle(KEY, store.load(KEY));
      return outcome;
    });
    await until('completed', async () => (await queues.counts()).urgent.completed === 1);
    const [job] = await queues.urgent.getCompleted();
    expect(job?.returnvalue).toEqual(result);
  });

  it('terminal fails the job with its cause, and the next wake runs', async () => {
    const { store, queues } = bench.connection();
    const outcomes: Outcome[] = [{ kind: 'terminal', why: 'invalid-field' }];
    store.commit(KEY, 'urgent');
    bench.consumer(async () => outcomes.shift());
    await until('failed', async () => (await queues.counts()).urgent.failed === 1);
    const [job] = await queues.urgent.getFailed();
    expect(job).toMatchObject({ failedReason: 'invalid-field', attemptsMade: 1, stacktrace: [] });
    await until('settled by the next wake', () => store.size === 0);
  });

  it('that is thrown fails the job without its text or a retry, and the next wake runs', async () => {
    const { store, queues } = bench.connection();
    const person = 'ines@example.com';
    let fail = true;
    store.commit(KEY, 'urgent');
    const consumer = bench.consumer(async () => {
      if (fail) throw new Refused(`no such person: ${person}`);
      return undefined;
    });
    await until('failed', async () => (await queues.counts()).urgent.failed === 1);
    const [job] = await queues.urgent.getFailed();
    expect(job?.failedReason).toBe('thrown:E_REFUSED');
    expect(JSON.stringify([job, consumer.events])).not.toContain(person);
    fail = false;
    await until('settled by the next wake', () => store.size === 0);
  });

  it('rateLimited puts the job back, counts no attempt, and swallows wakes only until it runs', async () => {
    const { scope, queues, store } = bench.connection();
    const waker = bench.waker();
    let busy = 3;
    let newest = 0;
    store.commit(KEY, 'urgent');
    bench.consumer(async () => {
      busy -= 1;
      if (busy < 0) {
        newest = Math.max(newest, store.load(KEY));
        return undefined;
      }
      store.commit(KEY, 'urgent');
      waker.wake(scope, KEY, 'urgent');
      return { kind: 'rateLimited', bucket: 'lease', ms: 50 };
    });
    waker.wake(scope, KEY, 'urgent');
    await until('settled', () => store.size === 0);
    expect(newest).toBe(4);
    await until('completed', async () => (await queues.counts()).urgent.completed >= 1);
    const completed = await queues.urgent.getCompleted();
    expect(completed.map((job) => job.attemptsMade)).toEqual(completed.map(() => 1));
    expect(completed.some((job) => job.attemptsStarted >= 2)).toBe(true);
    expect((await queues.counts()).urgent.failed).toBe(0);
  });

  it('is not asked for a job without a key', async () => {
    const { store, queues } = bench.connection();
    store.commit(KEY, 'urgent');
    let asked = 0;
    bench.consumer(async (key) => {
      asked += key === KEY ? 0 : 1;
      return undefined;
    });
    await queues.urgent.add('reconcile', JSON.parse('{}'), { priority: 1 });
    await until('failed', async () => (await queues.counts()).urgent.failed === 1);
    const [job] = await queues.urgent.getFailed();
    expect(job?.failedReason).toBe('malformed-job');
    expect(asked).toBe(0);
  });
});
