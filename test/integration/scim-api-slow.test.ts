/** Clients that take their time: each is answered 408 or dropped within a bound, and nobody else waits for them. */
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { openSocket } from '../support/raw-http.ts';
import { openScimApi, type TestApi } from '../support/scim-api.ts';

const REQUEST_TIMEOUT_MS = 1_000;

let api: TestApi;
let url: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  api = await openScimApi({ requestTimeoutMs: REQUEST_TIMEOUT_MS });
  url = await api.listen();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => api.close());

interface Slow {
  readonly text: () => string;
  readonly socket: Socket;
}

async function open(): Promise<Slow> {
  const socket = await openSocket(url);
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  return { text: () => text, socket };
}

/** Writes a byte every 20 ms, as long as there is somebody to write to. */
function drip(socket: Socket, byte: string): void {
  const timer = setInterval(() => socket.write(byte), 20);
  socket.once('close', () => clearInterval(timer));
}

const ended = (sent: Slow): Promise<boolean> => until('the connection to end', () => sent.socket.closed);

const head = (method: string, more: string): string =>
  `${method} /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${api.token}\r\n${more}`;

it.each([
  ['a head that never ends', () => head('GET', ''), 'X: y\r\n'],
  [
    'a body that never ends',
    () => head('POST', 'Content-Type: application/scim+json\r\nContent-Length: 9000\r\n\r\n'),
    ' ',
  ],
  [
    'chunks that never end',
    () => head('POST', 'Content-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n\r\n'),
    '1\r\n \r\n',
  ],
])('%s', async (_what, start, more) => {
  const slow = await open();
  slow.socket.write(start());
  drip(slow.socket, more);
  await ended(slow);
  expect(slow.text()).toMatch(/^HTTP\/1\.1 408 .*content-type: application\/scim\+json/is);
  expect(slow.text()).toContain('"status":"408"');
  expect((await api.call('GET', '/Users')).status).toBe(200);
});

it('200 of them at once keep nobody waiting, and none stays', async () => {
  const slow = await Promise.all(Array.from({ length: 200 }, open));
  for (const { socket } of slow) socket.write(head('POST', 'Content-Length: 10\r\n\r\n'));
  for (let index = 0; index < 20; index += 1) {
    const { status } = await fetch(`${url}/Users?count=0`, {
      headers: { authorization: `Bearer ${api.token}` },
    });
    expect(status).toBe(200);
  }
  await Promise.all(slow.map(ended));
});
