// What every new account has besides people: roles and workspaces, which never change, and the first departments,
// locations and custom fields.
import { blankCustomField, type CustomField } from './custom-field.ts';
import { blankDepartment, type Department } from './department.ts';
import { blankLocation, type Location } from './location.ts';

const MADE_AT = '2025-01-09T10:00:00Z';
const MADE_AT_MS = '2025-01-09T10:00:00.000Z';

/** A role as `GET /roles` shows it; `role_type` 1 is an administrator's, 2 an agent's. */
export interface Role {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly default: boolean;
  readonly role_type: 1 | 2;
  readonly scopes: Readonly<Record<string, string>>;
  readonly created_at: string;
  readonly updated_at: string;
}

function role(id: number, name: string, roleType: 1 | 2): Role {
  return {
    id,
    name,
    description: `${name} of this account`,
    default: true,
    role_type: roleType,
    scopes: { ticket: 'Global Access' },
    created_at: MADE_AT,
    updated_at: MADE_AT,
  };
}

/** The id of the role that conversion gives. */
export const SD_AGENT_ROLE_ID = 21_000_120_404;
/** The id of the role of the agent that owns the API key. */
export const ACCOUNT_ADMIN_ROLE_ID = 21_000_120_401;

/** The usual default roles. */
export const ROLES: readonly Role[] = [
  role(ACCOUNT_ADMIN_ROLE_ID, 'Account Admin', 1),
  role(21_000_120_402, 'Admin', 1),
  role(21_000_120_403, 'SD Supervisor', 2),
  role(SD_AGENT_ROLE_ID, 'SD Agent', 2),
  role(21_000_120_405, 'Problem Manager', 2),
  role(21_000_120_406, 'Change Manager', 2),
  role(21_000_120_407, 'Release Manager', 2),
];

/** Workspaces that agents can be in; 2 is the primary one. */
export const WORKSPACE_IDS: ReadonlySet<number> = new Set([2]);

/** Departments of a new account. */
export const FIRST_DEPARTMENTS: readonly Department[] = [
  department(21_000_117_801, 'Finance'),
  department(21_000_117_802, 'Operations'),
  department(21_000_117_803, 'People & Culture'),
];

/** Locations of a new account. */
export const FIRST_LOCATIONS: readonly Location[] = [
  location(21_000_090_200, 'UK', null),
  location(21_000_090_210, 'Leeds', 21_000_090_200),
  location(21_000_090_220, 'Zürich', null),
];

/** Custom fields of a new account. */
export const FIRST_FIELDS: readonly CustomField[] = [
  field(21_000_000_401, 'cost_centre', 'Cost centre', 'custom_text'),
  field(21_000_000_402, 'contractor', 'Contractor', 'custom_checkbox'),
];

/** The time at which everything here was made. */
export const CATALOG_MADE_AT = MADE_AT;

function department(id: number, name: string): Department {
  return { ...blankDepartment({ id, at: MADE_AT_MS }), name };
}

function location(id: number, name: string, parentId: number | null): Location {
  return { ...blankLocation({ id, at: MADE_AT }), name, parent_location_id: parentId };
}

function field(id: number, name: string, label: string, type: CustomField['type']): CustomField {
  return { ...blankCustomField({ id, at: MADE_AT }), name, label, type };
}
