// One person of the account, requester or agent: the attributes as stored. Both kinds share one table and one id
// sequence, and keep their id when converted. Records are never changed in place.
import { z } from 'zod';

const roleSchema = z.strictObject({
  role_id: z.number().int(),
  assignment_scope: z.enum(['entire_helpdesk', 'member_groups', 'specified_groups', 'assigned_items']),
  groups: z.array(z.number().int()),
  workspace_id: z.number().int().nullable(),
});

/** A role as an agent holds it. */
export type RoleAssignment = z.infer<typeof roleSchema>;

const text = z.string().nullable();
const id = z.number().int().nullable();

/** The stored form, which the state file and the control plane use; the wire forms are made in `wire/render.ts`. */
export const userSchema = z.strictObject({
  id: z.number().int(),
  is_agent: z.boolean(),
  active: z.boolean(),
  first_name: z.string(),
  last_name: text,
  job_title: text,
  /** Of agents too, whose wire form calls it `email`. Lower case. */
  primary_email: text,
  secondary_emails: z.array(z.string()),
  work_phone_number: text,
  mobile_phone_number: text,
  department_ids: z.array(z.number().int()),
  can_see_all_tickets_from_associated_departments: z.boolean(),
  can_see_all_changes_from_associated_departments: z.boolean(),
  reporting_manager_id: id,
  address: text,
  time_zone: z.string(),
  time_format: z.enum(['12h', '24h']),
  language: z.string(),
  location_id: id,
  background_information: text,
  custom_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  vip_user: z.boolean(),
  work_schedule_id: id,
  external_id: text,
  has_logged_in: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  // Agents only; they keep their defaults on requesters.
  occasional: z.boolean(),
  roles: z.array(roleSchema),
  member_of: z.array(z.number().int()),
  observer_of: z.array(z.number().int()),
  scoreboard_level_id: z.number().int(),
  signature: text,
  workspace_ids: z.array(z.number().int()),
  api_key_enabled: z.boolean(),
  license_type: text,
});

/** A stored person. */
export type User = z.infer<typeof userSchema>;

/** A person as it is before anything was said about it. */
export function blankUser(identity: { id: number; isAgent: boolean; at: string }): User {
  return {
    id: identity.id,
    is_agent: identity.isAgent,
    active: true,
    first_name: '',
    last_name: null,
    job_title: null,
    primary_email: null,
    secondary_emails: [],
    work_phone_number: null,
    mobile_phone_number: null,
    department_ids: [],
    can_see_all_tickets_from_associated_departments: false,
    can_see_all_changes_from_associated_departments: false,
    reporting_manager_id: null,
    address: null,
    time_zone: 'London',
    time_format: '12h',
    language: 'en',
    location_id: null,
    background_information: null,
    custom_fields: {},
    vip_user: false,
    work_schedule_id: null,
    external_id: null,
    has_logged_in: false,
    created_at: identity.at,
    updated_at: identity.at,
    occasional: false,
    roles: [],
    member_of: [],
    observer_of: [],
    scoreboard_level_id: 1,
    signature: null,
    workspace_ids: [],
    api_key_enabled: false,
    license_type: null,
  };
}
