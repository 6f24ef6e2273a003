/**
 * A whole world for tests of the controller: a directory on the shared Redis under an account of its own, a simulated
 * Freshservice over HTTP, and a worker's loop that a test drives by hand.
 */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { parseSettings } from '@fresh-scim/connections';
import { type Directory, type Key, openDirectory } from '@fresh-scim/directory';
import { type Budget, createFreshserviceClient, type FreshserviceClient } from '@fresh-scim/freshservice';
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
  type User,
} from '@fresh-scim/freshservice-sim';
import { type Outcome, reconcile, type World } from '@fresh-scim/reconciler';
import { applyPatch, parsePatch, parseResource } from '@fresh-scim/scim';
import { inject } from 'vitest';

const API_KEY = 'key-of-the-owner';
/** Keys that are not settled by then never are; far beyond what the slowest machine takes. */
const DRAIN_WITHIN_MS = 120_000;

/** Grants everything: limits are not what these tests are about. */
const unlimited: Budget = {
  take: () => Promise.resolve({ answered: () => Promise.resolve(), lost: () => Promise.resolve() }),
  usage: () => Promise.resolve({ callsPerMinute: null, share: 1, usedLastMinute: 0, pausedMs: 0 }),
};

export interface TestWorld {
  readonly redis: Redis;
  /** Where the simulated Freshservice answers, and the key that it accepts. */
  readonly upstream: { readonly baseUrl: string; readonly apiKey: string };
  readonly directory: Directory;
  readonly sim: Simulator;
  readonly client: FreshserviceClient;
  readonly world: World;
  /** Why the connection was stopped, if it was. */
  readonly stops: string[];
  /** What Entra would send. */
  post(user: Record<string, unknown>): Promise<string>;
  put(id: string, user: Record<string, unknown>): Promise<void>;
  patch(id: string, ...operations: Record<string, unknown>[]): Promise<void>;
  delete(id: string): Promise<void>;
  /** A complete listing that has shown nobody: as after the import of an empty account. */
  listNobody(): Promise<void>;
  /** One reconcile of one key. */
  reconcile(id: string): Promise<Outcome>;
  /** Reconciles what is due until nothing is; deferred keys are waited for. */
  drain(): Promise<void>;
  /** Makes everything that waits due now, as time would. */
  wakeAll(): Promise<void>;
  /** The people of Freshservice but for the owner of the key. */
  people(): User[];
  /** Calls of one route that Freshservice has seen, such as `requesters.create`. */
  calls(): Record<string, number>;
  close(): Promise<void>;
}

export async function openWorld(
  options: Partial<SimulatorOptions> & {
    readonly settings?: Record<string, string>;
    readonly deadlineMs?: number;
    readonly leaseMs?: number;
    readonly redis?: Redis;
    /** An account whose data the caller erases; a random one, erased at the end, when absent. */
    readonly accountId?: string;
    /** @default 'c1' */
    readonly connectionId?: string;
    /** Called before the simulator listens: the last moment for hooks of its server. */
    readonly beforeListen?: (sim: Simulator) => void;
  } = {},
): Promise<TestWorld> {
  const { settings = {}, deadlineMs = 30_000, leaseMs = 60_000, redis: given, ...others } = options;
  const { accountId, connectionId = 'c1', beforeListen, ...simOptions } = others;
  const redis = given ?? new Redis(inject('redisUrl'));
  const scope = { accountId: accountId ?? `t${randomUUID().slice(0, 12)}`, connectionId };
  const directory = openDirectory(redis, scope);
  const sim = createSimulator({
    apiKey: API_KEY,
    samples: false,
    latencyMs: 0,
    jitterMs: 0,
    plan: 'addon2',
    windowMs: 1000,
    ...simOptions,
  });
  beforeListen?.(sim);
  const { url } = await sim.listen();
  const client = createFreshserviceClient({ baseUrl: url, apiKey: API_KEY, budget: unlimited, deadlineMs });
  const stops: string[] = [];
  const owner = sim.state.users.all('agents')[0]?.id ?? 0;
  const world: World = {
    directory,
    freshservice: client,
    settings: parseSettings(settings),
    leaseMs,
    monotonicMs: () => performance.now(),
    random: () => 0.5,
    stop: (reason) => {
      stops.push(reason);
      return Promise.resolve();
    },
    keyOwnerId: () => Promise.resolve(owner),
  };

  const signal = new AbortController().signal;
  const due = async (): Promise<Key[]> => {
    const urgent = await directory.feed('urgent', { max: 1000, refeedAfterMs: 0 });
    const normal = await directory.feed('normal', { max: 1000, refeedAfterMs: 0 });
    return [...new Set([...urgent, ...normal])];
  };
  return {
    redis,
    upstream: { baseUrl: url, apiKey: API_KEY },
    directory,
    sim,
    client,
    world,
    stops,
    post: async (user) => (await directory.createUser(parseResource('User', toPost(user)))).stored.id,
    put: async (id, user) => {
      await directory.mutateUser(id, () => parseResource('User', toPost(user)));
    },
    patch: async (id, ...operations) => {
      const parsed = parsePatch('User', { schemas: [PATCH_OP], Operations: operations });
      await directory.mutateUser(id, (attributes) => applyPatch('User', attributes, parsed));
    },
    delete: async (id) => {
      await directory.removeUser(id);
    },
    listNobody: async () => {
      await directory.startImport();
      await directory.takeImport('test', 10_000);
      await directory.turnImportPage('test', { nextPage: undefined, people: [] });
    },
    reconcile: (id) => reconcile(world, `User-${id}`, signal),
    drain: async () => {
      const deadline = performance.now() + DRAIN_WITHIN_MS;
      for (;;) {
        for (const key of await due()) await reconcile(world, key, signal);
        const { dirty } = await directory.status();
        if (dirty === 0) return;
        if (performance.now() > deadline) throw new Error(`${dirty} keys are still not settled`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    wakeAll: async () => {
      for (const state of ['deferred', 'parked'] as const) {
        const keys = await directory.keysIn(state, 0, 1000);
        if (keys.length > 0) await directory.wake(keys, { urgency: 'normal' });
      }
    },
    people: () => sim.state.users.all('everyone').filter((user) => user.id !== owner),
    calls: () => callsByRoute(sim),
    close: async () => {
      await client.close();
      await sim.close();
      if (accountId === undefined) await directory.erase();
      if (!given) redis.disconnect();
    },
  };
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

function toPost(user: Record<string, unknown>): Record<string, unknown> {
  return { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], ...user };
}

function callsByRoute(sim: Simulator): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { route } of sim.log.read(0, 10_000).entries) counts[route] = (counts[route] ?? 0) + 1;
  return counts;
}
