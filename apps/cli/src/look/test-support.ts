// A status for tests: one connection that runs, and what is to be different in it.
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

export function status(changes: Partial<ConnectionStatus>, problems: string[] = []): StatusDocument {
  const redis = { version: '7.0.15', usedMemoryBytes: 1, problems };
  return { at: '2026-01-01T00:00:00.000Z', redis, connections: [{ ...healthy, ...changes }] };
}
