// Looks for busy ports before anything is started, because a child that dies of one says so in a log that nobody reads.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, EXIT } from '../failure.ts';

/** Children of a killed supervisor end within 5 s. */
const ORPHANS_END_MS = 6_000;
const POLL_MS = 200;

/** A port that a child will listen on. */
export interface PortPlan {
  /** The environment variable that decides it. */
  readonly variable: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** `refuse`: an error names the port. `any`: another free one is taken. `wait`: as `refuse`, after orphans have ended. */
export type WhenBusy = 'refuse' | 'any' | 'wait';

/**
 * The port to use: the planned one, or 0 where any will do.
 * @throws {CliError} port-busy, naming the port and its variable
 */
export async function claimPort({ variable, host, port }: PortPlan, whenBusy: WhenBusy): Promise<number> {
  if (port === 0) return 0;
  const deadline = performance.now() + (whenBusy === 'wait' ? ORPHANS_END_MS : 0);
  for (;;) {
    if (await isFree(host, port)) return port;
    if (whenBusy === 'any') return 0;
    if (performance.now() >= deadline) break;
    await sleep(POLL_MS);
  }
  throw new CliError(
    EXIT.wrongUsage,
    'port-busy',
    `Port ${port} on ${host} is in use by another program.`,
    `Stop that program, or set ${variable} to another port (0 for any free one).`,
  );
}

/** Any free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @throws when the host is none of this machine, or the port is not ours to open */
async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return false;
    throw new CliError(
      EXIT.wrongUsage,
      'port-unusable',
      `Nothing can listen on ${host} port ${port} (${code ?? 'unknown'}).`,
      'Check the host and the port.',
    );
  }
}
