// The requests that Entra's provisioning makes of a SCIM endpoint, as it encodes them, and what it takes for success.
// Retries nothing and follows no redirect: a failure is the next cycle's business.
import { Pool } from 'undici';
import { codeOfStatus, RequestFailure, type Verb } from './failures.ts';
import type { Tally } from './report.ts';
import { isObject, type JsonObject } from './targets.ts';

/** Where and how to call. */
export interface EndpointOptions {
  /** Tenant URL with or without a slash at its end; a query (`?aadOptscim062020`) is not sent. */
  readonly baseUrl: string;
  /** Secret Token, sent as bearer. */
  readonly token: string;
  /** Connections at most. */
  readonly connections: number;
  /** From sending to the end of the answer. */
  readonly requestTimeoutMs: number;
  /** Epoch milliseconds, fractions welcome. */
  readonly now: () => number;
}

/** What belongs to the cycle that a request is part of. */
export interface Call {
  readonly signal: AbortSignal;
  readonly tally: Tally;
}

/** A resource as answered, known to have an id. */
export interface Resource extends JsonObject {
  readonly id: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly answeredAt: number;
}

const RESPONSE_BYTES_MAX = 8 * 1024 * 1024;

/** @throws {TypeError} when baseUrl is no URL. */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { origin, pathname } = new URL(options.baseUrl);
  const pool = new Pool(origin, {
    connections: options.connections,
    connect: { timeout: options.requestTimeoutMs },
    headersTimeout: 0, // one deadline for all of a request, in Endpoint#send
    bodyTimeout: 0,
    maxResponseSize: RESPONSE_BYTES_MAX,
  });
  return new Endpoint(pool, `${pathname.replace(/\/+$/, '')}/Users`, options);
}

/** The endpoint; every method throws RequestFailure, or the reason of an aborted signal. */
export class Endpoint {
  readonly #pool: Pool;
  readonly #usersPath: string;
  readonly #options: EndpointOptions;

  constructor(pool: Pool, usersPath: string, options: EndpointOptions) {
    this.#pool = pool;
    this.#usersPath = usersPath;
    this.#options = options;
  }

  async findByUserName(userName: string, call: Call): Promise<Resource[]> {
    // Entra writes a space as "+" and a quote as %22, as form encoding does
    const query = new URLSearchParams({ filter: `userName eq ${JSON.stringify(userName)}` });
    const answer = await this.#send('GET', `${this.#usersPath}?${query.toString()}`, call);
    if (answer.status === 404) throw refused('GET', answer, 'ServiceIncompatible'); // no match is an empty list
    if (answer.status !== 200) throw refused('GET', answer);
    return resourcesOf(answer);
  }

  /** Whether a user has this manager, asked as older jobs do: by a filter on both, and for nothing but the id. */
  async hasManager(id: string, manager: string, call: Call): Promise<boolean> {
    const filter = `id eq ${JSON.stringify(id)} and manager eq ${JSON.stringify(manager)}`;
    const query = new URLSearchParams({ attributes: 'id', filter });
    const answer = await this.#send('GET', `${this.#usersPath}?${query.toString()}`, call);
    if (answer.status !== 200) throw refused('GET', answer);
    return resourcesOf(answer).some((resource) => resource.id === id);
  }

  async create(body: JsonObject, call: Call): Promise<Resource> {
    const answer = await this.#send('POST', this.#usersPath, call, body);
    if (answer.status !== 201 && answer.status !== 200) throw refused('POST', answer);
    return resourceOf('POST', answer);
  }

  async read(id: string, call: Call): Promise<Resource> {
    const answer = await this.#send('GET', this.#pathOf(id), call);
    if (answer.status !== 200) throw refused('GET', answer);
    return resourceOf('GET', answer);
  }

  /** Epoch milliseconds of the answer. */
  async patch(id: string, body: JsonObject, call: Call): Promise<number> {
    const answer = await this.#send('PATCH', this.#pathOf(id), call, body);
    if (answer.status !== 200 && answer.status !== 204) throw refused('PATCH', answer);
    return answer.answeredAt;
  }

  /** Epoch milliseconds of the answer; 404 counts as deleted. */
  async remove(id: string, call: Call): Promise<number> {
    const answer = await this.#send('DELETE', this.#pathOf(id), call);
    if (answer.status !== 204 && answer.status !== 200 && answer.status !== 404)
      throw refused('DELETE', answer);
    return answer.answeredAt;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #pathOf(id: string): string {
    return `${this.#usersPath}/${encodeURIComponent(id)}`;
  }

  async #send(verb: Verb, path: string, call: Call, body?: JsonObject): Promise<Answer> {
    call.signal.throwIfAborted();
    const { now, requestTimeoutMs } = this.#options;
    const sentAt = now();
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(requestTimeoutMs)]);
    try {
      const answer = await this.#exchange(verb, path, body, signal);
      call.tally.requestEnded(verb, answer.status, answer.answeredAt - sentAt);
      return answer;
    } catch (error) {
      call.tally.requestEnded(verb, undefined, now() - sentAt);
      call.signal.throwIfAborted();
      throw new RequestFailure(
        isTimeout(error) ? 'Timeout' : 'WebException',
        verb,
        undefined,
        undefined,
        error,
      );
    }
  }

  async #exchange(
    verb: Verb,
    path: string,
    body: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<Answer> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#options.token}` };
    if (body !== undefined) headers['content-type'] = 'application/scim+json; charset=utf-8';
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await this.#pool.request({ method: verb, path, headers, body: text, signal });
    const content = await response.body.text();
    return { status: response.statusCode, body: parsed(content), answeredAt: this.#options.now() };
  }
}

function refused(verb: Verb, answer: Answer, code = codeOfStatus(answer.status)): RequestFailure {
  const detail = isObject(answer.body) ? answer.body['detail'] : undefined;
  return new RequestFailure(code, verb, answer.status, typeof detail === 'string' ? detail : undefined);
}

function resourceOf(verb: Verb, answer: Answer): Resource {
  if (isResource(answer.body)) return answer.body;
  throw new RequestFailure(
    'ServiceIncompatible',
    verb,
    answer.status,
    'the answer is no resource with an id',
  );
}

/** The entries of a ListResponse whose totalResults is their number; more than one page is not expected of a match. */
function resourcesOf(answer: Answer): Resource[] {
  const list = isObject(answer.body) ? answer.body : {};
  const entries: unknown = list['Resources'] ?? [];
  if (Array.isArray(entries) && entries.every(isResource) && list['totalResults'] === entries.length)
    return entries;
  throw new RequestFailure(
    'ServiceIncompatible',
    'GET',
    answer.status,
    'the answer is no ListResponse of the matches',
  );
}

function isResource(value: unknown): value is Resource {
  return isObject(value) && typeof value['id'] === 'string' && value['id'] !== '';
}

/** The JSON of a body; undefined when it is empty or something else (an HTML page, say). */
function parsed(content: string): unknown {
  try {
    return content === '' ? undefined : JSON.parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TimeoutError' || ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT');
}
