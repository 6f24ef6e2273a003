import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const TRIES_MAX = 100;

/**
 * A port of the loopback on which nobody listens now. From below the range that systems choose from by themselves, so
 * that none of the servers of other tests, which take any free port, gets it before the caller does.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(10_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('listening', () => resolve(true)).once('error', () => resolve(false));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('no port of the loopback is free');
}
