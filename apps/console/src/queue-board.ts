// Bull Board over the two queues of every connection. Queues come and go with their connections: the list is looked at
// every few seconds. Read-only: jobs are wake-ups, so there is nothing to repair in them, and a job that was added or
// edited by hand would be the only one not made by us.
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Connection, Connections } from '@fresh-scim/connections';
import { openQueues } from '@fresh-scim/queue';
import type { ConnectionQueues } from '@fresh-scim/queue';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { RedisOptions } from 'ioredis';

const QUEUES_PATH = '/queues';

/** Each shown connection costs a Redis client. */
const SHOWN_MAX = 200;

export interface ShownConnection {
  readonly connection: Connection;
  readonly queues: ConnectionQueues;
}

export interface QueueBoard {
  /** Oldest first, as of the last look at the list. */
  shown(): readonly ShownConnection[];
  /** How many connections there are beyond those shown. */
  hidden(): number;
  /** Looks at the list of connections now. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

interface Pair extends ShownConnection {
  readonly adapters: readonly BullMQAdapter[];
}

/** Serves Bull Board under /queues and keeps its queues in step with the connections until it is closed. */
export async function addQueueBoard(
  app: FastifyInstance,
  options: {
    readonly connections: Pick<Connections, 'listCached'>;
    readonly redis: RedisOptions;
    readonly pollMs: number;
  },
): Promise<QueueBoard> {
  const { connections, redis, pollMs } = options;
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(QUEUES_PATH);
  const board = createBullBoard({
    queues: [],
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'fresh-scim queues',
        hideDocsLink: true,
        miscLinks: [{ text: 'Connections', url: '/' }],
      },
    },
  });
  await app.register(serverAdapter.registerPlugin(), { prefix: QUEUES_PATH });

  let pairs = new Map<string, Pair>();
  let hiddenCount = 0;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const all = await connections.listCached();
    const visible = all.slice(0, SHOWN_MAX);
    const next = new Map<string, Pair>();
    for (const connection of visible) {
      next.set(connection.id, { ...(pairs.get(connection.id) ?? openPair(redis, connection)), connection });
    }
    const gone = [...pairs.values()].filter((pair) => !next.has(pair.connection.id));
    pairs = next;
    hiddenCount = all.length - visible.length;
    board.replaceQueues([...next.values()].flatMap((pair) => pair.adapters));
    await closeAll(gone);
  }

  function refresh(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  const stopPolling = poll(refresh, pollMs, app.log);
  return {
    shown: () => [...pairs.values()],
    hidden: () => hiddenCount,
    refresh,
    async close() {
      stopPolling();
      // A look that fails now has nothing left to say; one that succeeds may have opened queues.
      await Promise.allSettled([looking]);
      await closeAll([...pairs.values()]);
      pairs = new Map();
    },
  };
}

function poll(refresh: () => Promise<void>, pollMs: number, log: FastifyBaseLogger): () => void {
  const timer = setInterval(() => {
    refresh().catch((error: unknown) =>
      log.warn({ err: error }, 'the list of connections could not be read'),
    );
  }, pollMs);
  timer.unref();
  return () => clearInterval(timer);
}

function openPair(redis: RedisOptions, connection: Connection): Pair {
  const queues = openQueues(redis, { accountId: connection.accountId, connectionId: connection.id });
  const adapters = (['urgent', 'normal'] as const).map(
    (lane) =>
      new BullMQAdapter(queues[lane], {
        readOnlyMode: true,
        displayName: `${connection.name}: ${lane}`,
        description: connection.domain,
      }),
  );
  return { connection, queues, adapters };
}

async function closeAll(pairs: readonly ShownConnection[]): Promise<void> {
  await Promise.all(pairs.map((pair) => pair.queues.close()));
}
