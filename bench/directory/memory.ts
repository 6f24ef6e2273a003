/**
 * Prints how many bytes of Redis one person takes. Nothing is asserted.
 *
 * Uses the Redis of REDIS_URL (an account of its own there, erased at the end), else a private one.
 *
 *   node bench/directory/memory.ts [--people 2000]
 */
import { parseArgs } from 'node:util';
import { connectRedis, provideRedis } from '@fresh-scim/runtime';
import { startPrivateRedis } from '../../test/support/redis-server.ts';
import { measureBytes } from './bytes-per-person.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '2000' } } });
const LABELS = {
  desired: 'desired: the resource',
  indexes: 'indexes: userName, externalId, work address, order',
  words: 'index: words',
  observed: 'observed, with echoes',
  owner: 'owner of the account',
  key: 'the key',
  timeline: 'timeline, six events',
} as const;

const given = process.env['REDIS_URL'];
const server = given ? undefined : await startPrivateRedis(await provideRedis());
const redis = connectRedis(given ?? server?.url ?? '', 'commands');
const { rendered, parts } = await measureBytes(redis, Number(values.people));
redis.disconnect();
await server?.stop();

const print = (label: string, bytes: number): boolean =>
  process.stdout.write(`${label.padEnd(54)}${bytes.toFixed(0).padStart(7)}\n`);
process.stdout.write(
  `\nbytes per person, ${values.people} people, ${Math.round(rendered)} as SCIM renders one\n\n`,
);
for (const [part, label] of Object.entries(LABELS)) print(label, parts[part as keyof typeof LABELS]);
print(
  'sum',
  Object.values(parts).reduce((sum, bytes) => sum + bytes, 0),
);
