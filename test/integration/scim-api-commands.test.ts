/**
 * What a request costs the store, in commands: members and groups that are left out of an answer cost nothing. On a Redis
 * of its own, since a monitor of ioredis does not survive commands of others while it begins.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { provideRedis, startEmbeddedRedis } from '@fresh-scim/runtime';
import type { EmbeddedRedis } from '@fresh-scim/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Body, openScimApi, plusEncoded, type TestApi } from '../support/scim-api.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

const MEMBERS = 2_500;
const LEAN = 'excludedAttributes=members';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let redis: EmbeddedRedis;
let api: TestApi;
let monitor: Awaited<ReturnType<TestApi['redis']['monitor']>>;
let member: Body;
let large: Body;
let empty: Body;

beforeAll(async () => {
  folder = await temporaryFolder();
  redis = await startEmbeddedRedis({ dataDir: folder.path, binary: await provideRedis() });
  api = await openScimApi({ redisUrl: redis.url });
  monitor = await api.redis.monitor();
  member = await api.create();
  const strangers = Array.from({ length: MEMBERS }, () => ({ value: randomUUID() }));
  large = await api.createGroup({ members: [...strangers, { value: member.id }] });
  empty = await api.createGroup();
});
afterAll(async () => {
  monitor.disconnect();
  await api.close();
  await redis.stop(5_000);
  await folder[Symbol.asyncDispose]();
});

/** The commands that Redis runs for this connection meanwhile, those within scripts too: name and kind of key. */
async function commandsOf(request: () => Promise<Answer>): Promise<string[]> {
  const { accountId, connectionId } = api.directory.scope;
  const prefix = `{${accountId}}:${connectionId}:`;
  const commands: string[] = [];
  const listen = (_at: string, [name = '', ...args]: readonly string[]): void => {
    if (name.toLowerCase() === 'echo') monitor.emit(args.join());
    const key = args.find((arg) => arg.startsWith(prefix));
    if (key === undefined) return;
    commands.push(`${name.toLowerCase()} ${key.slice(prefix.length).replace(/:.*/, '')}`);
  };
  /** Until then Redis has told of everything that came before. */
  const caughtUp = async (): Promise<void> => {
    const mark = randomUUID();
    const told = once(monitor, mark);
    await api.redis.echo(mark);
    await told;
  };
  monitor.on('monitor', listen);
  await caughtUp();
  commands.length = 0;
  expect((await request()).status).toBeLessThan(300);
  await caughtUp();
  monitor.off('monitor', listen);
  return commands;
}

const rename = ({ id }: Body, query: string): Promise<Answer> =>
  api.call('PATCH', `/Groups/${id}${query}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'displayName', value: randomUUID() }],
  });
const found = (filter: string, query: string): Promise<Answer> =>
  api.call('GET', `/Groups?filter=${plusEncoded(filter)}&${query}`);

describe('a group of thousands costs as many commands as an empty one', () => {
  it.each<[string, (group: Body) => Promise<Answer>]>([
    ['read without members', ({ id }) => api.call('GET', `/Groups/${id}?${LEAN}`)],
    ['read for other attributes', ({ id }) => api.call('GET', `/Groups/${id}?attributes=displayName`)],
    ['found by its id', ({ id }) => found(`id eq "${id}"`, LEAN)],
    ['asked for one member', ({ id }) => found(`id eq "${id}" and members eq "${member.id}"`, LEAN)],
    ['renamed', (group) => rename(group, '')],
    ['renamed and shown without members', (group) => rename(group, `?${LEAN}`)],
  ])('%s', async (_what, request) => {
    const [ofLarge, ofEmpty] = [
      await commandsOf(() => request(large)),
      await commandsOf(() => request(empty)),
    ];
    expect(ofEmpty).not.toEqual([]);
    expect(ofLarge).toEqual(ofEmpty);
  });

  it('and a list of them no more than its page', async () => {
    expect(await commandsOf(() => api.call('GET', `/Groups?${LEAN}`))).not.toContainEqual(
      expect.stringMatching(/ (gm|mg)$/),
    );
  });
});

describe('what an answer leaves out is not loaded', () => {
  it.each([
    ['members', () => `/Groups/${large.id}`, ['get g']],
    ['groups', () => `/Users/${member.id}`, ['get u']],
  ])('%s', async (name, path, lean) => {
    expect(await commandsOf(() => api.call('GET', `${path()}?excludedAttributes=${name}`))).toEqual(lean);
    const whole = await commandsOf(() => api.call('GET', path()));
    expect(whole.length).toBeGreaterThan(lean.length);
  });
});
