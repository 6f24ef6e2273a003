// Which attributes people have on the wire: what may be written, as what type, and what is read-only.
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
  | 'location'
  | 'departments'
  | 'ids'
  | 'workspaces'
  | 'level'
  | 'timeZone'
  | 'timeFormat'
  | 'language'
  | 'customFields'
  | 'roles';

/** One writable attribute. */
export interface Attribute {
  readonly type: AttributeType;
  /** Where it is stored. */
  readonly stored: keyof User;
  /** `always`: may not be blank. `create`: must be sent on create. */
  readonly isRequired: boolean;
  /** Whether writing it is undocumented (knob `undocumentedWrites`). */
  readonly isUndocumented: boolean;
}

function attribute(
  type: AttributeType,
  stored: keyof User,
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
  reporting_manager_id: attribute('person', 'reporting_manager_id'),
  address: attribute('longText', 'address'),
  time_zone: attribute('timeZone', 'time_zone'),
  time_format: attribute('timeFormat', 'time_format'),
  language: attribute('language', 'language'),
  location_id: attribute('location', 'location_id'),
  background_information: attribute('longText', 'background_information'),
  custom_fields: attribute('customFields', 'custom_fields'),
  external_id: attribute('text', 'external_id'),
  vip_user: attribute('flag', 'vip_user', { isUndocumented: true }),
};

/** Requester or agent. */
export type Kind = 'requester' | 'agent';

/** What may be written, by wire name. */
export const WRITABLE: Readonly<Record<Kind, Readonly<Record<string, Attribute>>>> = {
  requester: {
    ...SHARED,
    primary_email: attribute('email', 'primary_email'),
    secondary_emails: attribute('emails', 'secondary_emails'),
  },
  agent: {
    ...SHARED,
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
export const READ_ONLY: Readonly<Record<Kind, ReadonlySet<string>>> = {
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
};
