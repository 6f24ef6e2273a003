import { expect, test } from 'vitest';
import type { ConnectionStatus, StatusDocument } from './connection-status.ts';
import { toStatusText } from './status-text.ts';

const healthy: ConnectionStatus = {
  id: 'c000000000001',
  name: 'acme',
  state: 'running',
  reason: null,
  resources: { users: 200, groups: 5, unmanaged: 0 },
  groupsNotApplied: 3,
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

test('groups are told as not applied yet, and wait for nobody', () => {
  const lines = toStatusText(status({})).split('\n');
  expect(lines.at(-1)).toBe('acme: 3 of 5 groups are stored and not applied yet');
  const row = lines.find((line) => line.startsWith('acme ')) ?? '';
  expect(row.split(/ {2,}/).slice(0, 6)).toEqual(['acme', 'running', '200', '0', '12', '40 s']);
});

test('where all groups are applied, nothing is said of them', () => {
  expect(toStatusText(status({ groupsNotApplied: 0 }))).not.toContain('groups');
});

test('the reason of a state and the problems of Redis are said', () => {
  const text = toStatusText(status({ state: 'stopped', reason: 'unauthorized' }, ['Redis keeps no file']));
  expect(text).toContain('acme: unauthorized');
  expect(text).toContain('Redis 7.0.15, 0 MB: Redis keeps no file');
});
