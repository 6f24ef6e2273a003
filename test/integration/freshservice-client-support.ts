/** What the tests of the Freshservice client share: a server that answers as scripted, and a budget that always grants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Budget,
  type CallEvent,
  createFreshserviceClient,
  type FreshserviceClient,
  FreshserviceError,
  type RateHeaders,
} from '@fresh-scim/freshservice';
import { createSimulator, type KnobChanges, type Simulator } from '@fresh-scim/freshservice-sim';
import { onTestFinished } from 'vitest';

export const NOW = { urgency: 'normal' } as const;
export const JSON_TYPE = { 'content-type': 'application/json' };

/** How the scripted server ends one request. */
export type Reply = (res: ServerResponse, req: IncomingMessage) => void;
export const reset: Reply = (res) => res.socket?.resetAndDestroy();
export const never: Reply = () => undefined;

/** A request as the server received it. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server whose answer to the nth request (from 1) the test decides. It ends with the test. */
export interface ScriptedServer {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  reply: (nth: number, req: IncomingMessage) => Reply;
  stop(): Promise<void>;
}

export async function startServer(first: Reply): Promise<ScriptedServer> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    req.on('end', () => {
      const { method, url, headers } = req;
      received.push({ method, url, headers, body });
      scripted.reply(received.length, req)(res, req);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const scripted: ScriptedServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    reply: () => first,
    async stop() {
      server.closeAllConnections();
      if (!server.listening) return;
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  onTestFinished(() => scripted.stop());
  return scripted;
}

/** A budget that always grants and tells how each grant ended, as `answered STATUS HEADERS RETRY` or `lost`. */
export function openHanded(ended: (how: string) => Promise<void>): Budget {
  return {
    async take() {
      return {
        answered: (headers: RateHeaders | undefined, status: number, retryAfterMs?: number) =>
          ended(`answered ${status} ${JSON.stringify(headers ?? null)} ${retryAfterMs ?? '-'}`),
        lost: () => ended('lost'),
      };
    },
    usage: () => Promise.reject(new Error('not asked for here')),
  };
}

/** A client with what it told: how its grants ended, and its events. It is closed with the test. */
export interface Connected extends FreshserviceClient {
  readonly grants: readonly string[];
  readonly events: readonly CallEvent[];
}

export function connect(
  baseUrl: string,
  options: { deadlineMs?: number; budget?: Budget; apiKey?: string } = {},
): Connected {
  const grants: string[] = [];
  const events: CallEvent[] = [];
  const client = createFreshserviceClient({
    baseUrl,
    apiKey: 'key',
    budget: openHanded(async (how) => {
      grants.push(how);
    }),
    onCall: (event) => {
      events.push(event);
    },
    ...options,
  });
  onTestFinished(() => client.close());
  return { ...client, grants, events };
}

/** A simulated account and a client of it. Both end with the test. */
export async function startAccount(
  knobs: KnobChanges = {},
  options: { deadlineMs?: number; apiKey?: string } = {},
): Promise<{ simulator: Simulator; client: Connected; url: string }> {
  const simulator = createSimulator({ apiKey: 'key', samples: false, ...knobs });
  const { url } = await simulator.listen();
  onTestFinished(() => simulator.close());
  return { simulator, client: connect(url, options), url };
}

/** The error that a call ends with. */
export async function failure(call: Promise<unknown>): Promise<FreshserviceError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FreshserviceError) return error;
  throw new Error('expected a FreshserviceError', { cause: error });
}
