/**
 * Hostile requests from a seed, for FUZZ_SECONDS (8; 120 with FRESH_SCIM_LONG=1): none is answered 5xx, repeats what was
 * sent, hangs, or changes what it is not about; after it the store still agrees with itself. FUZZ_SEED repeats a run.
 */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FuzzRequest, PRIVATE, RequestMaker } from '../support/fuzz-requests.ts';
import { exchange, openSocket } from '../support/raw-http.ts';
import { type Answer, BASE, type Body, openScimApi, type TestApi } from '../support/scim-api.ts';

const {
  FUZZ_SEED = '1',
  FRESH_SCIM_LONG,
  FUZZ_SECONDS = FRESH_SCIM_LONG === '1' ? '120' : '8',
} = process.env;
const ANSWER_WITHIN_MS = 2_000;
const AT_ONCE = 8;
const USERS_CHECKED_MAX = 200;
const FILTER_LENGTH_MAX = 4096;

let api: TestApi;
let url: string;
let control: Body;

beforeAll(async () => {
  api = await openScimApi();
  url = await api.listen();
  control = await api.create({ title: 'Control', externalId: 'control' });
});
afterAll(() => api.close());

const bytesOf = ({ method, path, headers, body }: FuzzRequest): string => {
  const all = {
    host: 'localhost',
    authorization: `Bearer ${api.token}`,
    'content-length': Buffer.byteLength(body),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${BASE}${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
};

async function send(request: FuzzRequest): Promise<Answer> {
  const sentAt = performance.now();
  try {
    const answer = await exchange(url, bytesOf(request));
    expect(performance.now() - sentAt).toBeLessThan(ANSWER_WITHIN_MS);
    expect(answer.status < 500 || answer.status === 501).toBe(true);
    if (answer.status >= 400) expect(answer.text).not.toContain(PRIVATE);
    return answer;
  } catch (cause) {
    throw new Error(`FUZZ_SEED=${FUZZ_SEED}: ${JSON.stringify(request)}`, { cause });
  }
}

/** Bytes that may be no request: whatever is answered, the connection ends soon after we have ended it. */
async function sendDamaged(bytes: string): Promise<void> {
  const socket = await openSocket(url);
  const ended = once(socket, 'close', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  socket.resume().end(bytes);
  await ended.catch((cause: unknown) => {
    throw new Error(`FUZZ_SEED=${FUZZ_SEED}: no end of ${JSON.stringify(bytes)}`, { cause });
  });
}

it(`takes no harm from anything (FUZZ_SEED=${FUZZ_SEED})`, {
  timeout: (Number(FUZZ_SECONDS) + 60) * 1000,
}, async () => {
  process.stderr.write(`[fuzz] FUZZ_SEED=${FUZZ_SEED}, ${FUZZ_SECONDS} s\n`);
  const maker = new RequestMaker(Number(FUZZ_SEED));
  const ids = [(await api.create()).id];
  const statuses: Record<string, number> = {};
  const deadline = performance.now() + Number(FUZZ_SECONDS) * 1000;
  while (performance.now() < deadline) {
    const requests = Array.from({ length: AT_ONCE }, () => maker.next(ids.slice(-20)));
    const damaged = maker.damagedBytes(bytesOf(maker.next(ids)));
    const [answers] = await Promise.all([Promise.all(requests.map(send)), sendDamaged(damaged)]);
    for (const { status, body } of answers) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 201) ids.push(body.id);
    }
    const { status, body } = await api.call('GET', `/Users/${control.id}`);
    expect({ status, body }, `FUZZ_SEED=${FUZZ_SEED}`).toEqual({ status: 200, body: control });
  }
  process.stderr.write(`[fuzz] ${JSON.stringify(statuses)}\n`);
  const seen = [200, 201, 204, 400, 404, 405, 409].map((status) => [status, (statuses[status] ?? 0) > 0]);
  expect(seen).toEqual(seen.map(([status]) => [status, true]));
  await expectSound();
});

/** Every page is whole, and every user is found under what it is indexed by. */
async function expectSound(): Promise<void> {
  const users: Body[] = [];
  for (let startIndex = 1; ; startIndex += 200) {
    const { body } = await api.call('GET', `/Users?count=200&startIndex=${startIndex}`);
    users.push(...body.Resources);
    if (body.Resources.length === 0) {
      expect(users).toHaveLength(body.totalResults);
      break;
    }
  }
  expect(new Set(users.map(({ userName }) => String(userName).toLowerCase())).size).toBe(users.length);
  for (const { id, userName, externalId } of users.slice(-USERS_CHECKED_MAX)) {
    for (const [name, value] of Object.entries({ id, userName, externalId })) {
      const filter = `${name} eq ${JSON.stringify(value)}`;
      if (value === undefined || filter.length > FILTER_LENGTH_MAX) continue;
      const { body } = await api.call('POST', '/.search', { filter, count: 200 });
      expect({ filter, ids: body.Resources.map((user) => user.id) }).toEqual({
        filter,
        ids: expect.arrayContaining([id]),
      });
    }
  }
}
