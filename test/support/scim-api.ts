/**
 * The SCIM endpoint on a real Redis, for tests: a connection of its own, a waker that records, every log line. Each
 * answer is checked on the way for what must hold of all of them: the content type, the form of an error, and that
 * `Retry-After` comes with 429 and 503.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { openConnections, parseSecret } from '@fresh-scim/connections';
import type { Connections } from '@fresh-scim/connections';
import { openDirectory } from '@fresh-scim/directory';
import type { Directory } from '@fresh-scim/directory';
import type { Lane } from '@fresh-scim/queue';
import { connectRedis, createLogger } from '@fresh-scim/runtime';
import { buildScimApi } from '@fresh-scim/scim-api';
import type { ScimApiOptions } from '@fresh-scim/scim-api';
import type { Redis } from 'ioredis';
import { expect, inject } from 'vitest';

/** Where the endpoint is. */
export const BASE = '/scim/v2';
export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const FRESHSERVICE_USER = 'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Any JSON object of an answer; tests say what it must hold. */
export type Body = Record<string, unknown> & {
  id: string;
  Resources: Body[];
  totalResults: number;
  meta: Meta;
};

interface Meta {
  readonly resourceType: string;
  readonly location: string;
  readonly version: string;
  readonly created: string;
  readonly lastModified: string;
}

/** An answer; `body` is `{}` where there is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Body;
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface TestApi {
  readonly app: Awaited<ReturnType<typeof buildScimApi>>;
  readonly redis: Redis;
  readonly connections: Connections;
  readonly directory: Directory;
  readonly token: string;
  /** What a worker was woken for, in order: the lane and the SCIM id. */
  readonly wakes: { readonly lane: Lane; readonly id: string }[];
  readonly logLines: string[];
  /** `path` is below the base path; text is sent as it is, anything else as JSON. */
  call(
    method: Method,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** A PATCH in the classic shape of Entra: one operation each. */
  patch(id: string, ...operations: readonly object[]): Promise<Answer>;
  patchGroup(id: string, ...operations: readonly object[]): Promise<Answer>;
  /** Creates a user, which must succeed. */
  create(user?: object): Promise<Body>;
  /** Creates a group, which must succeed; a name of its own unless given. */
  createGroup(group?: object): Promise<Body>;
  /** A page of the resources that a filter finds, which must succeed; `path` is `/Users`, `/Groups` or empty. */
  find(path: string, filter: string, query?: string): Promise<Body>;
  /** How many users a filter finds. */
  count(filter: string): Promise<number>;
  /** Listens on a free port of the loopback. @returns the origin and the base path. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

type Options = Partial<Omit<ScimApiOptions, 'redis' | 'connections'>> & {
  readonly redisUrl?: string;
  /** Another process of the same installation: the same Redis, connection and token. */
  readonly beside?: TestApi;
};

const shared = new WeakMap<TestApi, { keyPrefix: string; secretBytes: Uint8Array }>();

export async function openScimApi({
  redisUrl = inject('redisUrl'),
  beside,
  ...options
}: Options = {}): Promise<TestApi> {
  const of = (beside && shared.get(beside)) ?? {
    keyPrefix: `test-${randomUUID()}`,
    secretBytes: randomBytes(32),
  };
  const redis = connectRedis(redisUrl, 'commands');
  const connections = openConnections(redis, parseSecret(of.secretBytes), { keyPrefix: of.keyPrefix });
  const token = beside?.token ?? (await addConnection(connections));
  const connection = await connections.authenticate(token);
  if (!connection) throw new Error('the token of the test opens nothing');
  const scope = { accountId: connection.accountId, connectionId: connection.id };
  const directory = openDirectory(redis, scope);

  const wakes: TestApi['wakes'] = [];
  const logLines: string[] = [];
  const app = await buildScimApi({
    connections,
    redis,
    waker: { wake: (_scope, key, lane) => wakes.push({ lane, id: key.slice('User-'.length) }) },
    logger: createLogger({
      name: 'test',
      level: 'trace',
      destination: { write: (line) => logLines.push(line) },
    }),
    ...options,
  });
  await app.ready();

  const call: TestApi['call'] = async (method, path, body, headers = {}) => {
    const response = await app.inject({
      method,
      url: `${BASE}${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
    return toAnswer(response.statusCode, response.headers, response.payload);
  };

  const api: TestApi = {
    app,
    redis,
    connections,
    directory,
    token,
    wakes,
    logLines,
    call,
    patch: (id, ...operations) =>
      call('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations: operations }),
    patchGroup: (id, ...operations) =>
      call('PATCH', `/Groups/${id}`, { schemas: [PATCH_OP], Operations: operations }),
    create: async (user = {}) => {
      const { status, body } = await call('POST', '/Users', person(user));
      expect(status).toBe(201);
      return body;
    },
    createGroup: async (attributes = {}) => {
      const { status, body } = await call('POST', '/Groups', group(attributes));
      expect(status).toBe(201);
      return body;
    },
    find: async (path, filter, query = '') => {
      const { status, body } = await call('GET', `${path}?filter=${plusEncoded(filter)}${query}`);
      expect({ filter, status }).toEqual({ filter, status: 200 });
      return body;
    },
    count: async (filter) => (await api.find('/Users', filter)).totalResults,
    listen: async () => `${await app.listen({ host: '127.0.0.1', port: 0 })}${BASE}`,
    close: async () => {
      await app.close();
      if (!beside && redis.status === 'ready') {
        await directory.erase();
        await redis.del(`${of.keyPrefix}:connections`, `${of.keyPrefix}:tokens`);
      }
      redis.disconnect();
    },
  };
  shared.set(api, of);
  return api;
}

async function addConnection(connections: Connections): Promise<string> {
  const domain = `t${randomBytes(8).toString('hex')}.freshservice.com`;
  return (await connections.add({ name: 'Test', domain, apiKey: 'k' })).token;
}

/** @throws when the answer is not in SCIM form. */
export function toAnswer(status: number, headers: Answer['headers'], text: string): Answer {
  const isEmpty = text === '';
  if (!isEmpty) expect(headers['content-type']).toBe('application/scim+json; charset=utf-8');
  const body = (isEmpty ? {} : JSON.parse(text)) as Body;
  if (status >= 400 && !isEmpty) {
    expect(body).toMatchObject({ schemas: [ERROR], status: String(status), detail: expect.any(String) });
  }
  if (status === 429 || status === 503) expect(String(headers['retry-after'])).toMatch(/^[1-9]\d*$/);
  return { status, headers, text, body };
}

/** As .NET's UrlEncode writes a query: a space is a plus. */
export const plusEncoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

/** A body of POST or PUT of a group as Entra sends it. */
export function group(attributes: object = {}): Record<string, unknown> {
  return {
    schemas: [CORE_GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    displayName: `Tier ${randomUUID()}`,
    meta: { resourceType: 'Group' },
    ...attributes,
  };
}

/** A body of POST or PUT as Entra sends it; `userName` is a new one unless given. */
export function person(attributes: object = {}): Record<string, unknown> {
  return {
    schemas: [CORE_USER, ENTERPRISE_USER],
    userName: `ines.${randomUUID()}@larkspur.example`,
    active: true,
    meta: { resourceType: 'User' },
    roles: [],
    ...attributes,
  };
}
