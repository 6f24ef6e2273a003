import { expect, test } from 'vitest';
import { createTenant } from '@fresh-scim/entra-sim';
import type { Account, AccountStats } from './simulated-account.ts';
import { demandGood, problemsOf, verdictOf } from './verdict.ts';
import type { Evidence } from './verdict.ts';

const tenant = createTenant({ seed: 1, size: 2 });
const users: Account['users'] = tenant.people().map((person, index) => ({
  id: index + 1,
  active: true,
  is_agent: false,
  first_name: person.givenName ?? person.displayName,
  last_name: person.surname ?? null,
  primary_email: person.userPrincipalName,
  job_title: person.jobTitle ?? null,
  work_phone_number: person.telephoneNumber ?? null,
  mobile_phone_number: person.mobile ?? null,
  external_id: person.objectId,
  address: null,
  language: 'en',
  time_zone: 'London',
  department_ids: [],
  location_id: null,
  reporting_manager_id: null,
  custom_fields: {},
  updated_at: '2026-01-02T03:04:05Z',
}));
const account: Account = { users, departments: [], locations: [], fields: [] };
const stats: AccountStats = {
  calls: 2,
  refused: 0,
  byRoute: { 'requesters.create': { calls: 2, changes: 2 } },
  duplicates: [],
};
const evidence: Evidence = {
  tenant,
  played: { reports: [], restartCalls: 0, applied: 2 },
  account,
  stats,
  strangers: new Map(),
};
const withCalls = (calls: number, more: Partial<AccountStats> = {}): AccountStats => ({
  ...stats,
  ...more,
  byRoute: { 'requesters.create': { calls, changes: 2 } },
});

test('all as promised', () => {
  const verdict = verdictOf(evidence);
  expect(verdict).toMatchObject({ created: 2, callsPerChange: 1, mismatches: 0, duplicates: 0 });
  expect(() => demandGood(verdict)).not.toThrow();
});

test('a missing person, a refused call and a wasted one are each named', () => {
  const verdict = verdictOf({
    ...evidence,
    account: { ...account, users: users.slice(1) },
    stats: withCalls(5, { refused: 1 }),
  });
  expect(problemsOf(verdict)).toEqual([
    '1 mismatches (1 missing)',
    '1 refused calls',
    '2.500 calls per applied change (at most 1.02)',
  ]);
  expect(() => demandGood(verdict)).toThrow('The demo found: 1 mismatches');
});

test('a look-up among few people is no waste', () => {
  expect(problemsOf(verdictOf({ ...evidence, stats: withCalls(3) }))).toEqual([]);
});

test('lists and departments are no live work', () => {
  const byRoute = {
    ...stats.byRoute,
    'requesters.list': { calls: 40, changes: 0 },
    'departments.create': { calls: 20, changes: 20 },
    'requesterFields.list': { calls: 1, changes: 0 },
  };
  expect(verdictOf({ ...evidence, stats: { ...stats, calls: 63, byRoute } })).toMatchObject({
    calls: 2,
    otherCalls: 61,
    departmentsCreated: 20,
  });
});

test('in a full tenant a reactivation may take two calls, in a basic one not', () => {
  const byRoute = {
    'requesters.reactivate': { calls: 6, changes: 6 },
    'requesters.update': { calls: 6, changes: 6 },
  };
  const played = { ...evidence.played, applied: 6 };
  const isWasteful = (attributes: 'basic' | 'full'): boolean =>
    problemsOf(
      verdictOf({
        ...evidence,
        tenant: createTenant({ seed: 1, size: 2, attributes }),
        played,
        stats: { ...stats, byRoute },
      }),
    ).some((problem) => problem.includes('per applied change'));
  expect([isWasteful('basic'), isWasteful('full')]).toEqual([true, false]);
});

test('the same person twice is a duplicate', () => {
  const twice = users.slice(0, 1).map((user) => ({ ...user, id: 9, primary_email: 'other@example.test' }));
  const verdict = verdictOf({ ...evidence, account: { ...account, users: [...users, ...twice] } });
  expect(verdict.duplicates).toBe(1);
});

test('strangers may be there, unchanged, and a restart may change nothing', () => {
  const strangers = users
    .slice(0, 1)
    .map((user) => ({ ...user, id: 9, primary_email: 'stranger@quarry.example', external_id: null }));
  const withStrangers = (seenAt: string): Evidence => ({
    ...evidence,
    account: { ...account, users: [...users, ...strangers] },
    strangers: new Map([[9, seenAt]]),
    played: { ...evidence.played, restartCalls: seenAt === '' ? 1 : 0 },
  });
  expect(problemsOf(verdictOf(withStrangers('2026-01-02T03:04:05Z')))).toEqual([]);
  expect(problemsOf(verdictOf(withStrangers('')))).toEqual([
    '1 calls for a restart of provisioning',
    '1 changes of people whom Entra does not know',
  ]);
});
