// Everything that `doctor` looks at, in the order in which one thing needs the other. Changes nothing anywhere.
import type { Redis } from 'ioredis';
import { openConnections } from '@fresh-scim/connections';
import type { Connection } from '@fresh-scim/connections';
import { needConnection } from '../installation.ts';
import type { Io } from '../io.ts';
import { examineConnection } from './account.ts';
import type { Store } from './account.ts';
import { notChecked } from './check.ts';
import type { Check } from './check.ts';
import { examineFolder } from './folder.ts';
import { examineOutside } from './outside.ts';
import type { Place } from './place.ts';
import { examineProcesses } from './processes.ts';
import { examineRedis } from './redis.ts';
import { examineSecret, openSecret } from './secret.ts';

/** A look that has begun: it is known what there is to look at. */
export interface Examination {
  readonly redisAnswers: boolean;
  /** The checks, each as soon as it is made. To be read once. */
  readonly checks: AsyncIterable<Check>;
}

/**
 * @param idOrName the only connection to look at; all without it
 * @throws {CliError} unknown-connection
 */
export async function examine(
  place: Place,
  redis: Redis,
  idOrName: string | undefined,
  io: Io,
): Promise<Examination> {
  const { answers, checks } = await examineRedis(redis);
  const secret = openSecret(place.secret);
  const store =
    answers && 'key' in secret ? { redis, connections: openConnections(redis, secret) } : undefined;
  const chosen = store === undefined ? [] : await choose(store, idOrName);

  async function* look(): AsyncGenerator<Check> {
    yield* checks;
    if (store !== undefined) yield await examineSecret(store.connections);
    else if ('key' in secret) yield notChecked('secret', 'Redis does not answer.');
    else yield secret;
    yield* await examineFolder(place.dataDir);
    yield* await examineProcesses(place.run);
    yield* await examineOutside(place.publicUrl);
    for (const connection of chosen) if (store) yield* await examineConnection(store, connection, io);
    if (store === undefined) yield notChecked('connections', 'They need Redis and the secret.');
    else if (chosen.length === 0) yield notChecked('connections', 'There is none yet.');
  }
  return { redisAnswers: answers, checks: look() };
}

async function choose({ connections }: Store, idOrName: string | undefined): Promise<readonly Connection[]> {
  return idOrName === undefined ? connections.list() : [await needConnection(connections, idOrName)];
}
