// Deletes what is stored about the people of a connection: queues, desired state, observed state, timelines.
import type { Redis } from 'ioredis';
import type { Connection } from '@fresh-scim/connections';
import { openQueues } from '@fresh-scim/queue';
import { redisOptions } from '@fresh-scim/runtime';
import { directoryOf } from '../installation.ts';

/** Safe to repeat. The connection itself stays, and nothing in Freshservice is touched. */
export async function erasePeople(
  { redis, redisUrl }: { readonly redis: Redis; readonly redisUrl: string },
  connection: Connection,
): Promise<void> {
  const { accountId, id: connectionId } = connection;
  const queues = openQueues(redisOptions(redisUrl), { accountId, connectionId });
  try {
    await queues.obliterate();
  } finally {
    await queues.close();
  }
  await directoryOf(redis, connection).erase();
}
