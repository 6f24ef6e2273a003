import { expect, test } from 'vitest';
import { attentionOf } from './attention.ts';
import type { ConnectionStatus, StatusDocument } from './connection-status.ts';

const healthy: ConnectionStatus = {
  id: 'c000000000001',
  name: 'acme',
  state: 'running',
  reason: null,
  resources: { users: 200, groups: 0, unmanaged: 0 },
  groupsNotApplied: 0,
  dirty: 12,
  deferred: 2,
  oldestDirtySeconds: 40,
  oldestUrgentSeconds: 3,
  parked: 0,
  parkedLeavers: 0,
  held: 0,
  notes: 4,
  budget: { callsPerMinute: 400, share: 0.8, usedLastMinute: 100 },
  import: { state: 'none', seen: 0 },
  etaSeconds: 3,
  lastSuccessAt: null,
};

function status(changes: Partial<ConnectionStatus>, problems: string[] = []): StatusDocument {
  const redis = { version: '7.0.15', usedMemoryBytes: 1, problems };
  return { at: '2026-01-01T00:00:00.000Z', redis, connections: [{ ...healthy, ...changes }] };
}

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
