import { parseRequesterId } from '@fresh-scim/freshservice';
import { describe, expect, it } from 'vitest';
import {
  connect,
  failure,
  JSON_TYPE,
  NOW,
  openHanded,
  type Reply,
  reset,
  startServer,
} from './freshservice-client-support.ts';

/** What the Freshservice client makes of networks that fail, answers that cannot be read, and a budget that does. */

const ID = parseRequesterId(21000418006);
const BODY = { first_name: 'Mira', primary_email: 'mira@example.test' };
const ANSWER = JSON.stringify({ requester: { id: ID, ...BODY } });
const ok: Reply = (res) => res.writeHead(200, JSON_TYPE).end(ANSWER);

describe('the network', () => {
  it('resets a write: sent once, effect unknown', async () => {
    const server = await startServer(reset);
    const { requesters, grants } = connect(server.baseUrl);
    const error = await failure(requesters.create(BODY, NOW));
    expect(error).toMatchObject({ kind: 'unavailable', effect: 'unknown', status: undefined });
    expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(error.code);
    expect(server.received).toHaveLength(1);
    expect(grants).toEqual(['lost']);
  });

  it('resets a read: sent again at once, for a credit of its own', async () => {
    const server = await startServer(ok);
    server.reply = (nth) => (nth === 1 ? reset : ok);
    const { requesters, grants } = connect(server.baseUrl);
    expect(await requesters.get(ID, NOW)).toMatchObject({ id: ID });
    expect(server.received).toHaveLength(2);
    expect(grants).toEqual(['lost', 'answered 200 null -']);
  });

  it('resets every read: given up after three', async () => {
    const server = await startServer(reset);
    const error = await failure(connect(server.baseUrl).requesters.get(ID, NOW));
    expect(error).toMatchObject({ kind: 'unavailable', effect: 'none' });
    expect(server.received).toHaveLength(3);
  });

  it('refuses the connection: no effect', async () => {
    const server = await startServer(ok);
    await server.stop();
    const { requesters, grants } = connect(server.baseUrl);
    const error = await failure(requesters.create(BODY, NOW));
    expect(error).toMatchObject({ kind: 'unavailable', effect: 'none', code: 'ECONNREFUSED' });
    expect(grants).toEqual(['lost']);
  });

  it('knows no such host: no effect', async () => {
    const error = await failure(connect('http://nobody.invalid').requesters.create(BODY, NOW));
    expect(error).toMatchObject({ kind: 'unavailable', effect: 'none' });
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(error.code);
  });

  it('speaks no TLS where https was asked for: no effect', async () => {
    const server = await startServer(ok);
    const error = await failure(
      connect(server.baseUrl.replace('http:', 'https:')).requesters.create(BODY, NOW),
    );
    expect(error).toMatchObject({ kind: 'unavailable', effect: 'none' });
    expect(server.received).toEqual([]);
  });
});

describe('a 2xx that cannot be read', () => {
  const replies: readonly (readonly [string, Reply])[] = [
    ['HTML', (res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>')],
    ['cut JSON', (res) => res.writeHead(201, JSON_TYPE).end('{"requester":{"id":2100041')],
    ['an empty 200', (res) => res.writeHead(200).end()],
    ['another shape', (res) => res.writeHead(200, JSON_TYPE).end('{"ok":true}')],
    [
      'a connection closed in mid-body',
      (res) => {
        res.writeHead(201, { ...JSON_TYPE, 'content-length': '900' }).write('{"requester":{"id":21');
        res.socket?.end();
      },
    ],
    ['more than 8 MiB', (res) => res.writeHead(200, JSON_TYPE).end('x'.repeat(9 * 1024 * 1024))],
  ];

  it.each(replies)('%s is malformed: of a write, the effect is unknown', async (_name, reply) => {
    const server = await startServer(reply);
    const { requesters } = connect(server.baseUrl);
    const onWrite = await failure(requesters.update(ID, BODY, NOW));
    expect(onWrite).toMatchObject({ kind: 'malformed', effect: 'unknown' });
    const onRead = await failure(requesters.get(ID, NOW));
    expect(onRead).toMatchObject({ kind: 'malformed', effect: 'none' });
    expect(server.received).toHaveLength(2);
  });

  it('is not confused with an interim answer', async () => {
    const hints: Reply = (res, req) => {
      res.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => ok(res, req));
    };
    const server = await startServer(hints);
    expect(await connect(server.baseUrl).requesters.get(ID, NOW)).toMatchObject({ id: ID });
  });

  it('may be a redirect, which is not followed', async () => {
    const server = await startServer((res) => res.writeHead(302, { location: '/elsewhere' }).end());
    const error = await failure(connect(server.baseUrl).requesters.create(BODY, NOW));
    expect(error).toMatchObject({ kind: 'malformed', effect: 'unknown', status: 302 });
    expect(server.received).toHaveLength(1);
  });
});

describe('the budget', () => {
  it('is told headers, status and Retry-After of every answer', async () => {
    const rate = {
      'X-RateLimit-Total': '400',
      'X-Ratelimit-Remaining': '0',
      'x-ratelimit-used-currentrequest': '1',
    };
    const server = await startServer(ok);
    server.reply = (nth) => (res) => {
      if (nth === 1) res.writeHead(429, { ...rate, 'retry-after': '23', 'x-request-id': 'r-1' }).end();
      else res.writeHead(200, { ...JSON_TYPE, ...rate }).end(ANSWER);
    };
    const client = connect(server.baseUrl);
    const error = await failure(client.requesters.create(BODY, NOW));
    expect(error).toMatchObject({
      kind: 'throttled',
      effect: 'none',
      retryAfterMs: 23_000,
      requestId: 'r-1',
    });
    expect(client.totalsSeen()).toEqual({});
    await client.requesters.get(ID, NOW);
    expect(client.totalsSeen()).toEqual({ overall: 400 });
    const headers = '{"total":400,"remaining":0,"used":1}';
    expect(client.grants).toEqual([`answered 429 ${headers} 23000`, `answered 200 ${headers} -`]);
  });

  it('cannot take an answer away from the caller', async () => {
    const server = await startServer(ok);
    const budget = openHanded(() => Promise.reject(new Error('Redis is gone')));
    const { requesters, events } = connect(server.baseUrl, { budget });
    expect(await requesters.create(BODY, NOW)).toMatchObject({ id: ID });
    expect(events).toMatchObject([{ outcome: 'ok', effect: 'done', recorded: false }]);
  });

  it('that refuses is heard as it is, and nothing is sent', async () => {
    const server = await startServer(ok);
    const reason = new Error('nothing left');
    const budget = { ...openHanded(async () => undefined), take: () => Promise.reject(reason) };
    await expect(connect(server.baseUrl, { budget }).requesters.get(ID, NOW)).rejects.toBe(reason);
    expect(server.received).toEqual([]);
  });
});

describe('what is told about a call', () => {
  it('holds no person and no id', async () => {
    const taken: Reply = (res) => res.writeHead(409).end('{"errors":[{"field":"primary_email"}]}');
    const server = await startServer(ok);
    server.reply = (nth) => (nth < 3 ? ok : taken);
    const { requesters, events } = connect(server.baseUrl);
    await requesters.update(ID, BODY, NOW);
    await requesters.get(ID, { urgency: 'bulk' });
    await failure(requesters.findByEmail(BODY.primary_email, { includeAgents: false }, NOW));
    expect(events).toMatchObject([
      { method: 'PUT', route: '/requesters/{id}', outcome: 'ok', effect: 'done', status: 200 },
      { method: 'GET', route: '/requesters/{id}', outcome: 'ok', effect: 'none', urgency: 'bulk' },
      { method: 'GET', route: '/requesters?email', outcome: 'conflict', bucket: 'list', status: 409 },
    ]);
    for (const event of events) expect(event).toMatchObject({ recorded: true, ms: expect.any(Number) });
    expect(JSON.stringify(events)).not.toMatch(/mira|21000418006/i);
  });
});
