import { expect, test } from 'vitest';
import { openSubject } from '../test-support.ts';

test('every answer describes the most specific bucket, errors too', async () => {
  const { call } = await openSubject({ plan: 'pro' });
  const me = await call('GET', '/agents/me');
  expect(me.headers.get('x-ratelimit-total')).toBe('400');
  expect(me.headers.get('x-ratelimit-remaining')).toBe('399');
  expect(me.headers.get('x-ratelimit-used-currentrequest')).toBe('1');
  expect(me.headers.get('retry-after')).toBeNull();
  const list = await call('GET', '/requesters');
  expect(list.headers.get('x-ratelimit-total')).toBe('120');
  const missing = await call('GET', '/requesters/21099999999');
  expect(missing.headers.get('x-ratelimit-remaining')).toBe('397');
});

test('429 ends with the window, and Retry-After says when', async () => {
  let now = 1_000_000;
  const { call, sim } = await openSubject({ plan: 'starter', windowMs: 2000, clock: () => now });
  for (let index = 0; index < 100; index += 1) await call('GET', '/agents/me');
  now += 500;
  const refused = await call('GET', '/agents/me');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(refused.json).toEqual({ message: 'You have exceeded the limit of requests per minute' });
  now += 1500;
  expect((await call('GET', '/agents/me')).status).toBe(200);
  expect(sim.stats()).toMatchObject({
    calls: 102,
    refused: 1,
    windows: { overall: { maxUsed: 100, windows: 2 } },
  });
});

test('windowMs 300: a real window passes', async () => {
  const { call } = await openSubject({ plan: 'starter', windowMs: 300 });
  for (let index = 0; index < 40; index += 1) await call('GET', '/requesters');
  await expect.poll(async () => (await call('GET', '/requesters')).status).toBe(200);
});

test.for([
  ['message', 'application/json; charset=utf-8', /exceeded/],
  ['flat_code', 'application/json; charset=utf-8', /rate_limit_exceeded/],
  ['empty', null, /^$/],
  ['html', 'text/html; charset=utf-8', /<html>/],
] as const)('rate429Body %s', async ([rate429Body, type, text]) => {
  const { call } = await openSubject({ plan: 'starter', rate429Body });
  for (let index = 0; index < 40; index += 1) await call('GET', '/agents');
  const refused = await call('GET', '/agents');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toBe(type);
  expect(refused.text).toMatch(text);
});

test.for([
  ['missing', null],
  ['zero', '0'],
  ['large', '1521'],
] as const)('retryAfter %s', async ([retryAfter, header]) => {
  const { call, sim } = await openSubject({ retryAfter });
  sim.arm({ kind: '429' });
  expect((await call('GET', '/agents/me')).headers.get('retry-after')).toBe(header);
});

test('look-ups by address and by query debit the list bucket; with listOnly they do not', async () => {
  const { call, sim } = await openSubject({ plan: 'pro' });
  const query = `/requesters?query=${encodeURIComponent(`"first_name:'x'"`)}`;
  const totals = async (): Promise<(string | null)[]> => {
    const replies = [
      await call('GET', '/requesters'),
      await call('GET', '/requesters?email=x'),
      await call('GET', query),
    ];
    return replies.map(({ headers }) => headers.get('x-ratelimit-total'));
  };
  expect(await totals()).toEqual(['120', '120', '120']);
  sim.configure({ listBucketScope: 'listOnly' });
  expect(await totals()).toEqual(['120', '400', '400']);
});

test('an include costs one credit on one record and two on a list', async () => {
  const { call } = await openSubject();
  const one = await call('GET', `/agents/21000000001?include=workspaces`);
  expect(one.headers.get('x-ratelimit-used-currentrequest')).toBe('2');
  const fields = await call('GET', '/requester_fields?include=user_field_groups');
  expect(fields.headers.get('x-ratelimit-used-currentrequest')).toBe('3');
});

test('countUnauth: calls without credentials are counted, unless it is off', async () => {
  const { call, sim } = await openSubject({ plan: 'pro' });
  await call('GET', '/agents/me', undefined, { authorization: '' });
  expect((await call('GET', '/agents/me')).headers.get('x-ratelimit-remaining')).toBe('398');
  sim.configure({ countUnauth: false });
  await call('GET', '/agents/me', undefined, { authorization: '' });
  expect((await call('GET', '/agents/me')).headers.get('x-ratelimit-remaining')).toBe('397');
});

test('foreign load shows in the headers', async () => {
  let now = 5_000_000;
  const { call } = await openSubject({ plan: 'pro', foreignLoadPerMin: 120, clock: () => now });
  await call('GET', '/agents/me');
  now += 10_000;
  expect((await call('GET', '/agents/me')).headers.get('x-ratelimit-remaining')).toBe('377');
});

test('the log says what each request cost and whether it was counted', async () => {
  const { call, control } = await openSubject({ plan: 'starter' });
  for (let index = 0; index < 41; index += 1) await call('GET', '/requesters');
  const { json } = await control('GET', '/log?since=39');
  expect(json['entries']).toMatchObject([
    { seq: 40, route: 'requesters.list', status: 200, bucket: 'requesters.list', cost: 1, counted: true },
    { seq: 41, route: 'requesters.list', status: 429, bucket: 'requesters.list', counted: false },
  ]);
});
