// The simulated Freshservice account of `up --simulator` and `demo`: a child with a port, a key and a state that stay
// the same over restarts, and one connection to it.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { spawnNode } from '@fresh-scim/runtime';
import type { Child } from '@fresh-scim/runtime';
import * as z from 'zod';
import { directoryOf } from '../installation.ts';
import { erasePeople } from '../look/erase.ts';
import { PROGRAMS } from '../places.ts';
import type { Logs } from './logs.ts';
import { claimPort, freePort } from './ports.ts';
import type { WhenBusy } from './ports.ts';
import type { Store } from '../store.ts';

const NAME = 'simulator';
const DOMAIN = 'acme.freshservice.test';
const READY_WITHIN_MS = 2_000;
const STOP_MS = 5_000;

/** How the account behaves. */
export interface SimulatorSettings {
  readonly plan: string;
  readonly minuteMs: number;
  /** Every answer takes from `latencyMs` to twice as long. */
  readonly latencyMs: number;
  /** Fills the account at this URL before anything is connected to it. @default nothing */
  readonly furnish?: (url: string) => Promise<void>;
}

/** A simulated account in a folder. */
export interface SimulatedAccount {
  readonly url: string;
  readonly apiKey: string;
  readonly child: Child;
}

/** The token of the connection, kept because the account behind it is invented. */
const tokenSchema = z.object({ connectionId: z.string(), token: z.string() });
export type SimulatorToken = z.infer<typeof tokenSchema>;

/** Prepares the account in the data folder: the same port and key as before, new ones at first. */
export async function prepareSimulator(
  dataDir: string,
  settings: SimulatorSettings,
  logs: Logs,
  whenBusy: WhenBusy,
): Promise<SimulatedAccount> {
  const dir = dirOf(dataDir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const keyFile = join(dir, 'api-key');
  const portFile = join(dir, 'port');
  const apiKey = await readOrCreate(keyFile, () => randomBytes(15).toString('base64url'));
  const port = Number(await readOrCreate(portFile, async () => String(await freePort())));
  await claimPort({ variable: `the file ${portFile}`, host: '127.0.0.1', port }, whenBusy);
  const url = `http://127.0.0.1:${port}`;
  const args = Object.entries({
    port,
    domain: DOMAIN,
    'api-key-file': keyFile,
    'state-file': join(dir, 'state'),
    plan: settings.plan,
    'minute-ms': settings.minuteMs,
    'latency-ms': settings.latencyMs,
    'jitter-ms': settings.latencyMs,
  }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const spawn = (): ReturnType<typeof spawnNode> =>
    logs.withFile(NAME, (output) => {
      const child = spawnNode({
        script: PROGRAMS.simulator,
        args: [...args, '--no-samples'],
        env: process.env,
        output,
      });
      return { ...child, ready: () => answers(`${url}/__sim/config`) };
    });
  return { url, apiKey, child: { name: NAME, stopWithinMs: STOP_MS, spawn } };
}

/**
 * The connection to the account, made at the first start, which starts the import of its people. Its token is read from
 * the folder, or made anew if lost.
 */
export async function connectSimulator(
  dataDir: string,
  { connections, redis }: Pick<Store, 'connections' | 'redis'>,
  account: SimulatedAccount,
  { plan, minuteMs }: SimulatorSettings,
): Promise<SimulatorToken> {
  const file = join(dirOf(dataDir), 'connection.json');
  const existing = await connections.get(NAME);
  if (existing?.baseUrl === account.url) {
    const kept = await readToken(file);
    if (kept?.connectionId === existing.id) return kept;
    const { token } = await connections.rotateToken(existing.id);
    return keepToken(file, { connectionId: existing.id, token });
  }
  const { connection, token } = await connections.add({
    name: NAME,
    domain: DOMAIN,
    apiKey: account.apiKey,
    baseUrl: account.url,
    minuteMs,
    plan,
  });
  await directoryOf(redis, connection).startImport();
  return keepToken(file, { connectionId: connection.id, token });
}

/** Forgets the account itself: its people, its key, its port. */
export async function forgetAccount(dataDir: string): Promise<void> {
  await rm(dirOf(dataDir), { recursive: true, force: true });
}

/** Forgets the connection to it, and its people. */
export async function forgetConnection(store: Store): Promise<void> {
  const connection = await store.connections.get(NAME);
  if (connection === undefined) return;
  await erasePeople(store, connection);
  await store.connections.remove(connection.id);
}

/** Where everything of the account is. */
function dirOf(dataDir: string): string {
  return join(dataDir, NAME);
}

async function readToken(file: string): Promise<SimulatorToken | undefined> {
  const text = await readIfThere(file);
  return text === undefined ? undefined : tokenSchema.parse(JSON.parse(text));
}

async function keepToken(file: string, token: SimulatorToken): Promise<SimulatorToken> {
  await writeWhole(file, `${JSON.stringify(token)}\n`);
  return token;
}

async function readOrCreate(file: string, make: () => string | Promise<string>): Promise<string> {
  const known = (await readIfThere(file))?.trim();
  if (known !== undefined && known !== '') return known;
  const made = await make();
  await writeWhole(file, `${made}\n`);
  return made;
}

/** In one step, so that a kill leaves no half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(url, { agent: false, timeout: READY_WITHIN_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.on('close', () => resolve(false));
    call.end();
  });
}
