/** A small `up` for tests of the runtime: folder, lock, Redis and one child. Tells what happens as JSON lines on stdout. */
import { join } from 'node:path';
import {
  keepRedis,
  lockDataDir,
  onShutdown,
  openDataDir,
  provideRedis,
  spawnNode,
  startEmbeddedRedis,
  supervise,
} from '@fresh-scim/runtime';

const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const dataDir = process.argv[2] ?? '';
await openDataDir(dataDir);
const lock = lockDataDir(dataDir);
const options = { dataDir, binary: await provideRedis() };
const redis = await startEmbeddedRedis(options);
tell({ kind: 'redis', pid: redis.pid, url: redis.url, takenOver: redis.takenOver });

const script = join(import.meta.dirname, 'runtime-child.ts');
const child = { name: 'child', spawn: () => spawnNode({ script, env: process.env }) };
const supervisor = supervise([keepRedis(redis, options), child], { onEvent: tell });
onShutdown([
  { name: 'children', run: () => supervisor.stop() },
  { name: 'lock', run: () => lock.release() },
]);
if (await supervisor.ready) tell({ kind: 'all ready' });
