import { expect, test } from 'vitest';
import { compare, type ObservedPerson } from './compare.ts';
import { signInAddressOf } from './people.ts';
import { createTenant, type DirectoryPerson, type Tenant } from './tenant.ts';

const mirrored = (person: DirectoryPerson, index: number): ObservedPerson => ({
  id: 1000 + index,
  is_agent: false,
  active: true,
  first_name: (person.givenName ?? person.displayName).normalize('NFC'),
  last_name: person.surname?.normalize('NFC') ?? null,
  primary_email: signInAddressOf(person).toUpperCase(),
  job_title: person.jobTitle === undefined ? null : `${person.jobTitle} `,
  work_phone_number: person.telephoneNumber?.replaceAll(/[^\d]/g, '') ?? null,
  mobile_phone_number: person.mobile ?? null,
  external_id: person.objectId,
});

/** A tenant of 120, its mirror image, and the first person, who has every field. */
function world(): {
  tenant: Tenant;
  accounts: ObservedPerson[];
  first: DirectoryPerson;
  account: ObservedPerson;
} {
  const tenant = createTenant({ seed: 9, size: 120 });
  const [first] = tenant.people();
  const accounts = tenant.people().map(mirrored);
  const [account] = accounts;
  if (first === undefined || account === undefined) throw new Error('the tenant is empty');
  return { tenant, accounts, first, account };
}

test('a mirror image is in step, also where case, phone marks, blanks and Unicode form differ', () => {
  const { tenant, accounts } = world();
  const administrator = {
    id: 1,
    kind: 'agent',
    active: true,
    first_name: 'Admin',
    email: 'admin@larkspur.example',
  };
  const comparison = compare(tenant, [...accounts, administrator]);
  expect(comparison).toEqual({
    isInStep: true,
    peopleCompared: 120,
    mismatches: [],
    duplicates: [],
    missing: [],
    unexpectedActive: [],
  });
});

test.each([
  ['first_name', 'Someone'],
  ['last_name', 'Else'],
  ['job_title', 'Nothing'],
  ['work_phone_number', '1'],
  ['mobile_phone_number', null],
  ['primary_email', 'other@larkspur.example'],
  ['external_id', null],
] as const)('a different %s is found', (field, found) => {
  const { tenant, accounts, first, account } = world();
  const comparison = compare(tenant, [{ ...account, [field]: found }, ...accounts.slice(1)]);
  expect(comparison.isInStep).toBe(false);
  expect(comparison.mismatches).toHaveLength(1);
  expect(comparison.mismatches[0]).toMatchObject({
    person: first.objectId,
    account: 1000,
    field,
    found: found ?? '',
  });
});

test('an inactive account of somebody in scope is found', () => {
  const { tenant, accounts, first, account } = world();
  const { mismatches } = compare(tenant, [{ ...account, active: false }, ...accounts.slice(1)]);
  expect(mismatches).toEqual([
    { person: first.objectId, account: 1000, field: 'active', expected: 'true', found: 'false' },
  ]);
});

test('a missing person, a duplicate and a stranger are found', () => {
  const { tenant, accounts, first, account } = world();
  expect(compare(tenant, accounts.slice(1)).missing).toEqual([first.objectId]);
  const twin = { ...account, id: 5, primary_email: 'former@larkspur.example' };
  expect(compare(tenant, [...accounts, twin]).duplicates).toEqual([
    { person: first.objectId, accounts: [1000, 5] },
  ]);
  const stranger = { id: 6, active: true, primary_email: 'stranger@quarry.example' };
  expect(compare(tenant, [...accounts, stranger]).unexpectedActive).toEqual([
    { person: undefined, account: 6 },
  ]);
});

test.each(['block', 'unassign', 'softDelete'] as const)('after %s the account must not be active', (how) => {
  const { tenant, accounts, first, account } = world();
  tenant.leave(first.objectId, how);
  expect(compare(tenant, accounts).unexpectedActive).toEqual([{ person: first.objectId, account: 1000 }]);
  const inactive = { ...account, active: false, job_title: 'whatever' };
  expect(compare(tenant, [inactive, ...accounts.slice(1)]).isInStep).toBe(true);
  expect(compare(tenant, accounts.slice(1)).isInStep).toBe(true);
});

test('the account of a rehired person belongs to the new object', () => {
  const { tenant, accounts, first, account } = world();
  tenant.leave(first.objectId, 'softDelete');
  const again = tenant.rehire(first.objectId);
  const taken = { ...account, external_id: again.objectId };
  expect(compare(tenant, [taken, ...accounts.slice(1)]).isInStep).toBe(true);
});

test('a name of 255 characters is compared by what fits', () => {
  const { tenant, accounts } = world();
  const index = tenant.people().findIndex((person) => (person.surname?.length ?? 0) >= 100);
  const cut = accounts.map((account, at) => (at === index ? { ...account, last_name: 'cut' } : account));
  expect(compare(tenant, cut).mismatches).toHaveLength(1);
});
