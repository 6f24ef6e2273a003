// The routes that only read what the account was set up with: roles, fields, departments, locations.
import { CATALOG_MADE_AT, CUSTOM_FIELDS, DEPARTMENTS, LOCATIONS, ROLES } from '../account/catalog.ts';
import { type Answer, notFound } from '../wire/answers.ts';
import { type Kind, WRITABLE } from '../wire/attributes.ts';
import { LANGUAGES, TIME_ZONES } from '../wire/choices.ts';
import { linkHeader, readPage } from '../wire/paging.ts';
import type { Call, Route } from './route.ts';

const PAGING = ['page', 'per_page'];

/** Read-only routes besides people. */
export const CATALOG_ROUTES: readonly Route[] = [
  {
    name: 'roles.list',
    method: 'GET',
    path: '/roles',
    permission: 'roles.view',
    parameters: PAGING,
    run: (call) => list(call, 'roles', ROLES),
  },
  { name: 'roles.get', method: 'GET', path: '/roles/:id', permission: 'roles.view', run: getRole },
  {
    name: 'requesterFields.list',
    method: 'GET',
    path: '/requester_fields',
    permission: 'fields.view',
    parameters: ['include'],
    run: () => ({ status: 200, json: { requester_fields: requesterFields() } }),
  },
  {
    name: 'agentFields.list',
    method: 'GET',
    path: '/agent_fields',
    permission: 'fields.view',
    run: () => ({ status: 200, json: { agent_fields: agentFields() } }),
  },
  {
    name: 'departments.list',
    method: 'GET',
    path: '/departments',
    permission: 'departments.view',
    parameters: PAGING,
    run: (call) => list(call, 'departments', DEPARTMENTS.map(toDepartment)),
  },
  {
    name: 'locations.list',
    method: 'GET',
    path: '/locations',
    permission: 'locations.view',
    parameters: PAGING,
    run: (call) => list(call, 'locations', LOCATIONS.map(toLocation)),
  },
];

function list(call: Call, plural: string, rows: readonly unknown[]): Answer {
  const page = readPage(call.query);
  return {
    status: 200,
    json: { [plural]: rows.slice(page.offset, page.offset + page.perPage) },
    headers: linkHeader(call.url, page, rows.length),
  };
}

function getRole(call: Call): Answer {
  const role = ROLES.find(({ id }) => id === call.id);
  if (role === undefined) throw notFound(call.knobs);
  return { status: 200, json: { role } };
}

interface FieldSketch {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly isDefault: boolean;
  readonly isRequired: boolean;
  readonly choices: unknown;
}

/** Fields as both lists need them: those of people, then those that the company added. */
function sketches(kind: Kind): FieldSketch[] {
  const own = Object.entries(WRITABLE[kind])
    .filter(([name]) => name !== 'custom_fields')
    .map(([name, { isRequired }]) => ({
      name,
      label: name.replaceAll('_', ' '),
      type: `default_${name}`,
      isDefault: true,
      isRequired,
      choices: choicesOf(name),
    }));
  const added = CUSTOM_FIELDS.map((field) => ({
    ...field,
    isDefault: false,
    isRequired: false,
    choices: [],
  }));
  return [...own, ...added];
}

function choicesOf(name: string): unknown {
  if (name === 'language') return Object.fromEntries([...LANGUAGES].map((code) => [code, code]));
  if (name === 'time_zone') return Object.fromEntries([...TIME_ZONES].map((zone) => [zone, zone]));
  return [];
}

function requesterFields(): object[] {
  return sketches('requester').map((field, index) => ({
    id: 21_000_000_301 + index,
    name: field.name,
    label: field.label,
    position: index + 1,
    user_field_group_id: 1,
    type: field.type,
    default: field.isDefault,
    required_for_agents: field.isRequired,
    editable_in_signup: false,
    customers_can_edit: true,
    label_for_customers: field.label,
    required_for_customers: false,
    displayed_for_customers: true,
    choices: field.choices,
    created_at: CATALOG_MADE_AT,
    updated_at: CATALOG_MADE_AT,
  }));
}

/** Agent fields have no id, and some names differ from those in bodies. */
const AGENT_FIELD_NAMES: Readonly<Record<string, string>> = {
  work_phone_number: 'work_phone',
  mobile_phone_number: 'mobile_phone',
  location_id: 'location',
  reporting_manager_id: 'reporting_manager',
};

function agentFields(): object[] {
  return sketches('agent').map((field) => ({
    name: AGENT_FIELD_NAMES[field.name] ?? field.name,
    user_field_group_id: 1,
    label_for_admins: field.label,
    mandatory_for_admins: field.isRequired,
    editable_by_admins: true,
    label_for_agents: field.label,
    visible_to_agents: true,
    editable_by_agents: false,
    mandatory_for_agents: false,
    type: field.type,
    default_field: field.isDefault,
  }));
}

function toDepartment(place: { id: number; name: string }): object {
  return {
    id: place.id,
    name: place.name,
    description: null,
    head_user_id: null,
    head_name: null,
    prime_user_id: null,
    prime_user_name: null,
    domains: [],
    custom_fields: {},
    workspace_id: 1,
    created_at: CATALOG_MADE_AT,
    updated_at: CATALOG_MADE_AT,
  };
}

function toLocation(place: { id: number; name: string; parentId: number | null }): object {
  return {
    id: place.id,
    name: place.name,
    parent_location_id: place.parentId,
    primary_contact_id: null,
    contact_name: null,
    email: null,
    phone: null,
    address: { line1: null, line2: null, city: null, state: null, country: null, zipcode: null },
    workspace_id: 1,
    created_at: CATALOG_MADE_AT,
    updated_at: CATALOG_MADE_AT,
  };
}
