import { describe, expect, test } from 'vitest';
import { compare } from './compare.ts';
import { DEPARTMENTS } from './details.ts';
import { languageFor, timeZonesFor } from './equivalents.ts';
import type { ObservedPerson } from './fields.ts';
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
    unresolvable: [],
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

describe('a full tenant', () => {
  const locations = [
    { id: 1, name: 'UK', parent_location_id: null },
    { id: 2, name: 'Leeds', parent_location_id: 1 },
    { id: 3, name: 'Zürich', parent_location_id: null },
    { id: 4, name: 'Portugal', parent_location_id: null },
    { id: 5, name: 'Lisboa', parent_location_id: 4 },
    { id: 6, name: 'Illinois', parent_location_id: null },
    { id: 7, name: 'Springfield', parent_location_id: 6 },
    { id: 8, name: 'Oregon', parent_location_id: null },
    { id: 9, name: 'Springfield', parent_location_id: 8 },
    { id: 10, name: '東京', parent_location_id: null },
    { id: 11, name: 'São Paulo', parent_location_id: null },
  ];
  const departments = DEPARTMENTS.map((name, index) => ({ id: 50 + index, name }));
  const lists = { locations, departments, fields: [{ name: 'cost_centre' }, { name: 'contractor' }] };
  const tenant = createTenant({ seed: 9, size: 120, attributes: 'full' });
  const idOf = (objectId: string): number => 1000 + tenant.get(objectId).createdOrder;
  const accounts = tenant.people().map((person, index) => {
    const { details, department, manager } = person;
    const ends = details?.location.split('/') ?? [];
    const place = locations.findLast(({ name, parent_location_id: parent }) => {
      const above = locations.find(({ id }) => id === parent)?.name;
      return name === ends.at(-1) && (ends.length === 1 || above === ends[0]);
    });
    return {
      ...mirrored(person, index),
      department_ids: departments.filter(({ name }) => name === department).map(({ id }) => id),
      location_id: place?.id ?? null,
      reporting_manager_id: typeof manager === 'string' ? idOf(manager) : null,
      address: details?.officeAddress.replace('\n', ' ') ?? null,
      language: languageFor(details?.language ?? '') ?? null,
      time_zone: timeZonesFor(details?.timeZone ?? '')?.at(-1) ?? null,
      custom_fields: {
        cost_centre: details?.customFields['cost_centre'],
        contractor: details?.customFields['contractor'] === 'true',
      },
    };
  });

  test('is in step with its mirror image, but for what no account could show', () => {
    const comparison = compare(tenant, accounts, lists);
    expect(comparison).toMatchObject({ isInStep: true, mismatches: [] });
    const strange = comparison.unresolvable.map(({ field, expected }) => `${field} ${expected}`);
    expect(new Set(strange)).toEqual(
      new Set([
        'location Atlantis',
        'language tlh',
        'time_zone Customer site',
        'custom_fields.badge_colour green',
      ]),
    );
  });

  test.each([
    ['department', { department_ids: [50, 51] }],
    ['department', { department_names: ['Somewhere'] }],
    ['location', { location_id: 1 }],
    ['location', { location_id: null }],
    ['manager', { reporting_manager_id: 1119 }],
    ['manager', { reporting_manager_id: null }],
    ['language', { language: 'ar' }],
    ['time_zone', { time_zone: 'Hawaii' }],
    ['time_zone', { time_zone: null }],
    ['address', { address: null }],
    ['custom_fields.contractor', { custom_fields: { cost_centre: 'CC-0', contractor: true } }],
    ['custom_fields.cost_centre', { custom_fields: null }],
  ] as const)('another %s is found: %j', (field, change) => {
    const wrong = accounts.map((account, index) => (index === 1 ? { ...account, ...change } : account));
    const { mismatches } = compare(tenant, wrong, lists);
    expect(mismatches.map((mismatch) => mismatch.field)).toContain(field);
    expect(mismatches.every(({ account }) => account === 1001)).toBe(true);
  });

  test('a manager who was taken away must be gone, one out of scope cannot be judged', () => {
    const day = createTenant({ seed: 9, size: 120, attributes: 'full' });
    const report = day.people()[1];
    day.setManager(report?.objectId ?? '', null);
    expect(compare(day, accounts, lists).mismatches).toMatchObject([{ field: 'manager', expected: '' }]);
    const other = createTenant({ seed: 9, size: 120, attributes: 'full' });
    other.leave(report?.manager ?? other.people()[0]?.objectId ?? '', 'block');
    const { mismatches, unresolvable } = compare(other, accounts, lists);
    expect(mismatches).toEqual([]);
    expect(unresolvable.some(({ field }) => field === 'manager')).toBe(true);
  });
});

test('accounts that were there before may be active', () => {
  const { tenant, accounts } = world();
  const stranger = { id: 6, active: true, primary_email: 'stranger@quarry.example' };
  expect(compare(tenant, [...accounts, stranger], { bystanders: new Set([6]) }).isInStep).toBe(true);
});
