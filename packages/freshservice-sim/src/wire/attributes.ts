// Which attributes records have on the wire: what may be written, as what type, and what is read-only.
import type { Department } from '../account/department.ts';
import type { Location } from '../account/location.ts';
import type { User } from '../account/user.ts';

/** The type of a writable attribute. */
export type AttributeType =
  | 'text'
  | 'longText'
  | 'phone'
  | 'email'
  | 'emails'
  | 'flag'
  | 'person'
  | 'manager'
  | 'location'
  | 'parent'
  | 'departments'
  | 'domains'
  | 'postalAddress'
  | 'ids'
  | 'workspaces'
  | 'level'
  | 'timeZone'
  | 'timeFormat'
  | 'language'
  | 'requesterFields'
  | 'agentFields'
  | 'noCustomFields'
  | 'roles';

/** One writable attribute. */
export interface Attribute {
  readonly type: AttributeType;
  /** Where it is stored. */
  readonly stored: string;
  /** Must be sent on create, and may not be blank. */
  readonly isRequired: boolean;
  /** Whether writing it is undocumented (knob `undocumentedWrites`). */
  readonly isUndocumented: boolean;
}

function attribute(
  type: AttributeType,
  stored: string,
  marks: { isRequired?: boolean; isUndocumented?: boolean } = {},
): Attribute {
  return { type, stored, isRequired: false, isUndocumented: false, ...marks };
}

const SHARED: Readonly<Record<string, Attribute>> = {
  first_name: attribute('text', 'first_name', { isRequired: true }),
  last_name: attribute('text', 'last_name'),
  job_title: attribute('text', 'job_title'),
  work_phone_number: attribute('phone', 'work_phone_number'),
  mobile_phone_number: attribute('phone', 'mobile_phone_number'),
  department_ids: attribute('departments', 'department_ids'),
  can_see_all_tickets_from_associated_departments: attribute(
    'flag',
    'can_see_all_tickets_from_associated_departments',
  ),
  can_see_all_changes_from_associated_departments: attribute(
    'flag',
    'can_see_all_changes_from_associated_departments',
    { isUndocumented: true },
  ),
  reporting_manager_id: attribute('manager', 'reporting_manager_id'),
  address: attribute('longText', 'address'),
  time_zone: attribute('timeZone', 'time_zone'),
  time_format: attribute('timeFormat', 'time_format'),
  language: attribute('language', 'language'),
  location_id: attribute('location', 'location_id'),
  background_information: attribute('longText', 'background_information'),
  external_id: attribute('text', 'external_id'),
  vip_user: attribute('flag', 'vip_user', { isUndocumented: true }),
};

/** What each kind of record is stored as. */
export interface StoredRecords {
  readonly requester: User;
  readonly agent: User;
  readonly department: Department;
  readonly location: Location;
}

/** A kind of record that can be written. */
export type RecordKind = keyof StoredRecords;

/** Requester or agent. */
export type Kind = 'requester' | 'agent';

/** Whether records of this kind are people. */
export function isPersonKind(kind: RecordKind): kind is Kind {
  return kind === 'requester' || kind === 'agent';
}

/** What may be written, by wire name. */
export const WRITABLE: Readonly<Record<RecordKind, Readonly<Record<string, Attribute>>>> = {
  requester: {
    ...SHARED,
    custom_fields: attribute('requesterFields', 'custom_fields'),
    primary_email: attribute('email', 'primary_email'),
    secondary_emails: attribute('emails', 'secondary_emails'),
  },
  agent: {
    ...SHARED,
    custom_fields: attribute('agentFields', 'custom_fields'),
    email: attribute('email', 'primary_email', { isRequired: true }),
    occasional: attribute('flag', 'occasional'),
    roles: attribute('roles', 'roles', { isRequired: true }),
    member_of: attribute('ids', 'member_of'),
    observer_of: attribute('ids', 'observer_of'),
    scoreboard_level_id: attribute('level', 'scoreboard_level_id'),
    signature: attribute('longText', 'signature'),
    workspace_ids: attribute('workspaces', 'workspace_ids'),
    api_key_enabled: attribute('flag', 'api_key_enabled'),
    license_type: attribute('text', 'license_type', { isUndocumented: true }),
  },
  department: {
    name: attribute('text', 'name', { isRequired: true }),
    description: attribute('longText', 'description'),
    head_user_id: attribute('person', 'head_user_id'),
    prime_user_id: attribute('person', 'prime_user_id'),
    domains: attribute('domains', 'domains'),
    custom_fields: attribute('noCustomFields', 'custom_fields'),
  },
  location: {
    name: attribute('text', 'name', { isRequired: true }),
    parent_location_id: attribute('parent', 'parent_location_id'),
    primary_contact_id: attribute('person', 'primary_contact_id'),
    address: attribute('postalAddress', 'address'),
    contact_name: attribute('text', 'contact_name'),
    email: attribute('email', 'email'),
    phone: attribute('phone', 'phone'),
  },
};

const SHARED_READ_ONLY = [
  'id',
  'has_logged_in',
  'created_at',
  'updated_at',
  'department_names',
  'location_name',
  'work_schedule_id',
];

/** What is answered but may not be sent; `active` has a knob of its own. */
export const READ_ONLY: Readonly<Record<RecordKind, ReadonlySet<string>>> = {
  requester: new Set([...SHARED_READ_ONLY, 'is_agent']),
  agent: new Set([
    ...SHARED_READ_ONLY,
    'workspace_info',
    'scoreboard_points',
    'member_of_pending_approval',
    'observer_of_pending_approval',
    'last_login_at',
    'last_active_at',
    'auto_assign_tickets',
    'auto_assign_status_changed_at',
  ]),
  department: new Set(['id', 'head_name', 'prime_user_name', 'workspace_id', 'created_at', 'updated_at']),
  location: new Set(['id', 'workspace_id', 'created_at', 'updated_at']),
};
