/**
 * One call to Freshservice, in order: take a credit, let the caller prepare (`beforeSend`), send with a deadline, tell
 * the budget, classify the answer. Every endpoint goes through here.
 *
 * Time. The clock starts before `beforeSend`: the exchange is over `deadlineMs` later, and nothing is written in the
 * second half of that time. So a process that was paused between its preparation and the socket sends nothing, and an
 * effect lands before the instant that the caller wrote down, as far as a client can see to it.
 */
import pRetry from 'p-retry';
import { Pool } from 'undici';
import { readEnding } from './answer.ts';
import type { Budget, Grant } from './budget/types.ts';
import type { Call, CallEvent, CallOptions, Success } from './call.ts';
import { FreshserviceError } from './error.ts';
import { readRateHeaders, readRequestId, readRetryAfterMs } from './headers.ts';
import { type Answer, type Sending, send, type Silence } from './send.ts';

const DEADLINE_MS = 10_000;
/** The part of the deadline in which a call may still be written. */
const WRITE_SHARE = 0.5;
/** A connection has five slots by default, each with one call in flight. */
const SOCKETS_MAX = 10;
const READ_RETRIES_MAX = 2;
/** What an idle keep-alive socket reports when the server has closed it meanwhile (seen in traffic: it closes often). */
const STALE_SOCKET_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Whom to call, as whom, and how fast. */
export interface HttpOptions {
  /** `https://acme.freshservice.com`. Plain http is spoken only when it says so, which is for simulators. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly budget: Budget;
  /** For connect, headers and body together, in milliseconds. @default 10000 */
  readonly deadlineMs?: number | undefined;
  /** Told after every call that was let go; must not throw. */
  readonly onCall?: ((event: CallEvent) => void) | undefined;
}

/** Calls to one account with one key. */
export interface Http {
  readonly deadlineMs: number;
  /** @throws {FreshserviceError} unless 2xx and readable; what the budget and `beforeSend` throw passes as it is */
  call<T>(call: Call<T>, options: CallOptions): Promise<Success<T>>;
  /** Waits for calls in flight, which their deadlines bound, then closes the sockets. */
  close(): Promise<void>;
}

/** @throws {TypeError} when the base URL is not http(s), or carries a user, a query or a fragment */
export function openHttp(options: HttpOptions): Http {
  const base = parseBaseUrl(options.baseUrl);
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const pool = new Pool(base.origin, {
    connections: SOCKETS_MAX,
    pipelining: 1,
    // Over HTTP/2 one reset would end many calls at once, and "may it have left" would have no exact answer.
    allowH2: false,
    connectTimeout: deadlineMs * WRITE_SHARE,
  });
  const account: Account = {
    pool,
    budget: options.budget,
    prefix: `${base.pathname.replace(/\/+$/, '')}/api/v2`,
    // The password is a dummy (documentation: Authentication).
    authorization: `Basic ${Buffer.from(`${options.apiKey}:X`).toString('base64')}`,
    deadlineMs,
    onCall: options.onCall,
  };
  return {
    deadlineMs,
    call: (call, how) => callWithRetry(account, call, how),
    close: () => pool.close(),
  };
}

interface Account {
  readonly pool: Pool;
  readonly budget: Budget;
  readonly prefix: string;
  readonly authorization: string;
  readonly deadlineMs: number;
  readonly onCall: ((event: CallEvent) => void) | undefined;
}

function parseBaseUrl(text: string): URL {
  const url = new URL(text);
  const isBare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || !isBare) {
    throw new TypeError('The base URL must be https://HOST, without user, query and fragment');
  }
  return url;
}

/** A write is sent once. A read that met a stale socket is sent again at once, each time for a credit of its own. */
async function callWithRetry<T>(account: Account, call: Call<T>, options: CallOptions): Promise<Success<T>> {
  if (call.method !== 'GET') return await callOnce(account, call, options);
  return await pRetry(() => callOnce(account, call, options), {
    retries: READ_RETRIES_MAX,
    minTimeout: 0,
    shouldRetry: ({ error }) =>
      error instanceof FreshserviceError &&
      error.status === undefined &&
      STALE_SOCKET_CODES.has(error.code ?? ''),
  });
}

async function callOnce<T>(account: Account, call: Call<T>, options: CallOptions): Promise<Success<T>> {
  const askedAt = performance.now();
  const { urgency, signal } = options;
  const grant = await account.budget.take({
    urgency,
    bucket: call.bucket,
    ...(signal === undefined ? {} : { signal }),
  });
  const startedAt = performance.now();
  await prepare(grant, options, Date.now() + account.deadlineMs);
  const ending = await send(account.pool, sendingOf(account, call, signal, startedAt));
  const recorded = await isRecorded(settle(grant, ending));
  const outcome = readEnding(call, ending, Date.now());
  account.onCall?.({
    ...describeCall(call, outcome),
    ...describeAnswer(ending),
    urgency,
    waitedMs: startedAt - askedAt,
    ms: performance.now() - startedAt,
    recorded,
  });
  if (outcome instanceof FreshserviceError) throw outcome;
  return outcome;
}

async function prepare(grant: Grant, options: CallOptions, deadlineAt: number): Promise<void> {
  try {
    await options.beforeSend?.(deadlineAt);
  } catch (error) {
    // The caller's reason is what matters; a budget that cannot be told counts the credit as used all the same.
    await isRecorded(grant.lost());
    throw error;
  }
}

function sendingOf(
  account: Account,
  call: Call<unknown>,
  signal: AbortSignal | undefined,
  startedAt: number,
): Sending {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return {
    method: call.method,
    path: `${account.prefix}${call.path}`,
    headers: {
      authorization: account.authorization,
      accept: 'application/json',
      // Only with a body: an action that takes none may answer `no_content_required` (documentation: Errors).
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body,
    startBy: startedAt + account.deadlineMs * WRITE_SHARE,
    deadline: startedAt + account.deadlineMs,
    signal,
  };
}

async function settle(grant: Grant, ending: Answer | Silence): Promise<void> {
  if (ending.status === undefined) return await grant.lost();
  const { status, headers } = ending;
  await grant.answered(readRateHeaders(headers), status, readRetryAfterMs(headers, Date.now()));
}

/** An answer outranks its book-keeping: a change that was made must be known to the caller even if Redis is not there. */
async function isRecorded(settled: Promise<void>): Promise<boolean> {
  return await settled.then(
    () => true,
    () => false,
  );
}

type Outcome = Success<unknown> | FreshserviceError;

function describeCall({ method, route, bucket }: Call<unknown>, outcome: Outcome) {
  if (outcome instanceof FreshserviceError) {
    const { kind, effect, code } = outcome;
    return { method, route, bucket, outcome: kind, effect, code };
  }
  const effect = method === 'GET' ? ('none' as const) : ('done' as const);
  return { method, route, bucket, outcome: 'ok' as const, effect, code: undefined };
}

function describeAnswer(ending: Answer | Silence) {
  if (ending.status === undefined) return { status: undefined, requestId: undefined, rate: undefined };
  const { status, headers } = ending;
  return { status, requestId: readRequestId(headers), rate: readRateHeaders(headers) };
}
