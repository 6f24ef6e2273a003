/** Wakes: what is put into BullMQ, when, and how much of it. */
import { randomUUID } from 'node:crypto';
import { redisOptions } from '@fresh-scim/runtime';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createWaker, openQueues } from '@fresh-scim/queue';
import { until } from '../support/poll.ts';
import { Bench, someKeys } from './queue-support.ts';

const url = inject('redisUrl');
let bench: Bench;
beforeEach(() => {
  bench = new Bench(url);
});
afterEach(async () => bench.close());

describe('a waker', () => {
  it('adds an urgent key as a job that holds the key and nothing else', async () => {
    const { scope, queues } = bench.connection();
    const [key = ''] = someKeys(1);
    bench.waker().wake(scope, key, 'urgent');
    await until('one urgent job', async () => (await queues.counts()).urgent.waiting === 1);

    const redis = new Redis({ ...redisOptions(url), replyMapping: 'legacy' });
    const jobs = await queues.urgent.getPrioritized();
    const raw = await redis.hget(`{${scope.accountId}}:${scope.connectionId}-urgent:${jobs[0]?.id}`, 'data');
    redis.disconnect();
    expect(raw).toBe(JSON.stringify({ key }));
    expect(jobs[0]?.name).toBe('reconcile');
  });

  it('makes one job of many urgent wakes of a key that waits', async () => {
    const { scope, queues } = bench.connection();
    const waker = bench.waker();
    const [first = '', second = ''] = someKeys(2);
    for (let n = 0; n < 20; n += 1) waker.wake(scope, first, 'urgent');
    waker.wake(scope, second, 'urgent');
    await until('both keys', async () => (await queues.counts()).urgent.waiting === 2);
    await waker.close();
    expect((await queues.counts()).urgent.waiting).toBe(2);
  });

  it('keeps a bounded window of 5,000 normal keys in BullMQ', async () => {
    const { scope, queues, store } = bench.connection();
    const waker = bench.waker();
    for (const key of someKeys(5_000)) {
      store.commit(key);
      waker.wake(scope, key, 'normal');
    }
    await until('a full window', async () => (await queues.counts()).normal.waiting === 100);
    for (let n = 0; n < 50; n += 1) waker.wake(scope, 'User-again', 'normal');
    await waker.close();
    expect((await queues.counts()).normal.waiting).toBe(100);
  });

  it('makes the wakes that were asked for when it closes', async () => {
    const { scope, queues, store } = bench.connection();
    const waker = bench.waker();
    const [key = ''] = someKeys(1);
    store.commit(key);
    waker.wake(scope, key, 'normal');
    await waker.close();
    expect((await queues.counts()).normal.waiting).toBe(1);
    waker.wake(scope, key, 'urgent');
    expect((await queues.counts()).urgent.waiting).toBe(0);
  });

  it('serves more connections than it keeps queues open for', async () => {
    const connections = Array.from({ length: 6 }, () => bench.connection());
    const waker = bench.waker({ scopesMax: 2 });
    for (let round = 0; round < 3; round += 1) {
      for (const { scope } of connections) waker.wake(scope, `User-${round}`, 'urgent');
    }
    for (const { queues } of connections) {
      await until('three jobs', async () => (await queues.counts()).urgent.waiting === 3);
    }
    expect(bench.errors).toEqual([]);
  });

  it('reports a Redis that is not there, and neither throws nor stays open', async () => {
    const errors: Error[] = [];
    const waker = createWaker({
      redis: { path: `/nonexistent-${randomUUID()}/redis.sock` },
      feed: async () => [],
      onError: (error) => errors.push(error),
    });
    const scope = { accountId: 'a', connectionId: 'c' };
    const startedAt = performance.now();
    for (let n = 0; n < 5_000; n += 1) waker.wake(scope, `User-${n}`, n % 2 === 0 ? 'urgent' : 'normal');
    await until('an error', () => errors.length > 0);
    await waker.close();
    // The first one, and one every five seconds.
    expect(errors.length).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 5_000);
  });
});

describe('the queues of a connection', () => {
  it('leave no key in Redis when they are removed, and looking at them makes none', async () => {
    const { scope, queues } = bench.connection();
    bench.waker().wake(scope, 'User-1', 'urgent');
    await until('the job', async () => (await queues.counts()).urgent.waiting === 1);
    await queues.obliterate();
    const again = openQueues(redisOptions(url), scope);
    expect((await again.counts()).urgent.waiting).toBe(0);
    await again.close();

    const redis = new Redis({ ...redisOptions(url), replyMapping: 'legacy' });
    const left = [];
    for await (const keys of redis.scanStream({ match: `{${scope.accountId}}*`, count: 1_000 }))
      left.push(...keys);
    redis.disconnect();
    expect(left).toEqual([]);
  });
});
