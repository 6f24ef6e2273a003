/** What Entra finds of a person whom a listing shows. */
import { parseRequesterId, type Requester } from '@fresh-scim/freshservice';
import { describe, expect, test } from 'vitest';
import { toTarget } from './target.ts';
import { toListedSnapshot, toUnmanaged } from './unmanaged.ts';

const nobody: Requester = {
  id: parseRequesterId(7),
  is_agent: false,
  active: true,
  first_name: null,
  last_name: null,
  job_title: null,
  primary_email: 'ines@larkspur.example',
  secondary_emails: [],
  work_phone_number: null,
  mobile_phone_number: null,
  department_ids: [],
  can_see_all_tickets_from_associated_departments: null,
  can_see_all_changes_from_associated_departments: null,
  reporting_manager_id: null,
  address: null,
  time_zone: null,
  time_format: null,
  language: null,
  location_id: null,
  background_information: null,
  custom_fields: {},
  external_id: null,
};
const ines: Requester = {
  ...nobody,
  first_name: 'Ines',
  last_name: 'Okafor',
  job_title: 'Engineer',
  work_phone_number: '+351 21 555 0199',
  external_id: 'e-1',
};

describe('toUnmanaged', () => {
  test('carries what Freshservice shows, and nothing that is empty', () => {
    expect(toUnmanaged(ines)).toEqual({
      userName: 'ines@larkspur.example',
      externalId: 'e-1',
      active: true,
      displayName: 'Ines Okafor',
      name: { givenName: 'Ines', familyName: 'Okafor' },
      title: 'Engineer',
      emails: [{ type: 'work', primary: true, value: 'ines@larkspur.example' }],
      phoneNumbers: [{ type: 'work', value: '+351 21 555 0199' }],
    });
    expect(toUnmanaged({ ...nobody, active: false, job_title: '  ' })).toEqual({
      userName: 'ines@larkspur.example',
      active: false,
      emails: [{ type: 'work', primary: true, value: 'ines@larkspur.example' }],
    });
  });

  test('has nothing to tell of a person without an address', () => {
    expect(toUnmanaged({ ...ines, primary_email: null })).toBeUndefined();
    expect(toUnmanaged({ ...ines, primary_email: ' ' })).toBeUndefined();
  });

  test('and the snapshot say the same: who is claimed as shown is in step', () => {
    const user = toUnmanaged(ines);
    if (!user) throw new Error('not shown');
    const { attributes } = toTarget(user, { email: 'userName', departments: 'replace' });
    expect(toListedSnapshot(ines, undefined, 5).values).toMatchObject(attributes);
  });
});

test('an agent is kept as the agent that it is', () => {
  expect(toListedSnapshot({ ...ines, is_agent: true }, undefined, 5)).toMatchObject({
    remoteId: 7,
    kind: 'agent',
    values: { primary_email: 'ines@larkspur.example', job_title: 'Engineer' },
  });
});
