// A naive SCIM endpoint for this package's tests: a map, both PATCH shapes, a record of the traffic, faults on demand.
// Written apart from the code under test; it keeps what it is sent and knows no schema.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came; `query` is decoded, `path` starts behind the base path. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly filter: string | undefined;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  readonly rawUrl: string;
}

/** What to do instead of the normal answer; `resetAfter` acts and then cuts the connection. */
type Fault = { readonly status: number; readonly body?: string } | 'reset' | 'resetAfter' | 'hang';

type User = { id: string; [name: string]: unknown };

/** A running server. */
export interface ScimServer {
  readonly baseUrl: string;
  readonly token: string;
  readonly users: Map<string, User>;
  readonly traffic: Recorded[];
  /** Highest number of requests that were open at the same time. */
  openMax: number;
  /** Asked before every answer. */
  fault: (request: Recorded) => Fault | undefined;
  userOf(userName: string): User | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Listens on a free port of the loopback interface. */
export async function startScimServer(): Promise<ScimServer> {
  const token = randomUUID();
  const users = new Map<string, User>();
  const traffic: Recorded[] = [];
  let open = 0;
  let lastId = 0;
  const http = createServer((request, response) => {
    open += 1;
    server.openMax = Math.max(server.openMax, open);
    response.once('close', () => {
      open -= 1;
    });
    void respond(request, response);
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '', 'http://server');
    const text = Buffer.concat(chunks).toString();
    const recorded: Recorded = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname.replace('/scim/v2', '')),
      filter: url.searchParams.get('filter') ?? undefined,
      body: text === '' ? undefined : JSON.parse(text),
      headers: request.headers,
      rawUrl: request.url ?? '',
    };
    traffic.push(recorded);
    const fault = server.fault(recorded);
    if (fault === 'hang') return;
    if (fault === 'reset') return void request.socket.destroy();
    if (typeof fault === 'object') {
      response
        .writeHead(fault.status)
        .end(fault.body ?? JSON.stringify({ status: String(fault.status), detail: 'a fault' }));
      return;
    }
    const [status, body] = act(recorded);
    if (fault === 'resetAfter') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/scim+json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  }

  function act({ method, path, filter, body, headers }: Recorded): [number, unknown?] {
    if (headers.authorization !== `Bearer ${token}`) return [401, { status: '401', detail: 'who are you?' }];
    const id = path.split('/')[2];
    if (id === undefined && method === 'GET') {
      const [, one = '', manager] = /^id eq "(.*)" and manager eq "(.*)"$/.exec(filter ?? '') ?? [];
      if (manager !== undefined) {
        const isSet = managerOf(users.get(one)) === manager;
        return [200, { totalResults: isSet ? 1 : 0, Resources: isSet ? [{ id: one }] : [] }];
      }
      const wanted = /^userName eq "(.*)"$/.exec(filter ?? '')?.[1]?.toLowerCase();
      const hits = [...users.values()].filter((user) => String(user['userName']).toLowerCase() === wanted);
      return [200, { totalResults: hits.length, Resources: hits }];
    }
    if (id === undefined) return create(body as User);
    const user = users.get(id);
    if (user === undefined) return [404, { status: '404', detail: 'no such user' }];
    if (method === 'DELETE') return users.delete(id) ? [204] : [404];
    if (method === 'PATCH') {
      const { Operations } = body as { Operations: { op: string; path?: string; value: unknown }[] };
      for (const { path: target, value } of Operations) {
        const entries = target === undefined ? Object.entries(value as object) : [[target, value] as const];
        for (const [name, content] of entries) assign(user, name, content);
      }
    }
    return [200, user];
  }

  function create(body: User): [number, unknown] {
    const name = String(body['userName']).toLowerCase();
    if ([...users.values()].some((user) => String(user['userName']).toLowerCase() === name)) {
      return [409, { status: '409', scimType: 'uniqueness', detail: 'taken' }];
    }
    lastId += 1;
    const user = { ...body, id: `u${lastId}` };
    users.set(user.id, user);
    return [201, user];
  }

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: ScimServer = {
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}/scim/v2/`,
    token,
    users,
    traffic,
    openMax: 0,
    fault: () => undefined,
    userOf: (userName) => [...users.values()].find((user) => user['userName'] === userName),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

function managerOf(user: User | undefined): unknown {
  const enterprise = user?.['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'];
  return (enterprise as { manager?: { value?: unknown } } | undefined)?.manager?.value;
}

/** Sets one attribute by Entra's path: `a`, `a.b`, `urn:...:a`, or `list[type eq "x"].value`; a manager is read back as an object. */
function assign(user: User, path: string, value: unknown): void {
  const text = typeof value === 'string' && path === 'active' ? value === 'True' : value;
  const typed = /^(\w+)\[type eq "(\w+)"\]\.(\w+)$/.exec(path);
  if (typed !== null) {
    const [, list = '', type, name = ''] = typed;
    const entries = (user[list] ??= []) as { [name: string]: unknown }[];
    const entry = entries.find((candidate) => candidate['type'] === type);
    if (entry === undefined) entries.push({ type, [name]: value });
    else entry[name] = value;
    return;
  }
  const cut = path.startsWith('urn:') ? path.lastIndexOf(':') : path.indexOf('.');
  if (cut === -1) user[path] = text;
  else {
    const name = path.slice(cut + 1);
    const content = name === 'manager' ? { value } : value;
    user[path.slice(0, cut)] = { ...(user[path.slice(0, cut)] as object), [name]: content };
  }
}
