// One written value: its type, length, choice or reference. Returns what is stored.
import type { Account } from '../account/account.ts';
import { fieldsOfKind } from '../account/custom-field.ts';
import { BLANK_ADDRESS } from '../account/location.ts';
import type { User } from '../account/user.ts';
import type { Knobs } from '../knobs.ts';
import type { Attribute, AttributeType, Kind, RecordKind, StoredRecords } from './attributes.ts';
import { LANGUAGES, TIME_FORMATS, TIME_ZONES } from './choices.ts';
import { readCustomFields } from './custom-field-values.ts';
import {
  blank,
  choice,
  email,
  flag,
  isBlank,
  isObject,
  list,
  longText,
  mismatch,
  phone,
  positiveInteger,
  readMembers,
  shortText,
  text,
  wrong,
} from './primitives.ts';
import { departments, location, manager, parent, person, roleAssignment, workspaces } from './references.ts';

/** Where a value is written. */
export interface WriteContext {
  readonly account: Account;
  readonly knobs: Knobs;
  /** The record before the call; absent on create. */
  readonly previous?: StoredRecords[RecordKind] | undefined;
}

type Reader = (value: unknown, context: WriteContext) => unknown;

const SECONDARY_MAX = 10;
/** Cleared to their default, since these columns are never empty. */
const DEFAULTS: Partial<Record<AttributeType, unknown>> = {
  timeZone: 'London',
  timeFormat: '12h',
  language: 'en',
  flag: false,
  level: 1,
  postalAddress: BLANK_ADDRESS,
};
/** Lists and objects are cleared by an empty one. */
const NOT_NULLABLE: ReadonlySet<AttributeType> = new Set([
  'emails',
  'departments',
  'domains',
  'ids',
  'workspaces',
  'roles',
  'requesterFields',
  'agentFields',
  'noCustomFields',
]);

const READERS: Readonly<Record<AttributeType, Reader>> = {
  text: (value, { knobs }) => shortText(value, knobs),
  longText,
  phone: (value, { knobs }) => phone(value, knobs),
  email: (value, { knobs }) => email(value, knobs),
  emails: (value, { knobs }) => {
    const addresses = list(value).map((item) => email(item, knobs));
    if (addresses.length > SECONDARY_MAX) throw wrong(`It should have at most ${SECONDARY_MAX} elements`);
    return [...new Set(addresses)];
  },
  flag,
  person: (value, { account }) => person(value, account),
  manager: (value, { account, knobs, previous }) => manager(value, account, knobs, previous?.id),
  location: (value, { account }) => location(value, account),
  parent: (value, { account, previous }) => parent(value, account, previous?.id),
  departments: (value, { account }) => departments(value, account),
  domains: (value) => [...new Set(list(value).map(domain))],
  postalAddress,
  ids: (value) => [...new Set(list(value).map(positiveInteger))],
  workspaces,
  level: (value) => {
    const level = positiveInteger(value);
    if (level > 6) throw wrong('It should be between 1 and 6');
    return level;
  },
  timeZone: (value, { knobs }) =>
    knobs.timeZones === 'anything' ? shortText(value, knobs) : choice(value, TIME_ZONES),
  timeFormat: (value) => choice(value, TIME_FORMATS),
  language: (value, { knobs }) =>
    knobs.languages === 'anything' ? shortText(value, knobs) : choice(value, LANGUAGES),
  requesterFields: (value, context) => customFields(value, 'requester', context),
  agentFields: (value, context) => customFields(value, 'agent', context),
  // The names were checked before: there are none.
  noCustomFields: (value) => {
    if (!isObject(value)) throw mismatch('Hash');
    return {};
  },
  roles: (value) => list(value).map(roleAssignment),
};

/**
 * Reads one value for an attribute. Blank text and `null` clear it.
 * @throws {ValueError} `missing_field`, `datatype_mismatch` or `invalid_value`
 * @throws {MemberErrors} when members of an object are refused
 */
export function readValue(attribute: Attribute, value: unknown, context: WriteContext): unknown {
  const { type, isRequired } = attribute;
  if (isBlank(value) && isRequired) throw blank();
  if (value === null && (NOT_NULLABLE.has(type) || context.knobs.nullScalars === 'datatype_mismatch')) {
    throw mismatch(NOT_NULLABLE.has(type) ? 'Array' : 'String');
  }
  if (isBlank(value)) return DEFAULTS[type] ?? null;
  const read = READERS[type](value, context);
  if (isRequired && Array.isArray(read) && read.length === 0) throw blank();
  return read;
}

/** The members that an object of this type may have; undefined when it is not such an object. */
export function memberNames(type: AttributeType, account: Account): readonly string[] | undefined {
  const namesOf = (kind: Kind): string[] => fieldsOfKind(account.fields.all(), kind).map(({ name }) => name);
  if (type === 'requesterFields') return namesOf('requester');
  if (type === 'agentFields') return namesOf('agent');
  if (type === 'noCustomFields') return [];
  return type === 'postalAddress' ? Object.keys(BLANK_ADDRESS) : undefined;
}

function customFields(
  value: unknown,
  kind: Kind,
  { account, knobs, previous }: WriteContext,
): User['custom_fields'] {
  return readCustomFields(value, {
    fields: fieldsOfKind(account.fields.all(), kind),
    knobs,
    previous: previous !== undefined && 'custom_fields' in previous ? previous.custom_fields : undefined,
  });
}

/** Members that are not sent keep what they are. */
function postalAddress(value: unknown, { knobs, previous }: WriteContext): unknown {
  if (!isObject(value)) throw mismatch('Hash');
  const before =
    previous !== undefined && 'parent_location_id' in previous ? previous.address : BLANK_ADDRESS;
  return {
    ...before,
    ...readMembers(value, (_name, line) => (isBlank(line) ? null : shortText(line, knobs))),
  };
}

function domain(value: unknown): string {
  const name = text(value).trim().toLowerCase();
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name)) throw wrong('It should be a valid domain');
  return name;
}
