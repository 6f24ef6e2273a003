// Stored records as they are on the wire: requesters, agents, departments, locations.
import type { Account } from '../account/account.ts';
import { fieldsOfKind } from '../account/custom-field.ts';
import type { Department } from '../account/department.ts';
import type { Location } from '../account/location.ts';
import type { User } from '../account/user.ts';
import type { Knobs } from '../knobs.ts';

/** What a record is shown in: names come from the account, quirks from the knobs. */
export interface Surroundings {
  readonly account: Account;
  readonly knobs: Knobs;
}

/** The workspace that departments and locations of one company are in. */
const WORKSPACE_ID = 1;

/** The person as a requester; agents too have this form in lists with `include_agents`. */
export function renderRequester(user: User, around: Surroundings): Record<string, unknown> {
  return {
    id: user.id,
    is_agent: user.is_agent,
    ...shared(user, around),
    primary_email: user.primary_email,
    secondary_emails: user.is_agent ? [] : user.secondary_emails,
    work_schedule_id: user.work_schedule_id,
  };
}

/** The person as an agent. */
export function renderAgent(user: User, around: Surroundings): Record<string, unknown> {
  return {
    id: user.id,
    ...shared(user, around),
    email: user.primary_email,
    occasional: user.occasional,
    scoreboard_level_id: user.scoreboard_level_id,
    scoreboard_points: null,
    member_of: user.member_of,
    observer_of: user.observer_of,
    member_of_pending_approval: [],
    observer_of_pending_approval: [],
    roles: user.roles,
    signature: user.signature,
    last_login_at: null,
    last_active_at: null,
    auto_assign_tickets: true,
    auto_assign_status_changed_at: null,
    api_key_enabled: user.api_key_enabled,
    license_type: user.license_type,
    workspace_ids: user.workspace_ids,
    workspace_info: user.workspace_ids.map((workspace_id) => ({
      workspace_id,
      points: null,
      scoreboard_level_id: user.scoreboard_level_id,
    })),
  };
}

/** A department; the names of its people are of now. */
export function renderDepartment(department: Department, { account }: Surroundings): Record<string, unknown> {
  return {
    id: department.id,
    name: department.name,
    description: department.description,
    head_user_id: department.head_user_id,
    head_name: personName(account, department.head_user_id),
    prime_user_id: department.prime_user_id,
    prime_user_name: personName(account, department.prime_user_id),
    domains: department.domains,
    custom_fields: department.custom_fields,
    workspace_id: WORKSPACE_ID,
    created_at: department.created_at,
    updated_at: department.updated_at,
  };
}

/** A location, with its address nested. */
export function renderLocation(location: Location): Record<string, unknown> {
  const { created_at, updated_at, ...rest } = location;
  return { ...rest, workspace_id: WORKSPACE_ID, created_at, updated_at };
}

function shared(user: User, { account, knobs }: Surroundings): Record<string, unknown> {
  const departmentNames = user.department_ids.flatMap((id) => account.departments.get(id)?.name ?? []);
  return {
    first_name: user.first_name,
    last_name: user.last_name,
    job_title: user.job_title,
    work_phone_number: user.work_phone_number,
    mobile_phone_number: user.mobile_phone_number,
    department_ids: user.department_ids,
    department_names: departmentNames.length === 0 ? null : departmentNames,
    can_see_all_tickets_from_associated_departments: user.can_see_all_tickets_from_associated_departments,
    can_see_all_changes_from_associated_departments: user.can_see_all_changes_from_associated_departments,
    reporting_manager_id: user.reporting_manager_id,
    address: user.address,
    time_zone: user.time_zone,
    time_format: user.time_format,
    language: user.language,
    location_id: user.location_id,
    location_name: user.location_id === null ? null : (account.locations.get(user.location_id)?.name ?? null),
    background_information: user.background_information,
    custom_fields: customFields(user, account, knobs),
    vip_user: user.vip_user,
    external_id: user.external_id,
    active: user.active,
    has_logged_in: user.has_logged_in,
    created_at: user.created_at,
    updated_at: user.updated_at,
  };
}

function customFields(user: User, account: Account, knobs: Knobs): User['custom_fields'] | null {
  if (knobs.customFieldsShown === 'all') {
    const fields = fieldsOfKind(account.fields.all(), user.is_agent ? 'agent' : 'requester');
    const unset = Object.fromEntries(fields.map(({ name }) => [name, null]));
    return { ...unset, ...user.custom_fields };
  }
  const isNone = Object.keys(user.custom_fields).length === 0;
  return isNone && knobs.customFieldsShown === 'nullWhenNone' ? null : user.custom_fields;
}

function personName(account: Account, id: number | null): string | null {
  const user = id === null ? undefined : account.users.get(id);
  return user === undefined
    ? null
    : [user.first_name, user.last_name].filter((name) => name !== null).join(' ');
}
