/** Wrong tokens: a source that goes on with them is refused for a while, and a good token passes all the same. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BASE, openScimApi, type TestApi, toAnswer, type Answer } from '../support/scim-api.ts';

const MAX = 5;
const WRONG = `Bearer fsc_${'A'.repeat(43)}`;

let api: TestApi;

beforeEach(async () => {
  api = await openScimApi({ failuresPerMinuteMax: MAX, trustedProxies: ['10.1.0.0/16', '::1'] });
});
afterEach(() => api.close());

interface From {
  readonly remoteAddress: string;
  readonly forwardedFor?: string;
  readonly authorization?: string;
}

async function from({ remoteAddress, forwardedFor, authorization }: From): Promise<Answer> {
  const response = await api.app.inject({
    url: `${BASE}/Users?count=0`,
    remoteAddress,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }),
    },
  });
  return toAnswer(response.statusCode, response.headers, response.payload);
}

async function statusesOf(count: number, what: From | ((index: number) => From)): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) {
    statuses.push((await from(typeof what === 'function' ? what(index) : what)).status);
  }
  return statuses;
}

const UNTIL_REFUSED = [...Array.from({ length: MAX }, () => 401), 429, 429];

describe('a source that goes on with wrong tokens', () => {
  it.each([
    ['unknown ones', WRONG],
    ['none', undefined],
    ['another scheme', 'Basic eDp5'],
  ])('is answered 429 for the rest of the minute: %s', async (_what, authorization) => {
    const wrong = { remoteAddress: '203.0.113.7', ...(authorization ? { authorization } : {}) };
    const startedAt = performance.now();
    expect(await statusesOf(MAX + 2, wrong)).toEqual(UNTIL_REFUSED);
    const { headers, body, text } = await from(wrong);
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    expect(Number(headers['retry-after'])).toBeGreaterThan(59 - tookSeconds);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(body).toMatchObject({ status: '429' });
    expect(text).not.toContain('AAAA');
  });

  it('is answered at once when its token is right: behind a proxy it is not alone', async () => {
    const remoteAddress = '203.0.113.7';
    expect(await statusesOf(MAX + 2, { remoteAddress, authorization: WRONG })).toEqual(UNTIL_REFUSED);
    const good = { remoteAddress, authorization: `Bearer ${api.token}` };
    expect(await statusesOf(20, good)).toEqual(Array.from({ length: 20 }, () => 200));
    expect((await from({ remoteAddress, authorization: WRONG })).status).toBe(429);
  });

  it('does not use up the patience with others', async () => {
    expect(await statusesOf(MAX + 2, { remoteAddress: '203.0.113.7' })).toEqual(UNTIL_REFUSED);
    expect((await from({ remoteAddress: '203.0.113.8' })).status).toBe(401);
  });

  it('is one source for all addresses of its IPv6 network', async () => {
    const statuses = await statusesOf(MAX + 2, (n) => ({ remoteAddress: `2001:db8:1:2::${n + 1}` }));
    expect(statuses).toEqual(UNTIL_REFUSED);
    expect((await from({ remoteAddress: '2001:db8:1:3::1' })).status).toBe(401);
  });

  it('leaves two lines in the log, which name it and hold no token', async () => {
    await statusesOf(MAX + 20, { remoteAddress: '203.0.113.7', authorization: WRONG });
    const lines = api.logLines.filter((line) => line.includes('203.0.113.7')).map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { source: '203.0.113.7', msg: 'a request without a valid token' },
      { source: '203.0.113.7', msg: 'wrong tokens: this source is refused for a minute' },
    ]);
    expect(api.logLines.join('')).not.toContain('AAAA');
  });
});

describe('the source of a request', () => {
  it('is what a trusted proxy says, and the proxy itself is told apart from who comes through it', async () => {
    const proxied = { remoteAddress: '10.1.2.3', forwardedFor: '198.51.100.1' };
    expect(await statusesOf(MAX + 2, proxied)).toEqual(UNTIL_REFUSED);
    expect((await from({ ...proxied, forwardedFor: '198.51.100.2' })).status).toBe(401);
    // What the client itself wrote stands before what the proxy saw, and is not believed.
    expect((await from({ ...proxied, forwardedFor: '192.0.2.9, 198.51.100.1' })).status).toBe(429);
    expect((await from({ ...proxied, forwardedFor: '198.51.100.1, 10.1.9.9' })).status).toBe(429);
  });

  it('is the address on the wire when nobody trusted says otherwise', async () => {
    const statuses = await statusesOf(MAX + 2, (n) => ({
      remoteAddress: '203.0.113.7',
      forwardedFor: `198.51.100.${n}`,
    }));
    expect(statuses).toEqual(UNTIL_REFUSED);
  });

  it('may be told in any text', async () => {
    for (const forwardedFor of [
      '',
      ',',
      'x',
      '::ffff:1.2.3.4',
      'fe80::1%eth0',
      '1.2.3.4:80',
      '[::1]:80',
      '\u00e9',
    ]) {
      const { status } = await from({ remoteAddress: '10.1.2.3', forwardedFor });
      expect([forwardedFor, status]).toEqual([forwardedFor, 401]);
    }
  });
});
