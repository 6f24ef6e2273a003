import { expect, test } from 'vitest';
import { attentionOf } from './attention.ts';
import type { ConnectionStatus } from './connection-status.ts';
import { status } from './test-support.ts';

test('work that goes on needs nobody', () => {
  expect(attentionOf(status({}))).toEqual([]);
  expect(attentionOf(status({ state: 'throttled', reason: 'for 3 s' }))).toEqual([]);
  expect(attentionOf(status({ state: 'paused', reason: 'an operator paused it' }))).toEqual([]);
});

test.each([
  [{ state: 'stopped', reason: 'unauthorized' }, 'acme is stopped: unauthorized.'],
  [{ parked: 1, parkedLeavers: 1 }, 'acme: 1 person left and still has access; see "failures".'],
  [{ parked: 3 }, 'acme: 3 people put aside; see "failures".'],
  [{ held: 60 }, 'acme: the brake holds 60 people back; see "held".'],
  [{ oldestUrgentSeconds: 301 }, 'acme: a leaver has waited for 5 min.'],
  [{ oldestDirtySeconds: 90_000 }, 'acme: a change has waited for 25 h.'],
] satisfies [Partial<ConnectionStatus>, string][])('%o is said', (changes, sentence) => {
  expect(attentionOf(status(changes))).toEqual([sentence]);
});

test('an unfit Redis is said', () => {
  expect(attentionOf(status({}, ['Redis does not keep an append-only file']))).toHaveLength(1);
});
