// The lists of fields: those that every account has, then those that the company added to its people.
import { type CustomField, fieldsOfKind } from '../account/custom-field.ts';
import { CATALOG_MADE_AT } from '../account/catalog.ts';
import type { Answer } from '../wire/answers.ts';
import { type RecordKind, WRITABLE } from '../wire/attributes.ts';
import { LANGUAGES, TIME_ZONES } from '../wire/choices.ts';
import type { Call, Route } from './route.ts';

const FIRST_DEFAULT_ID = 21_000_000_301;

/** The lists of fields; they are not paged. */
export const FIELD_ROUTES: readonly Route[] = [
  {
    name: 'requesterFields.list',
    method: 'GET',
    path: '/requester_fields',
    permission: 'fields.view',
    parameters: ['include'],
    run: (call) => ({ status: 200, json: { requester_fields: requesterFields(call) } }),
  },
  {
    name: 'agentFields.list',
    method: 'GET',
    path: '/agent_fields',
    permission: 'fields.view',
    run: (call) => ({ status: 200, json: { agent_fields: agentFields(call) } }),
  },
  {
    name: 'departmentFields.list',
    method: 'GET',
    path: '/department_fields',
    permission: 'fields.view',
    run: departmentFields,
  },
];

/** What the lists of fields are made from. */
interface Sketch extends Omit<CustomField, 'type' | 'choices' | 'people'> {
  readonly type: string;
  readonly isDefault: boolean;
  /** Of languages and time zones an object from code to label. */
  readonly choices: unknown;
}

/** The fields that every account has, then those that the company added to these people. */
function peopleSketches({ account }: Call, kind: 'requester' | 'agent'): Sketch[] {
  return [
    ...defaultSketches(kind),
    ...fieldsOfKind(account.fields.all(), kind).map((field) => ({ ...field, isDefault: false })),
  ];
}

function defaultSketches(kind: RecordKind): Sketch[] {
  return Object.entries(WRITABLE[kind])
    .filter(([name]) => name !== 'custom_fields')
    .map(([name, { isRequired }], index) => ({
      id: FIRST_DEFAULT_ID + index,
      name,
      label: name.replaceAll('_', ' '),
      type: `default_${name}`,
      isDefault: true,
      required_for_agents: isRequired,
      choices: choicesOf(name),
      created_at: CATALOG_MADE_AT,
      updated_at: CATALOG_MADE_AT,
    }));
}

function choicesOf(name: string): unknown {
  if (name === 'language') return Object.fromEntries([...LANGUAGES].map((code) => [code, code]));
  if (name === 'time_zone') return Object.fromEntries([...TIME_ZONES].map((zone) => [zone, zone]));
  return [];
}

/** Documentation and traffic disagree on what requesters are called here (knob `requesterFieldNames`). */
function requesterFields(call: Call): object[] {
  const whom = call.knobs.requesterFieldNames;
  return peopleSketches(call, 'requester').map((field, index) => ({
    id: field.id,
    name: field.name,
    label: field.label,
    position: index + 1,
    user_field_group_id: 1,
    type: field.type,
    default: field.isDefault,
    required_for_agents: field.required_for_agents,
    editable_in_signup: false,
    [`${whom}_can_edit`]: true,
    [`label_for_${whom}`]: field.label,
    [`required_for_${whom}`]: false,
    [`displayed_for_${whom}`]: true,
    choices: field.choices,
    created_at: field.created_at,
    updated_at: field.updated_at,
  }));
}

/** Agent fields have no id and no choices, and some names differ from those in bodies. */
const AGENT_FIELD_NAMES: Readonly<Record<string, string>> = {
  work_phone_number: 'work_phone',
  mobile_phone_number: 'mobile_phone',
  location_id: 'location',
  reporting_manager_id: 'reporting_manager',
};

function agentFields(call: Call): object[] {
  return peopleSketches(call, 'agent').map((field) => ({
    name: AGENT_FIELD_NAMES[field.name] ?? field.name,
    user_field_group_id: 1,
    label_for_admins: field.label,
    mandatory_for_admins: field.required_for_agents,
    editable_by_admins: true,
    label_for_agents: field.label,
    visible_to_agents: true,
    editable_by_agents: false,
    mandatory_for_agents: false,
    type: field.type,
    default_field: field.isDefault,
  }));
}

function departmentFields(): Answer {
  const fields = defaultSketches('department').map((field, index) => ({
    id: field.id,
    name: field.name,
    label: field.label,
    position: index + 1,
    type: field.type,
    default: true,
    mandatory: field.required_for_agents,
    choices: field.choices,
    created_at: field.created_at,
    updated_at: field.updated_at,
  }));
  return { status: 200, json: { department_fields: fields } };
}
