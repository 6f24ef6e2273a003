/** Looks for people and secrets where none may be: logs, what BullMQ keeps, metrics. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { DirectoryPerson } from '@fresh-scim/entra-sim';
import type { World } from './world.ts';

/** Shorter ones are found by chance. */
const NEEDLE_CHARACTERS_MIN = 5;

/** Places, with what was found there; empty when all is well. @throws when a place is empty: then nothing was proven */
export async function findPersonalData(world: World): Promise<string[]> {
  const { token, apiKey, tenant } = world;
  const needles = new Set([token, apiKey, ...tenant.people().flatMap(wordsOf)]);
  const places = [...(await logsOf(world)), ...(await queuesOf(world)), ...(await metricsOf(world))];
  const found: string[] = [];
  for (const { name, text } of places) {
    if (text === '') throw new Error(`${name} is empty`);
    for (const needle of needles) if (text.includes(needle)) found.push(`${name}: ${needle}`);
  }
  return found;
}

interface Place {
  readonly name: string;
  readonly text: string;
}

function wordsOf(person: DirectoryPerson): string[] {
  const { userPrincipalName, mail, mailNickname, displayName, surname, telephoneNumber, mobile } = person;
  return [userPrincipalName, mail, mailNickname, displayName, surname, telephoneNumber, mobile]
    .filter((word) => word !== undefined)
    .filter((word) => word.length >= NEEDLE_CHARACTERS_MIN);
}

async function logsOf(world: World): Promise<Place[]> {
  const dir = join(world.dataDir, 'logs');
  const files = await Promise.all(
    (await readdir(dir)).map(async (file) => ({ name: file, text: await readFile(join(dir, file), 'utf8') })),
  );
  return [...files, { name: 'stderr of up', text: world.up().stderr() }];
}

async function metricsOf({ dataDir }: World): Promise<Place[]> {
  const run = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as {
    opsPorts: Record<string, number>;
  };
  return Promise.all(
    Object.entries(run.opsPorts).map(async ([name, port]) => ({
      name: `metrics of ${name}`,
      text: await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    })),
  );
}

async function queuesOf({ redis, scope }: World): Promise<Place[]> {
  const places: Place[] = [];
  for (const lane of ['urgent', 'normal']) {
    const texts: string[] = [];
    for await (const keys of redis.scanStream({
      match: `{${scope.accountId}}:${scope.connectionId}-${lane}:*`,
    })) {
      for (const key of keys as string[]) texts.push(key, await contentOf(redis, key));
    }
    places.push({ name: `the ${lane} queue`, text: texts.join('\n') });
  }
  return places;
}

async function contentOf(redis: Redis, key: string): Promise<string> {
  const read: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => redis.get(key),
    list: () => redis.lrange(key, 0, -1),
    hash: () => redis.hgetall(key),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, '0', '-1'),
    stream: () => redis.xrange(key, '-', '+'),
  };
  return JSON.stringify(await read[await redis.type(key)]?.());
}
