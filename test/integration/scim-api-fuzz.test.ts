/**
 * Hostile requests from a seed, for FUZZ_SECONDS (8; 120 with FRESH_SCIM_LONG=1), and at least 2,000: none is answered
 * 5xx, repeats what was sent, hangs, or changes what it is not about; memory stays flat, and after it the store still
 * agrees with itself.
 * FUZZ_SEED repeats a run: FUZZ_SEED=7 FUZZ_SECONDS=600 npm run fuzz
 */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLogger } from '@fresh-scim/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FuzzRequest, PRIVATE, RequestMaker } from '../support/fuzz-requests.ts';
import { exchange, openSocket } from '../support/raw-http.ts';
import { type Answer, BASE, type Body, openScimApi, plusEncoded, type TestApi } from '../support/scim-api.ts';

const {
  FUZZ_SEED = '1',
  FRESH_SCIM_LONG,
  FUZZ_SECONDS = FRESH_SCIM_LONG === '1' ? '120' : '8',
} = process.env;
/** A hang, and not a busy machine. */
const ANSWER_WITHIN_MS = 30_000;
const AT_ONCE = 8;
/** Of fewer not every kind of answer can be expected. */
const REQUESTS_MIN = 2_000;
/** Ids that requests are made about: the newest. */
const IDS_MAX = 20;
const USERS_CHECKED_MAX = 200;
const GROUPS_CHECKED_MAX = 20;
const FILTER_LENGTH_MAX = 4096;
/** Users with one externalId whom a look-up tells at most. */
const CARRIERS_MAX = 50;

let api: TestApi;
let url: string;
let control: Body;
let controlGroup: Body;

beforeAll(async () => {
  // The log of a long run would be what grows.
  api = await openScimApi({ logger: createLogger({ name: 'fuzz', level: 'fatal' }) });
  url = await api.listen();
  const { id } = await api.create({ title: 'Control', externalId: 'control' });
  controlGroup = await api.createGroup({ displayName: 'Control', members: [{ value: id }] });
  control = (await api.call('GET', `/Users/${id}`)).body;
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
  timeout: (Number(FUZZ_SECONDS) + 600) * 1000,
}, async () => {
  process.stderr.write(`[fuzz] FUZZ_SEED=${FUZZ_SEED}, ${FUZZ_SECONDS} s\n`);
  const maker = new RequestMaker(Number(FUZZ_SEED));
  const [users, groups] = [[(await api.create()).id], [(await api.createGroup()).id]];
  const statuses: Record<string, number> = {};
  const heap = watchHeap(Number(FUZZ_SECONDS));
  const deadline = performance.now() + Number(FUZZ_SECONDS) * 1000;
  for (let sent = 0; performance.now() < deadline || sent < REQUESTS_MIN; sent += AT_ONCE) {
    const requests = Array.from({ length: AT_ONCE }, () => maker.next(users, groups));
    const damaged = maker.damagedBytes(bytesOf(maker.next(users, groups)));
    const [answers] = await Promise.all([Promise.all(requests.map(send)), sendDamaged(damaged)]);
    for (const { status, body } of answers) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 201) (body.meta.resourceType === 'User' ? users : groups).push(body.id);
    }
    for (const ids of [users, groups]) ids.splice(0, ids.length - IDS_MAX);
    await expectControl();
    heap.look();
  }
  process.stderr.write(`[fuzz] ${JSON.stringify(statuses)}\n`);
  const seen = [200, 201, 204, 400, 404, 405, 409, 501].map((status) => [
    status,
    (statuses[status] ?? 0) > 0,
  ]);
  expect(seen).toEqual(seen.map(([status]) => [status, true]));
  heap.expectFlat();
  await expectSound();
  await expectSoundMembers();
});

/** Nobody has asked for a change of these two. */
async function expectControl(): Promise<void> {
  const [user, group] = await Promise.all([
    api.call('GET', `/Users/${control.id}`),
    api.call('GET', `/Groups/${controlGroup.id}`),
  ]);
  expect([user.body, group.body], `FUZZ_SEED=${FUZZ_SEED}`).toEqual([control, controlGroup]);
}

/** Looks at what is still in use sixteen times in a run. Growth that goes on is a leak; a start-up is none. */
function watchHeap(seconds: number): { look(): void; expectFlat(): void } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const everyMs = (seconds * 1000) / 16;
  const megabytes: number[] = [];
  let nextAt = performance.now() + everyMs;
  return {
    look: () => {
      if (performance.now() < nextAt) return;
      nextAt += everyMs;
      collect();
      megabytes.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20));
    },
    expectFlat: () => {
      process.stderr.write(`[fuzz] MiB in use: ${megabytes.join(' ')}\n`);
      const early = Math.max(...megabytes.slice(2, 8));
      const late = Math.min(...megabytes.slice(-4));
      expect(late, `grows: ${megabytes.join(' ')}`).toBeLessThan(1.3 * early + 20);
    },
  };
}

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
      const { status, body } = await api.call('POST', '/Users/.search', { filter, count: 200 });
      const carriers = users.filter((user) => user[name] === value).length;
      if (carriers > CARRIERS_MAX) {
        expect({ filter, scimType: body['scimType'] }).toEqual({ filter, scimType: 'tooMany' });
        continue;
      }
      expect({ filter, status }).toEqual({ filter, status: 200 });
      expect({ filter, ids: body.Resources.map((user) => user.id) }).toEqual({
        filter,
        ids: expect.arrayContaining([id]),
      });
    }
  }
}

/** Who is a member of a group has it among the groups, and the other way round. */
async function expectSoundMembers(): Promise<void> {
  const page = await api.call('GET', `/Groups?count=${GROUPS_CHECKED_MAX}&excludedAttributes=members`);
  for (const { id } of page.body.Resources) {
    const members = entriesOf((await api.call('GET', `/Groups/${id}`)).body['members']);
    const holders = await api.call(
      'GET',
      `/Users?count=200&filter=${plusEncoded(`groups.value eq "${id}"`)}`,
    );
    const users = members.filter(({ type }) => type === 'User').map(({ value }) => value);
    expect({ id, users: users.toSorted() }).toEqual({
      id,
      users: holders.body.Resources.map((user) => user.id).toSorted(),
    });
    for (const { value, type } of members) {
      expect((await api.call('GET', `/${type}s/${value}?attributes=id`)).status).toBe(200);
    }
  }
}

const entriesOf = (list: unknown): { value: string; type: string }[] =>
  (list ?? []) as { value: string; type: string }[];
