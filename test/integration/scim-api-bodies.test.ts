/** Large bodies at once: those beyond the room for all of them are refused for the moment, before they are read. */
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { exchange, openSocket } from '../support/raw-http.ts';
import { group, openScimApi, person, type TestApi } from '../support/scim-api.ts';

const LARGE_BYTES = 300_000;
const FIT = 3;

let api: TestApi;
let url: string;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  api = await openScimApi({ bodyBytesMax: FIT * LARGE_BYTES });
  url = await api.listen();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await api.close();
});

const head = (more: string, token = api.token): string =>
  `POST /scim/v2/Groups HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
  `Content-Type: application/scim+json\r\n${more}\r\n\r\n`;

/** Large bodies whose last byte does not come; one that has no room is refused. */
async function begin(count: number, more: string, token?: string): Promise<void> {
  for (let begun = 0; begun < count; begun += 1) {
    const socket = await openSocket(url);
    sockets.push(socket);
    socket.resume().write(`${head(more, token)}{"schemas"`);
  }
}

const padded = (): string => JSON.stringify(group()).padEnd(LARGE_BYTES);
const post = (): Promise<number> => api.call('POST', '/Groups', padded()).then(({ status }) => status);

it('refuses with 429 what has no room, serves all else, and forgets clients that go away', async () => {
  await until('no room', async () => {
    if ((await post()) === 429) return true;
    // Counted before the next one is tried, or it has lost its place to that one, and another one is begun.
    await begin(1, `Content-Length: ${LARGE_BYTES}`);
    return false;
  });
  const refused = await exchange(url, head(`Content-Length: ${LARGE_BYTES}`) + padded());
  expect(refused).toMatchObject({ status: 429, body: { status: '429' } });
  expect(refused.headers['retry-after']).toBe('5');
  expect((await api.call('GET', '/Users?count=0')).status).toBe(200);
  expect((await api.call('POST', '/Users', person())).status).toBe(201);
  for (const socket of sockets) socket.destroy();
  await until('room again', async () => (await post()) === 201);
  for (let count = 0; count < 2 * FIT; count += 1) expect(await post()).toBe(201);
});

it('counts a body without a length as the largest that it may become', async () => {
  expect((await exchange(url, `${head('Transfer-Encoding: chunked')}0\r\n\r\n`)).status).toBe(429);
});

it('keeps no room for who has no valid token', async () => {
  await begin(2 * FIT, `Content-Length: ${LARGE_BYTES}`, 'fsc_unknown');
  for (let count = 0; count < FIT; count += 1) expect(await post()).toBe(201);
});
