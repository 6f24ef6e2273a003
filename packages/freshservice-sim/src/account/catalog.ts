// The parts of an account that these routes only read: roles, departments, locations, workspaces, custom fields.

const MADE_AT = '2025-01-09T10:00:00Z';

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

/** A department or location, as far as people refer to it. */
export interface Place {
  readonly id: number;
  readonly name: string;
  readonly parentId: number | null;
}

/** A field that the company has added to people. */
export interface CustomField {
  readonly name: string;
  readonly label: string;
  readonly type: 'custom_text' | 'custom_checkbox';
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

/** Departments of a new account. */
export const DEPARTMENTS: readonly Place[] = [
  { id: 21_000_117_801, name: 'Finance', parentId: null },
  { id: 21_000_117_802, name: 'Operations', parentId: null },
  { id: 21_000_117_803, name: 'People & Culture', parentId: null },
];

/** Locations of a new account. */
export const LOCATIONS: readonly Place[] = [
  { id: 21_000_090_200, name: 'UK', parentId: null },
  { id: 21_000_090_210, name: 'Leeds', parentId: 21_000_090_200 },
  { id: 21_000_090_220, name: 'Zürich', parentId: null },
];

/** Workspaces that agents can be in; 2 is the primary one. */
export const WORKSPACE_IDS: ReadonlySet<number> = new Set([2]);

/** Custom fields of people. */
export const CUSTOM_FIELDS: readonly CustomField[] = [
  { name: 'cost_centre', label: 'Cost centre', type: 'custom_text' },
  { name: 'contractor', label: 'Contractor', type: 'custom_checkbox' },
];

/** The time at which everything in this catalogue was made. */
export const CATALOG_MADE_AT = MADE_AT;
