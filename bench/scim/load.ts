/**
 * Load on one server: so many connections, each kept alive and sending its next request when the last is answered. Every
 * answer is checked; one that is not as expected counts as an error and not as a request.
 */
import { Client, type Dispatcher } from 'undici';

/** A server that is measured. */
export interface Target {
  readonly origin: string;
  readonly token: string;
}

/** One request, and how its answer is recognised as right. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the base path, such as `/Users`. */
  readonly path: string;
  readonly body?: object;
  readonly status: number;
  /** A piece of the answer's text. */
  readonly contains: string;
  /** Given the text of an answer that is right. */
  readonly onAnswer?: (text: string) => void;
}

/** What was measured. Times are milliseconds. */
export interface Measured {
  /** Sorted: the time that each right answer took. */
  readonly latenciesMs: readonly number[];
  readonly elapsedMs: number;
  readonly errors: number;
  /** What was wrong with the first of them. */
  readonly firstError: string | undefined;
}

const BASE_PATH = '/scim/v2';

/** Runs until `next` has no more requests, or, with `forMs`, until the time is over. */
export async function drive(
  target: Target,
  next: () => Exchange | undefined,
  { connections, forMs = Number.POSITIVE_INFINITY }: { connections: number; forMs?: number },
): Promise<Measured> {
  const latenciesMs: number[] = [];
  const wrong: string[] = [];
  let errors = 0;
  const from = performance.now();
  const line = async (): Promise<void> => {
    const client = new Client(target.origin, { pipelining: 1 });
    for (;;) {
      const sentAt = performance.now();
      const exchange = sentAt - from < forMs ? next() : undefined;
      if (!exchange) break;
      const problem = await send(client, target, exchange);
      if (problem === undefined) latenciesMs.push(performance.now() - sentAt);
      else if ((errors += 1) === 1) wrong.push(problem);
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: connections }, line));
  const elapsedMs = performance.now() - from;
  return { latenciesMs: latenciesMs.sort((a, b) => a - b), elapsedMs, errors, firstError: wrong[0] };
}

/** @returns what is wrong with the answer, if anything is. */
export async function send(
  dispatcher: Dispatcher,
  { origin, token }: Target,
  exchange: Exchange,
): Promise<string | undefined> {
  const { method, path, body, status, contains, onAnswer } = exchange;
  try {
    const response = await dispatcher.request({
      origin,
      method,
      path: BASE_PATH + path,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode !== status || !text.includes(contains)) {
      return `${method} ${path.split(/[/?]/)[1]} was answered ${response.statusCode}, not ${status} with ${contains}: ${text.slice(0, 300)}`;
    }
    onAnswer?.(text);
    return undefined;
  } catch (error) {
    return `${method} ${path.split(/[/?]/)[1]} was not answered: ${String(error)}`;
  }
}
