// For the tests of this package: a listening simulator that is closed after the test, and short calls to it.
import { onTestFinished } from 'vitest';
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';

/** The key of the accounts that tests open. */
export const API_KEY = 'k3y-of-the-owner';
/** The id of the agent who owns that key. */
export const OWNER_ID = 21_000_000_001;

/** An answer, read wholly. `json` is what the body holds, or undefined. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Wire;
}

/** Loosely typed JSON: tests look into bodies of many forms. */
export interface Wire {
  readonly [name: string]: Wire;
}

/** A simulator under test. */
export interface Subject {
  readonly sim: Simulator;
  readonly url: string;
  /** Calls the API below `/api/v2` with the owner's key. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
  /** Calls the control plane below `/__sim`. */
  readonly control: (method: string, path: string, body?: unknown) => Promise<Reply>;
  /** Creates a requester and returns its id. */
  readonly requester: (attributes?: object) => Promise<number>;
  /** Creates an agent and returns its id. */
  readonly agent: (attributes?: object) => Promise<number>;
}

let created = 0;

/** Opens an account without sample people and with wide limits, changed by `options`. */
export async function openSubject(options: Partial<SimulatorOptions> = {}): Promise<Subject> {
  const sim = createSimulator({ apiKey: API_KEY, plan: 'addon2', samples: false, indexLagMs: 0, ...options });
  onTestFinished(() => sim.close());
  const { url } = await sim.listen();
  const call: Subject['call'] = (method, path, body, headers) =>
    send(`${url}/api/v2${path}`, method, body, { authorization: basic(API_KEY), ...headers });
  return {
    sim,
    url,
    call,
    control: (method, path, body) => send(`${url}/__sim${path}`, method, body, {}),
    requester: async (attributes) => {
      created += 1;
      const body = { first_name: 'Mira', primary_email: `mira.${created}@example.test`, ...attributes };
      return idOf((await call('POST', '/requesters', body)).json['requester']);
    },
    agent: async (attributes) => {
      created += 1;
      const roles = [{ role_id: SD_AGENT, assignment_scope: 'entire_helpdesk' }];
      const body = { first_name: 'Jonas', email: `jonas.${created}@example.test`, roles, ...attributes };
      return idOf((await call('POST', '/agents', body)).json['agent']);
    },
  };
}

/** The role id of SD Agent. */
export const SD_AGENT = 21_000_120_404;

/** The Basic header for a key. */
export function basic(key: string): string {
  return `Basic ${Buffer.from(`${key}:X`).toString('base64')}`;
}

/** The codes of a validation error, as `field:code`. */
export function codesOf(reply: Reply): string[] {
  const { errors } = JSON.parse(reply.text) as { errors: { field: string; code: string }[] };
  return errors.map(({ field, code }) => `${field}:${code}`);
}

/** The id of a record. @throws when there is none */
export function idOf(json: Wire | undefined): number {
  const id: unknown = json?.['id'];
  if (typeof id !== 'number') throw new Error(`no record with an id: ${JSON.stringify(json)}`);
  return id;
}

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}
