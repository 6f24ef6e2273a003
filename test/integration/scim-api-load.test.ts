/** Overload and bad company on the wire: too many requests are refused for the moment, and no client can use up the endpoint. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { openSocket } from '../support/raw-http.ts';
import { openScimApi, person, type TestApi } from '../support/scim-api.ts';

const REQUESTS_MAX = 4;

let api: TestApi;
let url: string;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  api = await openScimApi({ requestsMax: REQUESTS_MAX });
  url = await api.listen();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await api.close();
});

async function open(): Promise<Socket> {
  const socket = await openSocket(url);
  sockets.push(socket);
  return socket;
}

const head = (method: string, path: string, more = ''): string =>
  `${method} /scim/v2${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${api.token}\r\n${more}\r\n`;

/** A request whose body never ends: it stays under way. */
const unfinished = (): string =>
  head('POST', '/Users', 'Content-Type: application/scim+json\r\nContent-Length: 1000\r\n').concat(
    '{"schemas"',
  );

const get = (): Promise<Response> =>
  fetch(`${url}/Users?count=0`, { headers: { authorization: `Bearer ${api.token}` } });

async function fill(): Promise<void> {
  for (let count = 0; count < REQUESTS_MAX; count += 1) (await open()).write(unfinished());
  await until('the endpoint to be full', async () => (await get()).status === 429);
}

const room = (): Promise<boolean> =>
  until('room for as many requests as allowed', async () => {
    const answers = await Promise.all(Array.from({ length: REQUESTS_MAX }, get));
    return answers.every(({ status }) => status === 200);
  });

it('answers 429 beyond the limit, in SCIM form and with Retry-After, and serves again after it', async () => {
  await fill();
  const refused = await get();
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(refused.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
  expect(await refused.json()).toMatchObject({ status: '429' });
  for (const socket of sockets) socket.end(' '.repeat(990));
  await room();
});

it('forgets clients that go away, in the middle of a request or of many at once on one connection', async () => {
  for (let round = 0; round < 5; round += 1) {
    for (let count = 0; count < REQUESTS_MAX; count += 1) {
      const [slow, many] = [await open(), await open()];
      slow.write(unfinished());
      many.write(head('GET', '/Users').repeat(20));
      many.write(unfinished());
      await sleep(1); // Some of them are under way by then, others not yet read.
      if (count % 2) slow.destroy();
      else slow.resetAndDestroy();
      many.destroy();
    }
  }
  await room();
});

it('serves others while a client sends a byte at a time or reads nothing', async () => {
  const dripping = await open();
  const deaf = await open();
  deaf.pause();
  deaf.write(head('GET', '/Schemas').repeat(50));
  for (const byte of unfinished().slice(0, 60)) {
    dripping.write(byte);
    expect((await get()).status).toBe(200);
  }
});

it('answers requests that are sent in a row on one connection in their order', async () => {
  const socket = await open();
  const bodies = ['a', 'b', 'c'].map((title) => JSON.stringify(person({ title })));
  for (const body of bodies) {
    const type = `Content-Type: application/scim+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    socket.write(head('POST', '/Users', type) + body);
  }
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await until('three answers', () => text.match(/"version":/g)?.length === 3);
  expect(text.match(/HTTP\/1.1 201/g)).toHaveLength(3);
  expect(text.match(/"title":"(\w)"/g)).toEqual(['"title":"a"', '"title":"b"', '"title":"c"']);
});

it('finishes what is under way when it closes, and then ends the connection', async () => {
  const socket = await open();
  const body = JSON.stringify(person());
  const type = `Content-Type: application/scim+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  const ended = once(socket, 'close');
  socket.write(head('POST', '/Users', `${type}Expect: 100-continue\r\n`));
  await until('the request to be under way', () => text.startsWith('HTTP/1.1 100 '));
  const closed = api.app.close();
  socket.write(body);
  await Promise.all([ended, closed]);
  expect(text).toMatch(/HTTP\/1.1 201 .*\r\nconnection: close\r\n/is);
});
