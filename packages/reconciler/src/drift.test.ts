/** Drift by example. */
import type { Observed } from '@fresh-scim/directory';
import { expect, test } from 'vitest';
import { findDrift } from './drift.ts';
import type { Target } from './mapping/target.ts';

const values = {
  primary_email: 'ines@larkspur.example',
  first_name: 'Ines',
  job_title: 'Engineer',
  department_ids: [21],
  'custom_fields.badge': 'b-1',
};
const { department_ids: _, 'custom_fields.badge': __, ...own } = values;
const target: Target = {
  active: true,
  attributes: own,
  defaults: {},
  byElement: ['secondary_emails'],
  addresses: [own.primary_email],
  externalId: undefined,
  learned: [],
  notes: [],
};
const before: Observed = {
  remoteId: 7,
  kind: 'requester',
  active: true,
  readAt: 0,
  values,
  echoes: {},
  sentAddresses: [],
  ours: Object.keys(values),
};
const drift = (shown: Partial<Observed['values']>, more: Partial<Observed> = {}, to: Partial<Target> = {}) =>
  findDrift({ ...target, ...to }, before, { ...before, ...more, values: { ...values, ...shown } }, new Set());

test('what is as it was is none', () => {
  expect(drift({})).toEqual([]);
});

test('is named by the attribute, and by active for access', () => {
  expect(drift({ job_title: 'Intern', 'custom_fields.badge': null }, { active: false })).toEqual([
    'active',
    'custom_fields.badge',
    'job_title',
  ]);
});

test('is nothing that is not ours, and not what Entra wants by now', () => {
  expect(drift({ address: 'Pier 3' })).toEqual([]);
  expect(drift({ job_title: 'Chair' }, {}, { attributes: { ...own, job_title: 'Chair' } })).toEqual([]);
});

test('is no addition to a list that is shared with people', () => {
  expect(drift({ department_ids: [21, 22] })).toEqual(['department_ids']);
  const shared = { byElement: ['secondary_emails', 'department_ids'] } as const;
  expect(drift({ department_ids: [21, 22] }, {}, shared)).toEqual([]);
  expect(drift({ department_ids: [22] }, {}, shared)).toEqual(['department_ids']);
});

test('of a leaver is access alone', () => {
  const leaver = { ...before, active: false };
  const shown = { ...before, values: { ...values, job_title: 'Intern', department_ids: [] } };
  expect(findDrift({ ...target, active: false }, leaver, shown, new Set())).toEqual(['active']);
});

test('of an agent is not what a listing does not show', () => {
  expect(drift({ department_ids: [] as number[] }, { kind: 'agent' })).toEqual(['department_ids']);
  const { department_ids: ___, ...rest } = values;
  expect(findDrift(target, before, { ...before, kind: 'agent', values: rest }, new Set())).toEqual([]);
});
