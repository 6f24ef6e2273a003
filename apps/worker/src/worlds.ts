/**
 * What a reconcile of one connection works with: its directory, its Freshservice client, its share of the account's
 * budget. Made when the connection first has work, made anew when its key or settings changed, closed when idle.
 */
import type { Connection, Connections } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import {
  type CallEvent,
  createBudget,
  createFreshserviceClient,
  PLANS,
  type PlanName,
} from '@fresh-scim/freshservice';
import type { World } from '@fresh-scim/reconciler';
import type { Redis } from 'ioredis';

/** How long a world is used without asking: on top of the age of the list, and part of `CHANGE_NOTICED_MS`. */
const CHECK_MS = 2_000;
const IDLE_MS = 5 * 60_000;
/** Longer than a call can be in flight, and no longer: after a killed worker, its keys wait for this. */
const LEASE_MS = 15_000;

export interface WorldsOptions {
  readonly connections: Connections;
  readonly redis: Redis;
  readonly onCall: (connection: Connection, event: CallEvent) => void;
  /** Freshservice refuses our key. */
  readonly onStop: (connection: Connection, reason: string) => void;
}

export interface Worlds {
  /** `undefined` when the connection was removed. */
  worldOf(connectionId: string): Promise<World | undefined>;
  /** Closes what was not used for five minutes. */
  closeIdle(): Promise<void>;
  close(): Promise<void>;
}

interface Open {
  readonly world: World;
  /** What the world was made of; it is made anew when this differs. */
  readonly madeOf: string;
  checkedAt: number;
  usedAt: number;
}

export function createWorlds(options: WorldsOptions): Worlds {
  const open = new Map<string, Promise<Open | undefined>>();

  async function make(connectionId: string, before: Open | undefined): Promise<Open | undefined> {
    const connection = await options.connections.get(connectionId);
    if (!connection) {
      await before?.world.freshservice.close();
      return undefined;
    }
    const apiKey = await options.connections.apiKey(connectionId);
    const { baseUrl, settings, plan, minuteMs } = connection;
    const madeOf = JSON.stringify([baseUrl, settings, plan, minuteMs, apiKey]);
    const now = performance.now();
    if (before?.madeOf === madeOf) return { ...before, checkedAt: now, usedAt: now };
    // Calls in flight on the old client end in their own time.
    void before?.world.freshservice.close();
    return { world: build(options, connection, apiKey), madeOf, checkedAt: now, usedAt: now };
  }

  return {
    async worldOf(connectionId) {
      const pending = open.get(connectionId);
      const known = await pending?.catch(() => undefined);
      const isFresh = known !== undefined && performance.now() - known.checkedAt < CHECK_MS;
      if (isFresh) {
        known.usedAt = performance.now();
        return known.world;
      }
      // Whoever comes first asks; the others wait for the same answer.
      if (open.get(connectionId) === pending) open.set(connectionId, make(connectionId, known));
      return (await open.get(connectionId))?.world;
    },
    async closeIdle() {
      for (const [id, pending] of open) {
        const known = await pending.catch(() => undefined);
        if (known && performance.now() - known.usedAt < IDLE_MS) continue;
        open.delete(id);
        await known?.world.freshservice.close();
      }
    },
    async close() {
      const all = [...open.values()];
      open.clear();
      await Promise.all(
        all.map(async (pending) => (await pending.catch(() => undefined))?.world.freshservice.close()),
      );
    },
  };
}

function build(
  { connections, redis, onCall, onStop }: WorldsOptions,
  connection: Connection,
  apiKey: string,
): World {
  const { accountId, id, settings, minuteMs, plan } = connection;
  const budget = createBudget({
    redis,
    accountId,
    share: settings['budget.share'],
    windowMs: minuteMs,
    ...(isPlan(plan) ? { plan } : {}),
  });
  const freshservice = createFreshserviceClient({
    baseUrl: connection.baseUrl,
    apiKey,
    budget,
    onCall: (event) => onCall(connection, event),
  });
  let keyOwner: number | undefined;
  return {
    directory: openDirectory(redis, { accountId, connectionId: id }),
    freshservice,
    settings,
    leaseMs: LEASE_MS,
    monotonicMs: () => performance.now(),
    random: () => Math.random(),
    stop: async (reason) => {
      onStop(connection, reason);
      await connections.stop(id, reason);
    },
    keyOwnerId: async (call) => {
      keyOwner ??= (await freshservice.agents.me(call)).id;
      return keyOwner;
    },
  };
}

const isPlan = (plan: string | undefined): plan is PlanName =>
  plan !== undefined && Object.hasOwn(PLANS, plan);
