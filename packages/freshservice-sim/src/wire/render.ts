// Stored people as requesters and agents on the wire.
import { DEPARTMENTS, LOCATIONS } from '../account/catalog.ts';
import type { User } from '../account/user.ts';

const DEPARTMENT_NAMES = new Map(DEPARTMENTS.map(({ id, name }) => [id, name]));
const LOCATION_NAMES = new Map(LOCATIONS.map(({ id, name }) => [id, name]));

/** The person as a requester; agents too have this form in lists with `include_agents`. */
export function renderRequester(user: User): Record<string, unknown> {
  return {
    id: user.id,
    is_agent: user.is_agent,
    ...shared(user),
    primary_email: user.primary_email,
    secondary_emails: user.is_agent ? [] : user.secondary_emails,
    work_schedule_id: user.work_schedule_id,
  };
}

/** The person as an agent. */
export function renderAgent(user: User): Record<string, unknown> {
  return {
    id: user.id,
    ...shared(user),
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

function shared(user: User): Record<string, unknown> {
  const departmentNames = user.department_ids.flatMap((id) => DEPARTMENT_NAMES.get(id) ?? []);
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
    location_name: user.location_id === null ? null : (LOCATION_NAMES.get(user.location_id) ?? null),
    background_information: user.background_information,
    custom_fields: user.custom_fields,
    vip_user: user.vip_user,
    external_id: user.external_id,
    active: user.active,
    has_logged_in: user.has_logged_in,
    created_at: user.created_at,
    updated_at: user.updated_at,
  };
}
