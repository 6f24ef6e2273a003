/** Consuming: every due key is looked at, in both lanes, whatever BullMQ remembers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { until } from '../support/poll.ts';
import { Bench, type Connection, gate, someKeys } from './queue-support.ts';

const url = inject('redisUrl');
let bench: Bench;
beforeEach(() => {
  bench = new Bench(url);
});
afterEach(async () => bench.close());

function commitAll(connection: Connection, keys: readonly string[]): void {
  for (const key of keys) connection.store.commit(key);
}

describe('a key', () => {
  it('that is woken while its job runs, runs again', async () => {
    const { scope, store } = bench.connection();
    const [key = ''] = someKeys(1);
    const first = gate();
    const seen: number[] = [];
    store.commit(key);
    bench.consumer(async () => {
      seen.push(store.load(key));
      if (seen.length === 1) await first.opened;
      return undefined;
    });
    await until('the first run', () => seen.length === 1);
    store.commit(key);
    const waker = bench.waker();
    waker.wake(scope, key, 'normal');
    await waker.close();
    first.open();
    await until('settled', () => store.size === 0);
    expect(seen).toEqual([1, 2]);
  });

  it('that is woken while its job runs, would be forgotten with plain de-duplication', async () => {
    const { store, queues } = bench.connection();
    const first = gate();
    let runs = 0;
    const plain = async (): Promise<unknown> =>
      queues.normal.add('reconcile', { key: 'User-1' }, { priority: 10, deduplication: { id: 'User-1' } });
    await plain();
    bench.consumer(async () => {
      runs += 1;
      await first.opened;
      return undefined;
    });
    await until('the first run', () => runs === 1);
    await plain();
    first.open();
    await until('completed', async () => (await queues.counts()).normal.completed === 1);
    const { waiting, delayed, active } = (await queues.counts()).normal;
    expect({ runs, waiting, delayed, active, due: store.size }).toEqual({
      runs: 1,
      waiting: 0,
      delayed: 0,
      active: 0,
      due: 0,
    });
  });

  it('is looked at once per feed by two processes that share a connection', async () => {
    const connection = bench.connection();
    const keys = someKeys(600);
    commitAll(connection, keys);
    const runs = new Map<string, number>();
    const both = gate();
    const share = [0, 0];
    for (const n of [0, 1] as const) {
      bench.consumer(async (key) => {
        runs.set(key, (runs.get(key) ?? 0) + 1);
        share[n] = (share[n] ?? 0) + 1;
        await both.opened;
        return undefined;
      });
    }
    await until('both to have keys', () => Math.min(...share) > 0);
    both.open();
    await until('all settled', () => connection.store.size === 0);
    expect([...runs.values()].filter((count) => count !== 1)).toEqual([]);
    expect(runs.size).toBe(600);
  });

  it('of which only the store knows, is found by the sweep, also after the queues were emptied', async () => {
    const connection = bench.connection();
    const hold = gate();
    commitAll(connection, someKeys(30));
    const consumer = bench.consumer(async () => {
      await hold.opened;
      return undefined;
    });
    await until('jobs in BullMQ', async () => (await connection.queues.counts()).normal.waiting > 0);
    await connection.queues.obliterate();
    hold.open();
    const late = someKeys(10);
    for (const key of late) connection.store.commit(key, 'urgent');
    await until('the urgent keys, one sweep later', () => connection.store.due().urgent === 0);
    expect(consumer.usage().openConnections).toBe(1);
  });
});

describe('the window', () => {
  it('is refilled as jobs complete, and never holds more than its size', async () => {
    const connection = bench.connection();
    const { store, queues } = connection;
    commitAll(connection, someKeys(1_500));
    let most = 0;
    let running = 0;
    let sweeps = 0;
    const settled = gate();
    bench.consumer(
      async () => {
        running += 1;
        if (running % 50 === 0) most = Math.max(most, (await queues.counts()).normal.waiting);
        return undefined;
      },
      {
        // Only the first sweep gives keys: the others wait here until there are none left.
        due: async () => {
          sweeps += 1;
          if (sweeps > 1) await settled.opened;
          return store.due();
        },
      },
    );
    try {
      await until('all settled', () => store.size === 0);
    } finally {
      settled.open();
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(100);
  });
});

describe('the urgent lane', () => {
  it('overtakes 2,000 waiting normal keys, and a running job of the same key', async () => {
    const { scope, store } = bench.connection();
    const keys = someKeys(2_000);
    for (const key of keys) store.commit(key);
    const hold = gate();
    const normalRuns = new Set<string>();
    const urgentRuns: string[] = [];
    bench.consumer(async (key, lane) => {
      if (lane === 'urgent') {
        urgentRuns.push(key);
        return undefined;
      }
      normalRuns.add(key);
      await hold.opened;
      return undefined;
    });
    await until('every normal slot taken', () => normalRuns.size === 5);
    const [running = ''] = normalRuns;
    const waiting = keys[50] ?? '';
    const waker = bench.waker();
    for (const key of [running, waiting]) {
      store.commit(key, 'urgent');
      waker.wake(scope, key, 'urgent');
    }
    await until('both urgent keys', () => urgentRuns.includes(running) && urgentRuns.includes(waiting));
    expect(normalRuns.size).toBe(5);
    hold.open();
  });

  it('overtakes a delayed job of the same key', async () => {
    const { scope, store, queues } = bench.connection();
    const [key = ''] = someKeys(1);
    store.commit(key);
    const lanes: string[] = [];
    bench.consumer(async (_key, lane) => {
      lanes.push(lane);
      return lane === 'normal' ? { kind: 'rateLimited', bucket: 'list', ms: 60_000 } : undefined;
    });
    await until('delayed', async () => (await queues.counts()).normal.delayed === 1);
    store.commit(key, 'urgent');
    bench.waker().wake(scope, key, 'urgent');
    await until('settled', () => store.size === 0);
    expect(lanes).toEqual(['normal', 'urgent']);
  });

  it('does not wait for the slots of the process', async () => {
    const busy = bench.connection();
    const other = bench.connection();
    commitAll(busy, someKeys(20));
    const hold = gate();
    const consumer = bench.consumer(
      async (_key, lane) => {
        if (lane === 'normal') await hold.opened;
        return undefined;
      },
      { concurrency: 2 },
    );
    await until(
      'all slots held',
      () => consumer.usage().slotsHeld === 2 && consumer.usage().slotsWaiting > 0,
    );
    other.store.commit('User-leaver', 'urgent');
    await until('the leaver', () => other.store.size === 0);
    expect(consumer.usage().slotsHeld).toBe(2);
    hold.open();
  });
});

describe('slots', () => {
  it('are shared in turn, so that a small connection is not behind a large one', async () => {
    const large = bench.connection();
    const small = bench.connection();
    commitAll(large, someKeys(300));
    commitAll(small, someKeys(10));
    let running = 0;
    let most = 0;
    const both = gate();
    const consumer = bench.consumer(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await both.opened;
        await sleep(2);
        running -= 1;
        return undefined;
      },
      { concurrency: 2, connectionConcurrency: 5 },
    );
    await until('both to want slots', () => consumer.usage().slotsWaiting === 8);
    both.open();
    await until('the small one settled', () => small.store.size === 0);
    expect(large.store.size).toBeGreaterThan(200);
    await until('the large one settled', () => large.store.size === 0);
    expect(most).toBe(2);
  });
});

describe('the Workers of a connection', () => {
  it('are opened for due keys, closed when idle, and opened again', async () => {
    const { scope, store } = bench.connection();
    const consumer = bench.consumer(async () => undefined, { idleMs: 100 });
    const opened = (): number => consumer.events.filter((event) => event.type === 'opened').length;
    store.commit('User-1');
    await until('the first key', () => store.size === 0);
    await until('closed', () => consumer.usage().openConnections === 0);
    store.commit('User-2', 'urgent');
    bench.waker().wake(scope, 'User-2', 'urgent');
    await until('the second key', () => store.size === 0);
    expect(opened()).toBe(2);
  });

  it('are not opened for a connection that has nothing due', async () => {
    bench.connection();
    let asked = 0;
    const consumer = bench.consumer(async () => undefined, {
      due: async () => {
        asked += 1;
        return { urgent: 0, normal: 0 };
      },
    });
    await until('two sweeps', () => asked >= 2);
    expect(consumer.events).toEqual([]);
    expect(consumer.usage().openConnections).toBe(0);
  });

  it('close when the connection is paused, and its jobs stay', async () => {
    const connection = bench.connection();
    const hold = gate();
    let listed = true;
    commitAll(connection, someKeys(40));
    const consumer = bench.consumer(
      async () => {
        await hold.opened;
        return undefined;
      },
      { scopes: async () => (listed ? [connection.scope] : []) },
    );
    await until('running', () => consumer.usage().slotsHeld === 5);
    listed = false;
    consumer.poke();
    hold.open();
    await until('closed', () => consumer.usage().openConnections === 0);
    const { waiting, delayed } = (await connection.queues.counts()).normal;
    expect(waiting + delayed).toBe(connection.store.size);
    expect(connection.store.size).toBeGreaterThan(30);
    listed = true;
    await until('settled', () => connection.store.size === 0);
  });
});

describe('closing', () => {
  it('aborts the signal, and puts back what stops for it', async () => {
    const { store, queues } = bench.connection();
    store.commit('User-1');
    let started = false;
    const consumer = bench.consumer(async (_key, _lane, signal) => {
      started = true;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    });
    await until('running', () => started);
    await consumer.close();
    const { normal } = await queues.counts();
    expect(normal).toMatchObject({ failed: 0, active: 0, completed: 0 });
    expect(normal.waiting + normal.delayed).toBe(1);
    bench.consumer(async () => undefined);
    await until('settled by another process', () => store.size === 0);
  });

  it('does not wait for ever, and leaves no job locked', async () => {
    const { store, queues } = bench.connection();
    store.commit('User-1');
    let started = false;
    const never = new Promise<undefined>(() => undefined);
    const consumer = bench.consumer(
      async () => {
        started = true;
        return never;
      },
      { closeMs: 100 },
    );
    await until('running', () => started);
    await consumer.close();
    const { normal } = await queues.counts();
    expect(normal.active).toBe(0);
    expect(normal.waiting + normal.delayed).toBe(1);
  });
});
