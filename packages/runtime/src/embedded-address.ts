/** Where the embedded Redis listens. Kept in its folder, so that the next supervisor finds a server that is still up. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { writePrivateFile } from './private-file.ts';
import { quoted } from './redis-settings.ts';

/** The kernel's limit is 104 (macOS) or 108 (Linux) bytes, the final zero included. */
const SOCKET_PATH_BYTES_MAX = 100;

const tcpSchema = z.object({ port: z.int().min(1).max(65_535), password: z.string().min(20) });

/** An address and the lines of Redis's settings file that make a server listen there. */
interface RedisAddress {
  readonly url: string;
  readonly settings: readonly string[];
}

/**
 * The address of the server in `dir`: a socket where its path is short enough, else a loopback port with a password.
 * `known`: the one that was used before, if any. `free`: one that a server can be started on now; a port that somebody
 * else has taken meanwhile is replaced.
 */
export async function redisAddress(dir: string, want: 'known' | 'free'): Promise<RedisAddress | undefined> {
  const socket = join(dir, 'redis.sock');
  if (Buffer.byteLength(socket) <= SOCKET_PATH_BYTES_MAX) {
    return {
      url: `unix://${pathToFileURL(socket).pathname}`,
      settings: ['port 0', `unixsocket ${quoted(socket)}`, 'unixsocketperm 700'],
    };
  }
  const file = join(dir, 'address.json');
  const known = await readTcp(file);
  if (known !== undefined && (want === 'known' || (await freePort(known.port)) === known.port))
    return tcp(known);
  if (want === 'known') return undefined;
  const chosen = { port: await freePort(0), password: randomBytes(24).toString('base64url') };
  await writePrivateFile(file, `${JSON.stringify(chosen)}\n`);
  return tcp(chosen);
}

function tcp({ port, password }: z.infer<typeof tcpSchema>): RedisAddress {
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    settings: [`port ${port}`, 'bind 127.0.0.1', `requirepass ${password}`],
  };
}

async function readTcp(file: string): Promise<z.infer<typeof tcpSchema> | undefined> {
  try {
    return tcpSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** This port, if nobody has it, or any free one. */
async function freePort(port: number): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return freePort(0);
  } finally {
    server.close();
  }
}
