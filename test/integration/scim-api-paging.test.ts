/** Pages by `startIndex` while people are deleted: what was told of an index holds, for a while, and takes little room. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Body, openScimApi, type TestApi } from '../support/scim-api.ts';

const LONGEST_MS = 600_000;
const BOOKMARKS_MAX = 5_000;

let api: TestApi;
/** Those who were created in the beginning, in the order of creation. */
let ids: string[];

beforeEach(async () => {
  api = await openScimApi();
  ids = [];
  for (const name of 'abcdefghij') {
    const user = await api.create({ userName: `${name}@larkspur.example`, displayName: name });
    ids.push(user.id);
    await sleep(2); // of those of one millisecond the order is by id
  }
});
afterEach(() => api.close());

const prefix = (): string => `{${api.directory.scope.accountId}}:${api.directory.scope.connectionId}:`;
const remove = async (...which: number[]): Promise<void> => {
  for (const index of which) await api.directory.removeUser(ids[index] ?? '');
};

async function page(query: string, path = '/Users'): Promise<Body> {
  const { status, body } = await api.call('GET', `${path}?${query}`);
  expect(status).toBe(200);
  return body;
}

/** The answer in short: its people by their places in the order of creation, and the total. */
async function shown(query: string): Promise<[places: string, total: number]> {
  const { Resources, totalResults } = await page(query);
  return [Resources.map(({ id }) => String(ids.indexOf(id))).join(''), totalResults];
}

/** Every field and value that is kept of lists. */
const kept = async (): Promise<string> =>
  JSON.stringify([
    await api.redis.hgetall(`${prefix()}bookmarks`),
    await api.redis.zrange(`${prefix()}bookmarks:told`, '0', '-1'),
  ]);

/** As if all of it had been told so long ago. */
async function age(ms: number): Promise<void> {
  const [hash, order] = [`${prefix()}bookmarks`, `${prefix()}bookmarks:told`];
  for (const [field, text] of Object.entries(await api.redis.hgetall(hash))) {
    await api.redis.hset(
      hash,
      field,
      text.replace(/\n(\d+) /g, (_, at) => `\n${Number(at) - ms} `),
    );
    await api.redis.zincrby(order, -ms, field);
  }
}

describe('a walk', () => {
  it('goes on behind the last one it was shown, and its total says where it ends', async () => {
    expect(await shown('startIndex=1&count=4')).toEqual(['0123', 10]);
    await remove(0, 2);
    expect(await shown('startIndex=5&count=4')).toEqual(['4567', 10]);
    await remove(1, 5, 8);
    expect(await shown('startIndex=9&count=4')).toEqual(['9', 9]);
    expect(await shown('startIndex=10&count=4')).toEqual(['', 9]);
  });

  it('goes on where the last one it was shown has gone, and ends where nobody is left', async () => {
    expect(await shown('startIndex=1&count=8')).toEqual(['01234567', 10]);
    await remove(7);
    expect(await shown('startIndex=9&count=1')).toEqual(['8', 10]);
    await remove(8, 9);
    expect(await shown('startIndex=10&count=1')).toEqual(['', 9]);
  });

  it('is the same for other attributes and page sizes, in any spelling, by query and by search', async () => {
    expect(await shown('startIndex=1&count=3&filter=displayName+co+%22%22&attributes=id')).toEqual([
      '012',
      10,
    ]);
    await remove(1);
    const filter = 'displayname CO ""';
    const { body } = await api.call('POST', '/Users/.search', { startIndex: 4, count: 5, filter });
    expect(body.Resources.map(({ id }) => ids.indexOf(id))).toEqual([3, 4, 5, 6, 7]);
    expect(body.totalResults).toBe(10);
  });

  it('of another query or connection is another one', async () => {
    await shown('startIndex=1&count=3');
    await remove(1);
    expect((await shown('startIndex=4&count=2&filter=displayName+pr'))[0]).toBe('45');
    expect((await shown('startIndex=4&count=2&sortBy=displayName'))[0]).toBe('45');
    expect((await page('startIndex=4&count=2', '')).Resources.map(({ id }) => ids.indexOf(id))).toEqual([
      4, 5,
    ]);
    expect((await shown('startIndex=4&count=2'))[0]).toBe('34');
  });

  it('can repeat a page', async () => {
    await shown('startIndex=1&count=3');
    await remove(0);
    for (let time = 0; time < 3; time += 1) {
      expect(await shown('startIndex=4&count=3')).toEqual(['345', 10]);
    }
    await remove(1);
    expect(await shown('startIndex=4&count=3')).toEqual(['345', 10]);
    expect(await shown('startIndex=7&count=9')).toEqual(['6789', 10]);
  });

  it('that begins again begins with the first one, and is not led by the one before', async () => {
    for (const at of [1, 4, 7, 10]) await shown(`startIndex=${at}&count=3`);
    await remove(0, 4);
    expect(await shown('startIndex=1&count=3')).toEqual(['123', 8]);
    expect(await shown('startIndex=4&count=3')).toEqual(['567', 8]);
    expect(await shown('startIndex=7&count=3')).toEqual(['89', 8]);
    expect(await shown('startIndex=9&count=3')).toEqual(['', 8]);
  });

  it('of a descending order goes on at its place', async () => {
    const query = 'sortBy=displayName&sortOrder=descending&count=4';
    expect(await shown(query)).toEqual(['9876', 10]);
    await remove(9, 6);
    await api.create({ userName: 'zoe@larkspur.example', displayName: 'zoe' });
    expect(await shown(`${query}&startIndex=5`)).toEqual(['5432', 10]);
    expect(await shown(`${query}&startIndex=9`)).toEqual(['10', 10]);
  });
});

describe('two walks at once', () => {
  it('with deletions in between miss nobody: who comes first gets the earlier place', async () => {
    expect((await shown('startIndex=1&count=3'))[0]).toBe('012');
    await remove(0);
    expect((await shown('startIndex=1&count=3'))[0]).toBe('123');
    expect(await shown('startIndex=4&count=3')).toEqual(['345', 10]);
    expect(await shown('startIndex=4&count=3')).toEqual(['345', 10]);
  });
});

describe('an index that nobody was told', () => {
  it('is a rank', async () => {
    await shown('startIndex=1&count=3');
    await remove(0, 1);
    expect(await shown('startIndex=3&count=3')).toEqual(['456', 8]);
    expect(await shown('startIndex=99&count=3')).toEqual(['', 8]);
    expect(await shown('startIndex=4&count=0')).toEqual(['', 8]);
  });

  it('is one that was told more than ten minutes ago', async () => {
    await shown('startIndex=1&count=3');
    await remove(0);
    await age(LONGEST_MS - 10_000);
    expect((await shown('startIndex=4&count=1'))[0]).toBe('3');
    await age(20_000);
    expect((await shown('startIndex=4&count=1'))[0]).toBe('4');
  });
});

describe('what is kept', () => {
  it('names nobody and tells no filter', async () => {
    await shown('count=2&filter=displayName+co+%22%22+and+userName+co+%22larkspur%22');
    await shown('count=2&filter=not+%28displayName+eq+%22a%22%29');
    const text = await kept();
    expect(JSON.parse(text)).toMatchObject([{}, [expect.any(String), expect.any(String)]]);
    expect(text).not.toMatch(/larkspur|displayName|userName/i);
  });

  it('is nothing where a look-up finds whom it was asked for', async () => {
    expect(await api.count('userName eq "a@larkspur.example"')).toBe(1);
    expect(await api.count('userName eq "nobody@larkspur.example"')).toBe(0);
    expect(await kept()).toBe('[{},[]]');
  });

  it('is gone ten minutes later, of everybody whom it was kept for', async () => {
    await shown('count=2');
    for (const key of ['bookmarks', 'bookmarks:told']) {
      const left = await api.redis.pttl(prefix() + key);
      expect(left).toBeGreaterThan(LONGEST_MS - 60_000);
      expect(left).toBeLessThanOrEqual(LONGEST_MS);
    }
    await age(LONGEST_MS + 1);
    await shown('count=3');
    expect(await api.redis.hkeys(`${prefix()}bookmarks`)).toEqual(['User:4']);
    expect(await api.redis.zrange(`${prefix()}bookmarks:told`, '0', '-1')).toEqual(['User:4']);
  });

  it('is so much and no more, however much is asked: what was told first goes', async () => {
    await shown('count=2');
    const walks = Array.from({ length: BOOKMARKS_MAX + 50 }, (_, index) => `w${index}`);
    const turned = { index: 1, next: 2, place: 'User 1_x', isEnd: false };
    for (const list of walks) await api.directory.turnPage(list, turned);
    expect(await api.redis.hlen(`${prefix()}bookmarks`)).toBe(BOOKMARKS_MAX);
    expect(await api.redis.zcard(`${prefix()}bookmarks:told`)).toBe(BOOKMARKS_MAX);
    expect(await api.directory.findBookmark('w0', 2)).toEqual([]);
    expect(await api.directory.findBookmark(walks.at(-1) ?? '', 2)).toEqual(['User 1_x']);
    await remove(0);
    expect((await shown('startIndex=3&count=2'))[0]).toBe('34');
  });

  it('is eight places of an index at most, and those who were told more get an earlier one', async () => {
    for (let walk = 0; walk < 9; walk += 1) {
      await shown('count=1');
      if (walk < 8) await remove(walk);
    }
    const [text = ''] = await api.redis.hvals(`${prefix()}bookmarks`);
    expect(text.split('\n')).toHaveLength(9);
    for (let walk = 0; walk < 9; walk += 1) expect((await shown('startIndex=2&count=1'))[0]).toBe('8');
    await shown('count=1');
    expect((await shown('startIndex=2&count=1'))[0]).toBe('9');
  });

  it('is no place that would be very long: such a page goes by rank', async () => {
    await api.create({ userName: 'l@larkspur.example', title: 'L'.repeat(5_000) });
    await api.create({ userName: 'm@larkspur.example', title: 'M'.repeat(5_000) });
    await api.create({ userName: 'n@larkspur.example', title: 'N' });
    const query = 'sortBy=title&filter=title+pr&attributes=userName&count=1';
    const names: unknown[] = [];
    for (const at of [1, 2, 3])
      names.push((await page(`${query}&startIndex=${at}`)).Resources[0]?.['userName']);
    expect(names).toEqual(['l@larkspur.example', 'm@larkspur.example', 'n@larkspur.example']);
    expect((await kept()).length).toBeLessThan(1_000);
  });
});
