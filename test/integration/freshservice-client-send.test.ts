import { parseRequesterId } from '@fresh-scim/freshservice';
import { describe, expect, it } from 'vitest';
import {
  connect,
  failure,
  JSON_TYPE,
  never,
  NOW,
  type Reply,
  startServer,
} from './freshservice-client-support.ts';

/** What the Freshservice client sends, until when, and what it can say afterwards when it stops waiting. */

const ID = parseRequesterId(21000418006);
const BODY = { first_name: 'Mira', primary_email: 'mira@example.test' };
const ANSWER = JSON.stringify({ requester: { id: ID, ...BODY } });
const ok: Reply = (res) => res.writeHead(200, JSON_TYPE).end(ANSWER);

describe('what is sent', () => {
  it('is JSON with Basic credentials', async () => {
    const server = await startServer(ok);
    const { requesters } = connect(server.baseUrl);
    expect(await requesters.create(BODY, NOW)).toMatchObject({ id: ID, first_name: 'Mira', active: true });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      url: '/api/v2/requesters',
      body: JSON.stringify(BODY),
      headers: {
        authorization: `Basic ${Buffer.from('key:X').toString('base64')}`,
        accept: 'application/json',
        'content-type': 'application/json',
      },
    });
  });

  it('has no content type where there is no body', async () => {
    const server = await startServer(ok);
    const { requesters } = connect(server.baseUrl);
    await requesters.reactivate(ID, NOW);
    await requesters.get(ID, NOW);
    await requesters.deactivate(ID, NOW);
    expect(server.received.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      `PUT /api/v2/requesters/${ID}/reactivate `,
      `GET /api/v2/requesters/${ID} `,
      `DELETE /api/v2/requesters/${ID} `,
    ]);
    for (const { headers } of server.received) expect(headers['content-type']).toBeUndefined();
  });

  it('encodes addresses and keeps a path of the base URL', async () => {
    const server = await startServer((res) => res.writeHead(200, JSON_TYPE).end('{"requesters":[]}'));
    const { requesters } = connect(`${server.baseUrl}/edge/`);
    await requesters.findByEmail("o'neil+it@example.test", { includeAgents: true }, NOW);
    expect(server.received[0]?.url).toBe(
      "/edge/api/v2/requesters?email=o'neil%2Bit%40example.test&include_agents=true",
    );
  });

  it.each([
    'ftp://acme.freshservice.com',
    'https://user:word@acme.freshservice.com',
    'https://acme.test/?a=1',
    'acme',
  ])('goes to a proper base URL only, not to %s', (url) => {
    expect(() => connect(url)).toThrow(TypeError);
  });
});

describe('beforeSend', () => {
  it('cancels the call with its own error, and nothing is sent', async () => {
    const server = await startServer(ok);
    const { requesters, grants } = connect(server.baseUrl);
    const reason = new Error('the lease is gone');
    const cancel = { ...NOW, beforeSend: () => Promise.reject(reason) };
    await expect(requesters.create(BODY, cancel)).rejects.toBe(reason);
    await expect(requesters.get(ID, cancel)).rejects.toBe(reason);
    expect(server.received).toEqual([]);
    expect(grants).toEqual(['lost', 'lost']);
  });

  it('is told when the call is over at the latest', async () => {
    const server = await startServer(ok);
    const client = connect(server.baseUrl, { deadlineMs: 5000 });
    let deadlineAt = 0;
    const beforeSend = async (at: number): Promise<void> => {
      deadlineAt = at;
    };
    const before = Date.now();
    await client.requesters.create(BODY, { ...NOW, beforeSend });
    expect(client.deadlineMs).toBe(5000);
    expect(deadlineAt).toBeGreaterThanOrEqual(before + 5000);
    expect(deadlineAt).toBeLessThanOrEqual(Date.now() + 5000);
  });

  // As SIGSTOP would: no timer runs, and then everything is late at once.
  const standStill = (ms: number) => async (): Promise<void> => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  };

  it('leaves nothing to send when the process stood still in it for half of the deadline', async () => {
    const server = await startServer(ok);
    const { requesters, grants } = connect(server.baseUrl, { deadlineMs: 400 });
    const error = await failure(requesters.create(BODY, { ...NOW, beforeSend: standStill(250) }));
    expect(error).toMatchObject({ kind: 'deadline', effect: 'none', status: undefined, code: 'DEADLINE' });
    expect(server.received).toEqual([]);
    expect(grants).toEqual(['lost']);
  });

  it('that stood still for less does not stop the call', async () => {
    const server = await startServer(ok);
    const { requesters } = connect(server.baseUrl, { deadlineMs: 120_000 });
    await requesters.create(BODY, { ...NOW, beforeSend: standStill(250) });
    expect(server.received).toHaveLength(1);
  });
});

describe('the deadline', () => {
  it('ends a write without an answer, effect unknown', async () => {
    const server = await startServer(never);
    const { requesters, grants } = connect(server.baseUrl, { deadlineMs: 1_500 });
    const error = await failure(requesters.create(BODY, NOW));
    expect(error).toMatchObject({ kind: 'deadline', effect: 'unknown', status: undefined, code: 'DEADLINE' });
    expect(server.received).toHaveLength(1);
    expect(grants).toEqual(['lost']);
  });

  it('ends a read without an answer, no effect, and does not repeat it', async () => {
    const server = await startServer(never);
    const { requesters } = connect(server.baseUrl, { deadlineMs: 1_500 });
    expect(await failure(requesters.get(ID, NOW))).toMatchObject({ kind: 'deadline', effect: 'none' });
    expect(server.received).toHaveLength(1);
  });

  it('covers the body', async () => {
    const head = { ...JSON_TYPE, 'x-ratelimit-total': '400', 'x-request-id': 'r-9' };
    const server = await startServer((res) => res.writeHead(201, head).write('{"requ'));
    const { requesters, grants } = connect(server.baseUrl, { deadlineMs: 1_500 });
    const error = await failure(requesters.create(BODY, NOW));
    expect(error).toMatchObject({ kind: 'deadline', effect: 'unknown', status: 201, requestId: 'r-9' });
    expect(grants).toEqual(['answered 201 {"total":400} -']);
  });

  it('covers the wait for a socket, and what was still waiting is never sent', async () => {
    const server = await startServer(never);
    const { requesters } = connect(server.baseUrl, { deadlineMs: 2_500 });
    const calls = Array.from({ length: 12 }, () => failure(requesters.create(BODY, NOW)));
    const ends = (await Promise.all(calls)).map(({ kind, effect }) => `${kind} ${effect}`);
    expect(ends.filter((end) => end === 'deadline unknown')).toHaveLength(10);
    expect(ends.filter((end) => end === 'deadline none')).toHaveLength(2);
    server.reply = () => ok;
    await requesters.create(BODY, NOW);
    expect(server.received).toHaveLength(11);
  });
});

describe('the signal', () => {
  it('before the write: no effect, nothing sent', async () => {
    const server = await startServer(ok);
    const stop = new AbortController();
    const beforeSend = async (): Promise<void> => stop.abort();
    const options = { ...NOW, signal: stop.signal, beforeSend };
    const error = await failure(connect(server.baseUrl).requesters.create(BODY, options));
    expect(error).toMatchObject({ kind: 'deadline', effect: 'none', code: 'ABORTED' });
    expect(server.received).toEqual([]);
  });

  it('after the write: effect unknown', async () => {
    const stop = new AbortController();
    const server = await startServer(() => stop.abort());
    const error = await failure(
      connect(server.baseUrl).requesters.create(BODY, { ...NOW, signal: stop.signal }),
    );
    expect(error).toMatchObject({ kind: 'deadline', effect: 'unknown', code: 'ABORTED' });
  });
});
