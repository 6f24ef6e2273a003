/** Plans by example: what is sent, and what is left alone. */
import type { Observed } from '@fresh-scim/directory';
import { describe, expect, test } from 'vitest';
import type { Target } from './mapping/target.ts';
import { plan } from './plan.ts';

const attributes = {
  primary_email: 'Ines@larkspur.example',
  first_name: 'Ines',
  last_name: 'Okafor',
  job_title: 'Field Engineer',
} as const;
const target: Target = {
  active: true,
  attributes,
  defaults: {},
  byElement: ['secondary_emails'],
  addresses: [attributes.primary_email],
  externalId: undefined,
  learned: [],
  notes: [],
};
const observed: Observed = {
  remoteId: 7,
  kind: 'requester',
  active: true,
  readAt: 0,
  values: { ...attributes, primary_email: 'ines@larkspur.example' },
  echoes: {},
  sentAddresses: ['ines@larkspur.example'],
  ours: ['first_name', 'job_title', 'last_name', 'primary_email'],
};
const nothing: ReadonlySet<string> = new Set();

describe('a person without an account', () => {
  test('gets one with everything that Entra has a value for', () => {
    expect(plan(target, undefined, nothing)).toEqual([{ kind: 'create', attributes }]);
    expect(plan(target, { ...observed, remoteId: undefined }, nothing)).toEqual([
      { kind: 'create', attributes },
    ]);
  });

  test('gets none while inactive', () => {
    expect(plan({ ...target, active: false }, undefined, nothing)).toEqual([]);
  });

  test('gets one with the defaults, and without a list that has nothing on it', () => {
    const wanted = {
      ...target,
      attributes: { ...attributes, secondary_emails: [] },
      defaults: { 'custom_fields.badge': 'none', job_title: 'Staff' },
    };
    expect(plan(wanted, undefined, nothing)).toEqual([
      { kind: 'create', attributes: { ...attributes, 'custom_fields.badge': 'none' } },
    ]);
  });

  test('gets one without what this account does not know', () => {
    const { job_title: _, ...rest } = attributes;
    expect(plan(target, undefined, new Set(['job_title']))).toEqual([{ kind: 'create', attributes: rest }]);
  });
});

describe('a person with an account', () => {
  test('costs nothing when in step', () => {
    expect(plan(target, observed, nothing)).toEqual([]);
  });

  test('is changed in what differs only', () => {
    const changed = { ...target, attributes: { ...attributes, job_title: 'Lead' } };
    expect(plan(changed, observed, nothing)).toEqual([{ kind: 'update', attributes: { job_title: 'Lead' } }]);
  });

  test('loses what Entra no longer has a value for, but never its name and address', () => {
    expect(plan({ ...target, attributes: {} }, observed, nothing)).toEqual([
      { kind: 'update', attributes: { job_title: null, last_name: null } },
    ]);
  });

  test('gets the default in place of nothing', () => {
    const cleared = { ...target, attributes: {}, defaults: { job_title: 'Staff' } };
    expect(plan(cleared, observed, nothing)).toEqual([
      { kind: 'update', attributes: { job_title: 'Staff', last_name: null } },
    ]);
  });

  test('keeps language and time zone, since nobody is without', () => {
    const shown = { ...observed.values, language: 'de', time_zone: 'Berlin' };
    const seen = { ...observed, values: shown, ours: [...observed.ours, 'language', 'time_zone'] };
    expect(plan(target, seen, nothing)).toEqual([]);
  });

  test('keeps the other addresses that people gave it, unless it is an agent, who has one', () => {
    const wanted = { ...target, attributes: { ...attributes, secondary_emails: ['i@larkspur.example'] } };
    const seen = { ...observed, values: { ...observed.values, secondary_emails: ['old@thrift.example'] } };
    expect(plan(wanted, seen, nothing)).toEqual([
      { kind: 'update', attributes: { secondary_emails: ['old@thrift.example', 'i@larkspur.example'] } },
    ]);
    expect(plan(wanted, { ...observed, kind: 'agent' }, nothing)).toEqual([]);
  });

  test('keeps what Entra never named', () => {
    const seen = { ...observed, values: { ...observed.values, mobile_phone_number: '1' } };
    expect(plan(target, seen, nothing)).toEqual([]);
  });

  test('loses what the mapping has and Entra not, if the account was there before us', () => {
    const values = { ...observed.values, address: 'Pier 3', 'custom_fields.Badge': 'b-1' };
    const mapped = { ...target, learned: ['address', 'location_id', 'custom_fields.badge', 'job_title'] };
    expect(plan(mapped, { ...observed, values }, nothing)).toEqual([]);
    expect(plan(mapped, { ...observed, values, adopted: true }, nothing)).toEqual([
      { kind: 'update', attributes: { address: null, 'custom_fields.Badge': null } },
    ]);
  });

  test('keeps the flags that an update would reset', () => {
    const flags = { can_see_all_tickets_from_associated_departments: true };
    const seen = { ...observed, values: { ...observed.values, ...flags, job_title: 'Intern' } };
    expect(plan(target, seen, nothing)).toEqual([
      { kind: 'update', attributes: { job_title: 'Field Engineer', ...flags } },
    ]);
    expect(plan(target, { ...seen, values: { ...observed.values, ...flags } }, nothing)).toEqual([]);
  });

  test('is not sent again what Freshservice keeps otherwise, until either side moves', () => {
    const echoes = { job_title: { sent: 'Field Engineer', got: 'Field Eng' } };
    const capped = { ...observed, values: { ...observed.values, job_title: 'Field Eng' }, echoes };
    expect(plan(target, capped, nothing)).toEqual([]);
    const moved = { ...target, attributes: { ...attributes, job_title: 'Lead' } };
    expect(plan(moved, capped, nothing)).toHaveLength(1);
    const drifted = { ...capped, values: { ...capped.values, job_title: 'Intern' } };
    expect(plan(target, drifted, nothing)).toHaveLength(1);
  });
});

describe('a leaver', () => {
  const leaver = { ...target, active: false };

  test('is deactivated and not changed otherwise', () => {
    const seen = { ...observed, values: { ...observed.values, job_title: 'Intern' } };
    expect(plan(leaver, seen, nothing)).toEqual([{ kind: 'deactivate' }]);
  });

  test('is done only when the account is seen to be inactive', () => {
    expect(plan(leaver, { ...observed, active: undefined }, nothing)).toEqual([{ kind: 'deactivate' }]);
    expect(plan(leaver, { ...observed, active: false }, nothing)).toEqual([]);
  });

  test('who comes back is reactivated before anything is changed', () => {
    const gone = { ...observed, active: false, values: { ...observed.values, job_title: null } };
    expect(plan(target, gone, nothing)).toEqual([
      { kind: 'reactivate' },
      { kind: 'update', attributes: { job_title: 'Field Engineer' } },
    ]);
  });
});
