// What a client meets on the wire for each kind of fault, and whether the write it carried was applied.
import { expect, test } from 'vitest';
import type { FaultKind } from '../faults/kinds.ts';
import { openSubject, type Subject } from '../test-support.ts';

const BODY = { first_name: 'Mira', primary_email: 'mira@example.test' };

function isApplied({ sim }: Subject): boolean {
  return sim.state.users.byAddress('mira@example.test').length === 1;
}

test.for<[FaultKind, number, string | null, boolean]>([
  ['429', 429, 'application/json; charset=utf-8', false],
  ['500', 500, 'application/json; charset=utf-8', false],
  ['500-after', 500, 'application/json; charset=utf-8', true],
  ['502-html', 502, 'text/html; charset=utf-8', false],
  ['503', 503, null, false],
  ['504-after', 504, 'text/html; charset=utf-8', true],
  ['html-200', 200, 'text/html; charset=utf-8', false],
])('%s: status %i', async ([kind, status, type, applied]) => {
  const subject = await openSubject();
  subject.sim.arm({ kind });
  const reply = await subject.call('POST', '/requesters', BODY);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([status, type]);
  expect(isApplied(subject)).toBe(applied);
  expect((await subject.call('GET', '/agents/me')).status).toBe(200);
  expect(subject.sim.log.read(0, 10).entries[0]).toMatchObject({ status, fault: kind });
});

test.for<[FaultKind, boolean]>([
  ['reset-before', false],
  ['reset-after', true],
  ['hang-before', false],
  ['hang-after', true],
  ['truncated-json', true],
])('%s: no usable answer', async ([kind, applied]) => {
  const subject = await openSubject();
  subject.sim.arm({ kind, ms: 50 });
  await expect(subject.call('POST', '/requesters', BODY)).rejects.toThrow();
  expect(isApplied(subject)).toBe(applied);
  expect((await subject.call('GET', '/agents/me')).status).toBe(200);
});

test('a hang lasts until the client gives up; what it carried stays applied', async () => {
  const subject = await openSubject();
  subject.sim.arm({ kind: 'hang-after' });
  const { url, sim } = subject;
  const client = new AbortController();
  const answer = fetch(`${url}/api/v2/requesters`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('k3y-of-the-owner:X')}`, 'content-type': 'application/json' },
    body: JSON.stringify(BODY),
    signal: client.signal,
  });
  await expect.poll(() => isApplied(subject)).toBe(true);
  client.abort(new Error('enough'));
  await expect(answer).rejects.toThrow('enough');
  expect(isApplied(subject)).toBe(true);
  expect(sim.log.read(0, 10).entries[0]).toMatchObject({ status: 0, fault: 'hang-after', isChanged: true });
});

test('a slow body arrives whole', async () => {
  const subject = await openSubject();
  subject.sim.arm({ kind: 'slow-body', ms: 50 });
  const reply = await subject.call('POST', '/requesters', BODY);
  expect(reply.json['requester']).toMatchObject(BODY);
});

test('a 429 says for how long; nothing is said to remain', async () => {
  const { call, sim } = await openSubject({ windowMs: 60_000 });
  sim.arm({ kind: '429', retryAfterSeconds: 7 });
  const reply = await call('GET', '/agents/me');
  expect(reply.headers.get('retry-after')).toBe('7');
  expect(reply.headers.get('x-ratelimit-remaining')).toBe('0');
});

test('answers of the edge carry no rate headers', async () => {
  const { call, sim } = await openSubject();
  sim.arm({ kind: '502-html' });
  expect((await call('GET', '/agents/me')).headers.get('x-ratelimit-total')).toBeNull();
});

test('a fault is counted against the limits, unless it says otherwise', async () => {
  const { call, sim } = await openSubject({ plan: 'pro' });
  sim.arm({ kind: '500' });
  sim.arm({ kind: '500', counted: false });
  await call('GET', '/agents/me');
  await call('GET', '/agents/me');
  expect((await call('GET', '/agents/me')).headers.get('x-ratelimit-remaining')).toBe('398');
});

test('the fault knob hits every request', async () => {
  const { call, sim } = await openSubject({ fault: '503' });
  expect((await call('GET', '/agents/me')).status).toBe(503);
  expect((await call('GET', '/agents/me')).status).toBe(503);
  sim.configure({ fault: 'none' });
  expect((await call('GET', '/agents/me')).status).toBe(200);
});

test('closing ends hangs', async () => {
  const { call, sim } = await openSubject();
  sim.arm({ kind: 'hang-before' });
  const answer = call('GET', '/agents/me').then(
    () => 'answered',
    () => 'refused',
  );
  await expect.poll(() => sim.log.read(0, 1).entries.length).toBe(1);
  await sim.close();
  expect(await answer).toBe('refused');
});
