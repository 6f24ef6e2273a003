// What becomes of a person who is made an agent or a requester. The id and the profile stay.
import { SD_AGENT_ROLE_ID } from './catalog.ts';
import type { User } from './user.ts';

/** An occasional agent with the role SD Agent and no groups (API page, "Convert a requester to an agent"). */
export function toAgent(user: User): User {
  return {
    ...user,
    is_agent: true,
    occasional: true,
    roles: [
      { role_id: SD_AGENT_ROLE_ID, assignment_scope: 'entire_helpdesk', groups: [], workspace_id: null },
    ],
    member_of: [],
    observer_of: [],
    workspace_ids: [2],
    api_key_enabled: false,
  };
}

/** A requester who sees all tickets of the departments, as in the documented sample. */
export function toRequester(user: User): User {
  return {
    ...user,
    is_agent: false,
    occasional: false,
    roles: [],
    member_of: [],
    observer_of: [],
    workspace_ids: [],
    api_key_enabled: false,
    can_see_all_tickets_from_associated_departments: true,
  };
}
