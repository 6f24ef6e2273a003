/**
 * What the queue's tests share: a store with the directory's feed and due, in memory, so that a test decides what
 * Redis knows and what not; and a bench that opens wakers, consumers and queues and closes them all.
 */
import { randomUUID } from 'node:crypto';
import {
  type ConnectionQueues,
  type Consumer,
  type ConsumerEvent,
  type ConsumerOptions,
  type DueKeys,
  type Lane,
  type Outcome,
  type QueueScope,
  type Waker,
  createConsumer,
  createWaker,
  openQueues,
} from '@fresh-scim/queue';
import { redisOptions } from '@fresh-scim/runtime';

interface Entry {
  lane: Lane;
  wakeSeq: number;
  fedAt: number;
}

/** As the worker's. */
const REFEED_URGENT_MS = 1_000;
/** Longer than any test: what comes sooner has come by a wake or a refill, and not by being fed again. */
const REFEED_NORMAL_MS = 3_600_000;

/** Due keys of one connection, in order. */
export class MemoryStore {
  readonly #due = new Map<string, Entry>();
  readonly #refeedMs: Readonly<Record<Lane, number>>;

  constructor(refeedNormalMs = REFEED_NORMAL_MS) {
    this.#refeedMs = { urgent: REFEED_URGENT_MS, normal: refeedNormalMs };
  }

  commit(key: string, lane: Lane = 'normal'): void {
    const before = this.#due.get(key);
    this.#due.set(key, {
      lane: before?.lane === 'urgent' ? 'urgent' : lane,
      wakeSeq: (before?.wakeSeq ?? 0) + 1,
      fedAt: Number.NEGATIVE_INFINITY,
    });
  }

  load(key: string): number {
    return this.#due.get(key)?.wakeSeq ?? 0;
  }

  /** Clears the key, unless something newer was committed since `wakeSeq` was loaded. */
  settle(key: string, wakeSeq: number): void {
    if (this.load(key) === wakeSeq) this.#due.delete(key);
  }

  feed(lane: Lane, max: number): string[] {
    const now = performance.now();
    const keys: string[] = [];
    for (const [key, entry] of this.#due) {
      if (keys.length >= max) break;
      if (entry.lane !== lane || now - entry.fedAt < this.#refeedMs[lane]) continue;
      entry.fedAt = now;
      keys.push(key);
    }
    return keys;
  }

  due(): DueKeys {
    const lanes = [...this.#due.values()].map((entry) => entry.lane);
    const urgent = lanes.filter((lane) => lane === 'urgent').length;
    return { urgent, normal: lanes.length - urgent };
  }

  get size(): number {
    return this.#due.size;
  }
}

/** A connection of a test's own, with its store. */
export interface Connection {
  readonly scope: QueueScope;
  readonly store: MemoryStore;
  readonly queues: ConnectionQueues;
}

/** Reconciles a key: what it returns is told to BullMQ; `undefined` settles. */
export type Reconcile = (key: string, lane: Lane, signal: AbortSignal) => Promise<Outcome | undefined>;

/** Everything that one test opens. */
export class Bench {
  readonly #url: string;
  readonly #connections: Connection[] = [];
  readonly #closers: (() => Promise<void>)[] = [];
  readonly errors: Error[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  connection({ refeedNormalMs }: { refeedNormalMs?: number } = {}): Connection {
    const accountId = `test-${randomUUID()}`;
    const scope = { accountId, connectionId: `c${randomUUID().slice(0, 8)}` };
    const connection = {
      scope,
      store: new MemoryStore(refeedNormalMs),
      queues: openQueues(redisOptions(this.#url), scope),
    };
    this.#connections.push(connection);
    return connection;
  }

  waker(options: { scopesMax?: number } = {}): Waker {
    const waker = createWaker({
      redis: redisOptions(this.#url),
      feed: async (scope, lane, max) => this.#storeOf(scope).feed(lane, max),
      onError: (error) => this.errors.push(error),
      ...options,
    });
    this.#closers.push(async () => waker.close());
    return waker;
  }

  consumer(
    reconcile: Reconcile,
    options: Partial<ConsumerOptions> = {},
  ): Consumer & { events: ConsumerEvent[] } {
    const events: ConsumerEvent[] = [];
    const consumer = createConsumer({
      redis: redisOptions(this.#url),
      concurrency: 50,
      connectionConcurrency: 5,
      urgentSlots: 2,
      scopes: async () => this.#connections.map(({ scope }) => scope),
      due: async (scope) => this.#storeOf(scope).due(),
      feed: async (scope, lane, max) => this.#storeOf(scope).feed(lane, max),
      reconcile: async (scope, key, lane, signal) => {
        const store = this.#storeOf(scope);
        const wakeSeq = store.load(key);
        const outcome = await reconcile(key, lane, signal);
        if (outcome !== undefined) return outcome;
        store.settle(key, wakeSeq);
        return { kind: 'settled', notes: 0 };
      },
      onEvent: (event) => events.push(event),
      ...options,
    });
    this.#closers.push(async () => consumer.close());
    return Object.assign(consumer, { events });
  }

  #storeOf(scope: QueueScope): MemoryStore {
    const found = this.#connections.find(
      (connection) => connection.scope.connectionId === scope.connectionId,
    );
    if (found === undefined) throw new Error('no such connection in this test');
    return found.store;
  }

  /** Closes everything and removes the queues. */
  async close(): Promise<void> {
    await Promise.all(this.#closers.map(async (close) => close()));
    for (const { queues } of this.#connections) {
      await queues.obliterate();
      await queues.close();
    }
  }
}

/** `count` keys of the form that the directory makes. */
export function someKeys(count: number): string[] {
  return Array.from({ length: count }, () => `User-${randomUUID()}`);
}

/** A gate that reconciles can be made to wait at. */
export function gate(): { opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
