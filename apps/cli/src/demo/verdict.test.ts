import { expect, test } from 'vitest';
import { createTenant } from '@fresh-scim/entra-sim';
import type { AccountPeople, AccountStats } from './simulated-account.ts';
import { demandGood, problemsOf, verdictOf } from './verdict.ts';

const tenant = createTenant({ seed: 1, size: 2 });
const accounts: AccountPeople = tenant.people().map((person, index) => ({
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
}));
const stats: AccountStats = {
  calls: 2,
  refused: 0,
  byRoute: { 'requesters.create': { calls: 2, changes: 2 } },
  duplicates: [],
};
const played = { tenant, reports: [], applied: 2 };

test('all as promised', () => {
  const verdict = verdictOf(played, accounts, stats);
  expect(verdict).toMatchObject({ created: 2, callsPerChange: 1, mismatches: 0, duplicates: 0 });
  expect(() => demandGood(verdict)).not.toThrow();
});

test('a missing person, a refused call and a wasted one are each named', () => {
  const verdict = verdictOf(played, accounts.slice(1), { ...stats, calls: 5, refused: 1 });
  expect(problemsOf(verdict)).toEqual([
    '1 mismatches',
    '1 refused calls',
    '2.500 calls per applied change (at most 1.02)',
  ]);
  expect(() => demandGood(verdict)).toThrow('The demo found: 1 mismatches');
});

test('a look-up among few people is no waste', () => {
  expect(problemsOf(verdictOf(played, accounts, { ...stats, calls: 3 }))).toEqual([]);
});

test('the same person twice is a duplicate', () => {
  const [first] = accounts;
  const twice =
    first === undefined ? [] : [...accounts, { ...first, id: 9, primary_email: 'other@example.test' }];
  expect(verdictOf(played, twice, stats).duplicates).toBe(1);
});
