/**
 * How fast is the SCIM face? Compares scim-api on a durable Redis with scimmy-routers, SAML Jackson and the least that any
 * server on Redis can do; measures latency as the directory grows, twenty tenants at once beside a worker, and bytes per
 * person. One run, one machine: quote its ratios and not its rates. Prints tables, and writes results.json beside this file.
 *
 *   npm run bench:scim -- [--parts compare,growth,mix,bytes] [--no-peers] [--million] [--fsync everysec]
 *     [--rounds 3] [--seconds 3] [--connections 10,50]
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectRedis, provideRedis, type RedisBinary } from '@fresh-scim/runtime';
import { startPrivateRedis } from '../../test/support/redis-server.ts';
import { type BytesPerPerson, measureBytes } from '../directory/bytes-per-person.ts';
import { compare, type Contender } from './compare.ts';
import { runEntraMix } from './entra-mix.ts';
import { grow } from './growth.ts';
import { installPeers } from './peers.ts';
import {
  FLOOR,
  JACKSON_MEMORY,
  JACKSON_REDIS,
  OURS,
  OURS_ALWAYS,
  render,
  type Results,
  SCIMMY,
} from './report.ts';
import { type Fsync, startFloor, startFreshScim, startPeer } from './servers.ts';

const SIZES = [1000, 10_000, 100_000];
const PEOPLE = 1000;
const TENANTS = { tenants: 20, perSecond: 25, people: 50 };

const { values } = parseArgs({
  allowNegative: true,
  options: {
    parts: { type: 'string', default: 'compare,growth,mix,bytes' },
    peers: { type: 'boolean', default: true },
    million: { type: 'boolean', default: false },
    fsync: { type: 'string', default: 'everysec' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '10,50' },
  },
});
const parts = new Set(values.parts.split(','));
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const fsync = values.fsync as Fsync;
const onProgress = (line: string): void => void process.stderr.write(`${line}\n`);
const binary = await provideRedis();

const results: Results = {
  ...(parts.has('compare')
    ? {
        compared: await compare(contenders(), {
          people: PEOPLE,
          connections: values.connections.split(',').map(Number),
          rounds,
          roundMs: seconds * 1000,
          onProgress,
        }),
      }
    : {}),
  ...(parts.has('growth')
    ? {
        grown: await grow(binary, {
          sizes: values.million ? [...SIZES, 1_000_000] : SIZES,
          fsync,
          rounds: 5,
          requests: 60,
          onProgress,
        }),
      }
    : {}),
  ...(parts.has('mix')
    ? { entraMix: await runEntraMix(binary, { ...TENANTS, seconds: 10 * seconds, fsync }) }
    : {}),
  ...(parts.has('bytes') ? { bytes: await bytesPerPerson(binary) } : {}),
};
process.stdout.write(`\n${render(results)}\n`);
const document = {
  at: new Date().toISOString(),
  node: process.version,
  cores: availableParallelism(),
  fsync,
};
writeFileSync(
  join(import.meta.dirname, 'results.json'),
  `${JSON.stringify({ ...document, ...results }, null, 2)}\n`,
);

function contenders(): Contender[] {
  const ours = [
    { name: OURS, start: () => startFreshScim(binary, fsync) },
    { name: OURS_ALWAYS, start: () => startFreshScim(binary, 'always') },
    { name: FLOOR, start: () => startFloor(binary) },
  ];
  if (!values.peers) return ours;
  installPeers();
  return [
    ...ours,
    { name: SCIMMY, start: () => startPeer('scimmy') },
    { name: JACKSON_MEMORY, start: () => startPeer('jackson') },
    { name: JACKSON_REDIS, start: () => startPeer('jackson', binary) },
  ];
}

async function bytesPerPerson(program: RedisBinary): Promise<BytesPerPerson> {
  const server = await startPrivateRedis(program);
  const redis = connectRedis(server.url, 'commands');
  try {
    return await measureBytes(redis, 20_000);
  } finally {
    redis.disconnect();
    await server.stop();
  }
}
