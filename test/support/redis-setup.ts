/**
 * Gives the tests a real Redis, in this order: the one of REDIS_URL, a container where an engine answers, a private
 * server of their own. Says which one it is; without any it fails, because tests that skip themselves prove nothing.
 */
import { provideRedis } from '@fresh-scim/runtime';
import type { TestProject } from 'vitest/node';
import { startContainer } from './redis-container.ts';
import { startPrivateRedis } from './redis-server.ts';

/** A Redis for one run of the tests. */
interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await findRedis((line) => process.stderr.write(`[tests] ${line}\n`));
  project.provide('redisUrl', redis.url);
  return () => redis.stop();
}

async function findRedis(report: (line: string) => void): Promise<TestRedis> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') {
    report('Redis of REDIS_URL');
    return { url: given, stop: async () => undefined };
  }
  const container = await startContainer(report);
  if (container !== undefined) return container;
  return startPrivateRedis(await provideRedis({ report }));
}
