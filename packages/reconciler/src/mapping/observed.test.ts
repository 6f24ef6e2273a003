/** Snapshots: what is kept of an answer, and what is remembered from before. */
import { describe, expect, test } from 'vitest';
import { perform, toPerson } from '../testing/freshservice-model.ts';
import { ownedBy, toObserved, withSent, withSentAddress } from './observed.ts';
import { type Target, toTarget } from './target.ts';

const polite = { rewrite: (text: string) => text, ignores: [], clearedByReactivate: [] };
const sent = { primary_email: 'ines@larkspur.example', first_name: 'Ines', job_title: 'Clerk' };
const plain: Target = toTarget(
  { userName: 'ines@larkspur.example' },
  { email: 'userName', departments: 'replace' },
);
const account = perform(undefined, { kind: 'create', attributes: sent }, polite);

describe('toObserved', () => {
  test('keeps what has a value, and flags that are set', () => {
    const flag = 'can_see_all_tickets_from_associated_departments';
    const shown = { ...account, values: { ...account.values, [flag]: true, last_name: null } };
    expect(toObserved(toPerson(shown), undefined, 5)).toEqual({
      remoteId: 7,
      kind: 'requester',
      active: true,
      readAt: 5,
      values: { ...sent, [flag]: true },
      echoes: {},
      sentAddresses: [],
      ours: [],
    });
  });

  test('keeps addresses and ownership, and an echo only while Freshservice shows what it answered then', () => {
    const before = {
      ...toObserved(toPerson(account), undefined, 5),
      sentAddresses: ['old@larkspur.example'],
      ours: ['job_title'],
      echoes: { job_title: { sent: 'Clerk!', got: 'Clerk' }, last_name: { sent: 'x', got: 'y' } },
    };
    expect(toObserved(toPerson(account), before, 6)).toMatchObject({
      readAt: 6,
      sentAddresses: ['old@larkspur.example'],
      ours: ['job_title'],
      echoes: { job_title: { sent: 'Clerk!', got: 'Clerk' } },
    });
  });
});

describe('withSent', () => {
  test('remembers what differs from what was sent, and forgets what no longer does', () => {
    const observed = toObserved(toPerson(account), undefined, 5);
    const sentNow = { job_title: 'Clerk of works', first_name: 'Ines', last_name: null };
    const odd = withSent(observed, observed, sentNow, plain);
    expect(odd.echoes).toEqual({ job_title: { sent: 'Clerk of works', got: 'Clerk' } });
    expect(withSent(odd, odd, { job_title: 'Clerk' }, plain).echoes).toEqual({});
  });

  test('remembers a value that was to go and stayed', () => {
    const observed = toObserved(toPerson(account), undefined, 5);
    expect(withSent(observed, observed, { job_title: null }, plain).echoes).toEqual({
      job_title: { sent: null, got: 'Clerk' },
    });
  });
});

describe('withSentAddress', () => {
  test('remembers each address once, in lower case, and the newest twenty', () => {
    let observed = withSentAddress(undefined, 'A@x.example', 5);
    expect(withSentAddress(observed, 'a@X.example', 6)).toBe(observed);
    for (let index = 0; index < 25; index += 1) observed = withSentAddress(observed, `${index}@x.example`, 6);
    expect(observed.sentAddresses).toHaveLength(20);
    expect(observed.sentAddresses.at(-1)).toBe('24@x.example');
  });
});

describe('ownedBy', () => {
  test('is what Entra names now and what it named before, in order and once', () => {
    const target = { ...plain, attributes: { ...plain.attributes, job_title: 'Clerk' } };
    const observed = { ...toObserved(toPerson(account), undefined, 5), ours: ['last_name', 'job_title'] };
    expect(ownedBy(target, observed)).toEqual(['first_name', 'job_title', 'last_name', 'primary_email']);
  });
});
