import { expect, test } from 'vitest';
import type { ConnectionStatus } from '../look/connection-status.ts';
import { judgeClock, judgeStatus, toKeyChecks } from './account.ts';

const well: ConnectionStatus = {
  id: 'c1',
  name: 'acme',
  state: 'running',
  reason: null,
  resources: { users: 1, groups: 0, unmanaged: 0 },
  groupsNotApplied: 0,
  dirty: 0,
  deferred: 0,
  oldestDirtySeconds: null,
  oldestUrgentSeconds: null,
  parked: 0,
  parkedLeavers: 0,
  held: 0,
  notes: 0,
  budget: { callsPerMinute: 400, share: 0.8, usedLastMinute: 0 },
  import: { state: 'done', seen: 1 },
  etaSeconds: null,
  lastSuccessAt: null,
};

test.each<[Partial<ConnectionStatus>, Record<string, string>]>([
  [{}, {}],
  [{ state: 'importing', import: { state: 'running', seen: 0 } }, {}],
  [{ state: 'stopped', reason: 'it refuses' }, { state: 'problem' }],
  [{ state: 'paused' }, { state: 'warning' }],
  [{ state: 'throttled' }, { state: 'warning' }],
  [{ state: 'observing' }, { state: 'warning' }],
  [{ import: { state: 'none', seen: 0 } }, { import: 'warning' }],
  [{ import: { state: 'cancelled', seen: 0 } }, { import: 'warning' }],
  [{ import: { state: 'failed', seen: 0 } }, { import: 'problem' }],
  [{ parked: 2 }, { 'put aside': 'problem' }],
  [{ parked: 2, parkedLeavers: 2 }, { leavers: 'problem' }],
  [
    { parked: 2, parkedLeavers: 1 },
    { leavers: 'problem', 'put aside': 'problem' },
  ],
  [{ held: 1 }, { held: 'problem' }],
])('status %j: %j', (difference, expected) => {
  const found = judgeStatus({ ...well, ...difference }).filter(({ state }) => state !== 'ok');
  expect(Object.fromEntries(found.map(({ name, state }) => [name, state]))).toEqual(expected);
});

test.each([
  [0, 'ok'],
  [-59_000, 'ok'],
  [61_000, 'warning'],
  [-61_000, 'warning'],
])('a clock that is %i ms away: %s', (skewMs, state) => {
  const now = Date.parse('2026-01-02T03:04:05Z');
  const at = new Date(now + skewMs).toUTCString();
  expect(judgeClock({ status: 200, contentType: '', body: '', at }, now).state).toBe(state);
});

test.each([
  { failure: 'timeout' },
  { status: 200, contentType: '', body: '', at: null },
  { status: 200, contentType: '', body: '', at: 'soon' },
])('a clock that is not told is not checked: %j', (answer) => {
  expect(judgeClock(answer, 0).state).toBe('not checked');
});

test('each permission is a check', () => {
  const refused = { check: 'view roles', ok: false, problem: 'It may not.', fix: 'Let it.' };
  expect(toKeyChecks([{ check: 'API key', ok: true }, refused])).toEqual([
    { name: 'API key', state: 'ok' },
    { name: 'view roles', state: 'problem', problem: 'It may not.', fix: 'Let it.' },
  ]);
});

test('after a key that fails, permissions are not checked', () => {
  const states = toKeyChecks([{ check: 'API key', ok: false }]).map(({ state }) => state);
  expect(states).toEqual(['problem', 'not checked']);
});
