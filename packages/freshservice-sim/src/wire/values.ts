// One written value: its type, length, choice or reference. Returns what is stored.
import type { Account } from '../account/account.ts';
import { CUSTOM_FIELDS, DEPARTMENTS, LOCATIONS, ROLES, WORKSPACE_IDS } from '../account/catalog.ts';
import type { RoleAssignment, User } from '../account/user.ts';
import type { Knobs } from '../knobs.ts';
import type { Attribute, AttributeType } from './attributes.ts';
import { LANGUAGES, TIME_ZONES } from './choices.ts';

/** Where a value is written. */
export interface WriteContext {
  readonly account: Account;
  readonly knobs: Knobs;
  /** The person before the call; absent on create. */
  readonly previous?: User | undefined;
}

/** Why a value is refused. */
export class ValueError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Reader = (value: unknown, context: WriteContext) => unknown;

const LONG_TEXT_MAX = 65_535;
const SECONDARY_MAX = 10;
const SCOPES = ['entire_helpdesk', 'member_groups', 'specified_groups', 'assigned_items'] as const;
/** Cleared to their default, since these columns are never empty. */
const DEFAULTS: Partial<Record<AttributeType, unknown>> = {
  timeZone: 'London',
  timeFormat: '12h',
  language: 'en',
  flag: false,
  level: 1,
};
const NOT_NULLABLE: ReadonlySet<AttributeType> = new Set([
  'emails',
  'departments',
  'ids',
  'workspaces',
  'roles',
  'customFields',
]);

const READERS: Readonly<Record<AttributeType, Reader>> = {
  text: (value, { knobs }) => cap(text(value), knobs),
  longText: (value) => {
    const read = text(value);
    if (read.length > LONG_TEXT_MAX) throw tooLong(LONG_TEXT_MAX);
    return read;
  },
  phone: (value, { knobs }) => cap(typeof value === 'number' ? String(value) : text(value), knobs),
  email,
  emails: (value, context) => {
    const addresses = list(value).map((item) => email(item, context));
    if (addresses.length > SECONDARY_MAX) throw wrong(`It should have at most ${SECONDARY_MAX} elements`);
    return [...new Set(addresses)];
  },
  flag: (value) => {
    if (typeof value !== 'boolean') throw mismatch('Boolean');
    return value;
  },
  person: (value, { account, previous }) => {
    const id = positiveInteger(value);
    if (account.users.get(id) === undefined || id === previous?.id) throw wrong('There is no such person');
    return id;
  },
  location: (value) => known(positiveInteger(value), LOCATIONS, 'location'),
  departments: (value) => [
    ...new Set(list(value).map((item) => known(positiveInteger(item), DEPARTMENTS, 'department'))),
  ],
  ids: (value) => [...new Set(list(value).map(positiveInteger))],
  workspaces: (value) =>
    list(value).map((item) => {
      const id = positiveInteger(item);
      if (!WORKSPACE_IDS.has(id)) throw wrong('There is no such workspace');
      return id;
    }),
  level: (value) => {
    const level = positiveInteger(value);
    if (level > 6) throw wrong('It should be between 1 and 6');
    return level;
  },
  timeZone: (value) => choice(text(value), TIME_ZONES),
  timeFormat: (value) => choice(text(value), new Set(['12h', '24h'])),
  language: (value) => choice(text(value), LANGUAGES),
  customFields,
  roles: (value) => list(value).map(roleAssignment),
};

/**
 * Reads one value for an attribute. Blank text and `null` clear it.
 * @throws {ValueError} `missing_field`, `datatype_mismatch`, `invalid_value` or `invalid_field`
 */
export function readValue(attribute: Attribute, value: unknown, context: WriteContext): unknown {
  const { type, isRequired } = attribute;
  const isBlank = value === null || (typeof value === 'string' && value.trim() === '');
  if (isBlank && isRequired) throw new ValueError('missing_field', 'It should not be blank');
  if (value === null && (NOT_NULLABLE.has(type) || context.knobs.nullScalars === 'datatype_mismatch')) {
    throw mismatch(NOT_NULLABLE.has(type) ? 'Array' : 'String');
  }
  if (isBlank) return DEFAULTS[type] ?? null;
  const read = READERS[type](value, context);
  if (isRequired && Array.isArray(read) && read.length === 0) {
    throw new ValueError('missing_field', 'It should not be blank');
  }
  return read;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw mismatch('String');
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw mismatch('Array');
  return value;
}

function positiveInteger(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw mismatch('Positive Integer');
  return value;
}

function cap(value: string, knobs: Knobs): string {
  if (knobs.maxLen === 'off' || value.length <= knobs.maxLen) return value;
  if (knobs.overLength === 'truncate') return value.slice(0, knobs.maxLen);
  throw tooLong(knobs.maxLen);
}

function email(value: unknown, { knobs }: WriteContext): string {
  const address = text(value).trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw wrong('It should be a valid email address');
  if (knobs.maxLen !== 'off' && address.length > knobs.maxLen) throw tooLong(knobs.maxLen);
  return address;
}

function choice(value: string, choices: ReadonlySet<string>): string {
  if (!choices.has(value)) throw wrong('It should be one of the choice value.');
  return value;
}

function known(id: number, places: readonly { id: number }[], what: string): number {
  if (!places.some((place) => place.id === id)) throw wrong(`There is no such ${what}`);
  return id;
}

function customFields(value: unknown, { knobs, previous }: WriteContext): User['custom_fields'] {
  if (!isObject(value)) throw mismatch('Hash');
  const fields: User['custom_fields'] = {};
  if (knobs.customFieldsMerge === 'merge') Object.assign(fields, previous?.custom_fields);
  for (const [name, entry] of Object.entries(value)) {
    const field = CUSTOM_FIELDS.find((custom) => custom.name === name);
    if (field === undefined) throw new ValueError('invalid_field', `There is no custom field ${name}`);
    const expected = field.type === 'custom_checkbox' ? 'boolean' : 'string';
    if (entry === null) fields[name] = null;
    else if (typeof entry === expected) fields[name] = entry as string | boolean;
    else throw mismatch(expected === 'boolean' ? 'Boolean' : 'String');
  }
  return fields;
}

function roleAssignment(value: unknown): RoleAssignment {
  if (!isObject(value)) throw mismatch('Hash');
  const role_id = known(positiveInteger(value['role_id']), ROLES, 'role');
  const assignment_scope = SCOPES.find((scope) => scope === value['assignment_scope']);
  if (assignment_scope === undefined) throw wrong('It should be one of the choice value.');
  const groups = list(value['groups'] ?? []).map(positiveInteger);
  if (groups.length > 0 && assignment_scope !== 'specified_groups') {
    throw wrong('groups go only with specified_groups');
  }
  const workspace = value['workspace_id'] ?? null;
  return {
    role_id,
    assignment_scope,
    groups,
    workspace_id: workspace === null ? null : positiveInteger(workspace),
  };
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(text: string): ValueError {
  return new ValueError('invalid_value', text);
}

function mismatch(type: string): ValueError {
  return new ValueError('datatype_mismatch', `It should be a/an ${type}`);
}

function tooLong(max: number): ValueError {
  return wrong(`It should have at most ${max} characters`);
}
