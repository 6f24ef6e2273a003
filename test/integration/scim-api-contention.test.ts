/** A change that loses against another process each time: it ends with 503, and is not taken for an outage. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScimApi, type TestApi } from '../support/scim-api.ts';

let slow: TestApi;
let fast: TestApi;

beforeEach(async () => {
  slow = await openScimApi();
  fast = await openScimApi({ beside: slow });
});
afterEach(async () => {
  await fast.close();
  await slow.close();
});

/** Each time that the slow process has read the resource, the change is made before it can store its own. */
function outpace(id: string, change: (turn: number) => Promise<unknown>): void {
  const read = slow.redis.get.bind(slow.redis);
  let turn = 0;
  slow.redis.get = async (key: Parameters<typeof read>[0]) => {
    const text = await read(key);
    if (String(key).endsWith(`:${id}`)) await change((turn += 1));
    return text;
  };
}

const replace = (path: string, value: string): object => ({ op: 'Replace', path, value });

describe('who is never fast enough', () => {
  it('with a user is answered 503 with Retry-After, and nothing of it is stored', async () => {
    const { id } = await slow.create();
    let turns = 0;
    outpace(id, async (turn) => {
      expect((await fast.patch(id, replace('title', `${turn}`))).status).toBe(200);
      turns = turn;
    });
    const answer = await slow.patch(id, replace('nickName', 'Nes'));
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
      body: { detail: expect.stringMatching(/^This user is being changed by too many requests at once\./) },
    });
    const { body } = await fast.call('GET', `/Users/${id}`);
    expect(body).toMatchObject({ title: `${turns}`, meta: { version: `W/"${turns + 1}"` } });
    expect(body).not.toHaveProperty('nickName');
    expect(slow.logLines.join('')).not.toContain('the store is not available');
  });

  it('with a group is answered so too; its members are changed all the same', async () => {
    const ines = await slow.create();
    const { id } = await slow.createGroup();
    let name = '';
    outpace(id, async () => {
      name = randomUUID();
      expect((await fast.patchGroup(id, replace('displayName', name))).status).toBe(204);
    });
    expect(await slow.patchGroup(id, replace('externalId', 'x'))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
      body: { detail: expect.stringMatching(/^This group is being changed by too many requests at once\./) },
    });
    expect((await slow.patchGroup(id, { op: 'Add', path: 'members', value: ines.id })).status).toBe(204);
    const { body } = await fast.call('GET', `/Groups/${id}`);
    expect(body).toMatchObject({ displayName: name, members: [{ value: ines.id }] });
    expect(body).not.toHaveProperty('externalId');
    expect(slow.logLines.join('')).not.toContain('the store is not available');
  });

  it('with a DELETE under If-Match is told that the version is another', async () => {
    const { id, meta } = await slow.createGroup();
    outpace(id, (turn) => fast.patchGroup(id, replace('externalId', `${turn}`)));
    const answer = await slow.call('DELETE', `/Groups/${id}`, undefined, { 'if-match': meta.version });
    expect(answer.status).toBe(412);
    expect((await fast.call('GET', `/Groups/${id}`)).status).toBe(200);
  });
});
