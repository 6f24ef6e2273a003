/**
 * One HTTP exchange over a pooled socket: bytes out, bytes in, and one question answered exactly: may the first byte
 * have left? Knows nothing of Freshservice, budgets or kinds.
 *
 * `Pool#dispatch` and not `Pool#request`: its `onRequestStart` is called synchronously before the bytes go to the
 * socket, so the check against `startBy` made there is the last thing that happens before the write, whatever the
 * process went through while it waited for a socket (a paused process resumes exactly here).
 */
import type { Dispatcher, Pool } from 'undici';
import type { Headers } from './headers.ts';

/** 8 MiB: a page of 100 people is about 200 KB. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** What to send and until when. Times are monotonic (`performance.now()`). */
export interface Sending {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Nothing is written from this instant on. */
  readonly startBy: number;
  /** The exchange is given up at this instant: connect, headers and body together. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Why an exchange did not end well: a system code (`ECONNREFUSED`), an undici code (`UND_ERR_CONNECT_TIMEOUT`), or one
 * of ours: DEADLINE and ABORTED (we gave up), TOO_LARGE and TRUNCATED (of a body), UNKNOWN.
 */
export type FaultCode = string;

/** An answer whose headers came. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when it did not arrive whole; `fault` then says why. */
  readonly body: string | undefined;
  readonly fault: FaultCode | undefined;
}

/** No headers came. */
export interface Silence {
  readonly status: undefined;
  readonly fault: FaultCode;
  /** False: not a byte has left. True: it may have. */
  readonly written: boolean;
}

/** Sends once: never follows a redirect, never repeats. Whatever the network does is a result and not an exception. */
export async function send(pool: Pool, sending: Sending): Promise<Answer | Silence> {
  const exchange = new Exchange(sending.startBy);
  const onAbort = (): void => exchange.giveUp('ABORTED');
  const timer = setTimeout(
    () => exchange.giveUp('DEADLINE'),
    Math.max(0, sending.deadline - performance.now()),
  );
  sending.signal?.addEventListener('abort', onAbort, { once: true });
  if (sending.signal?.aborted === true) onAbort();
  try {
    const { method, path, headers, body = null } = sending;
    // The one deadline above replaces undici's own timeouts for headers and body.
    pool.dispatch({ method, path, headers, body, headersTimeout: 0, bodyTimeout: 0 }, exchange);
    return await exchange.ended;
  } finally {
    clearTimeout(timer);
    sending.signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * One exchange is queued (no controller), written (a controller) or answered (a status), and then ended, once: what
 * undici reports after that changes nothing.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<Answer | Silence>;
  readonly #end: (ending: Answer | Silence) => void;
  readonly #startBy: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #gaveUp: FaultCode | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #head: { status: number; headers: Headers } | undefined;

  constructor(startBy: number) {
    const { promise, resolve } = Promise.withResolvers<Answer | Silence>();
    this.ended = promise;
    this.#end = resolve;
    this.#startBy = startBy;
  }

  /** Ends the exchange for a reason of ours. The first reason stays. */
  giveUp(code: FaultCode): void {
    this.#gaveUp ??= code;
    this.#controller?.abort(new Error(code));
    // Not left to undici: it would report a queued exchange only once there is a socket for it, which may be never.
    this.#fail(code);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (performance.now() >= this.#startBy) this.giveUp('DEADLINE');
    if (this.#gaveUp === undefined) this.#controller = controller;
    else controller.abort(new Error(this.#gaveUp));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > BODY_BYTES_MAX) this.giveUp('TOO_LARGE');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks).toString('utf8');
    if (this.#head !== undefined) this.#end({ ...this.#head, body, fault: undefined });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(codeOf(error));
  }

  /** `code` is what undici reports; where we gave up, that is the reason and undici's report only follows from it. */
  #fail(code: FaultCode): void {
    if (this.#head !== undefined) {
      this.#end({ ...this.#head, body: undefined, fault: this.#gaveUp ?? 'TRUNCATED' });
    } else {
      const written = this.#controller !== undefined;
      this.#end({ status: undefined, fault: this.#gaveUp ?? code, written });
    }
  }
}

/** The code of a Node or undici error; a name that was tried at several addresses hides it in its first error. */
function codeOf(error: Error): FaultCode {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError && error.errors[0] instanceof Error
    ? codeOf(error.errors[0])
    : 'UNKNOWN';
}
