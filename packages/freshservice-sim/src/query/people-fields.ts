// The fields of people that `?query=` may name (API page, "Filter requesters" and "Filter agents").
import type { CustomField } from '../account/custom-field.ts';
import type { User } from '../account/user.ts';
import type { Kind } from '../wire/attributes.ts';
import { LANGUAGES, TIME_ZONES } from '../wire/choices.ts';
import type { Field, Fields } from './match.ts';

/** What an account has and allows. */
export interface PeopleFieldOptions {
  readonly customFields: readonly CustomField[];
  /** Whether `external_id` may be named. */
  readonly allowsExternalId: boolean;
  readonly allowsAnyTimeZone: boolean;
  readonly allowsAnyLanguage: boolean;
}

const SHARED: Fields<User> = {
  first_name: { type: 'text', read: (user) => user.first_name, allowsStartsWith: true },
  last_name: { type: 'text', read: (user) => user.last_name, allowsStartsWith: true },
  name: {
    type: 'text',
    read: (user) => (user.last_name === null ? user.first_name : `${user.first_name} ${user.last_name}`),
    allowsStartsWith: true,
  },
  job_title: { type: 'text', read: (user) => user.job_title },
  work_phone_number: { type: 'text', read: (user) => user.work_phone_number, allowsStartsWith: true },
  mobile_phone_number: { type: 'text', read: (user) => user.mobile_phone_number, allowsStartsWith: true },
  department_id: { type: 'id', read: (user) => user.department_ids },
  reporting_manager_id: { type: 'id', read: (user) => toList(user.reporting_manager_id) },
  location_id: { type: 'id', read: (user) => toList(user.location_id) },
  created_at: { type: 'date', read: (user) => user.created_at },
  updated_at: { type: 'date', read: (user) => user.updated_at },
};
const ADDRESS: Field<User> = { type: 'text', read: (user) => user.primary_email, allowsStartsWith: true };
const EXTERNAL_ID: Field<User> = { type: 'text', read: (user) => user.external_id };

/** The fields that a query of requesters or agents may name. */
export function peopleFields(kind: Kind, options: PeopleFieldOptions): Fields<User> {
  return {
    ...customFieldsOf(options.customFields),
    ...SHARED,
    time_zone: {
      type: 'text',
      read: (user) => user.time_zone,
      ...(options.allowsAnyTimeZone ? {} : { choices: TIME_ZONES }),
    },
    language: {
      type: 'text',
      read: (user) => user.language,
      ...(options.allowsAnyLanguage ? {} : { choices: LANGUAGES }),
    },
    [kind === 'agent' ? 'email' : 'primary_email']: ADDRESS,
    ...(options.allowsExternalId ? { external_id: EXTERNAL_ID } : {}),
  };
}

function customFieldsOf(customFields: readonly CustomField[]): Fields<User> {
  return Object.fromEntries(
    customFields.flatMap((custom) => {
      const field = toField(custom);
      return field === undefined ? [] : [[custom.name, field]];
    }),
  );
}

/** Text of one line, numbers, dropdowns, dates and phones can be searched; paragraphs and checkboxes cannot. */
function toField({ name, type, choices }: CustomField): Field<User> | undefined {
  if (type === 'custom_paragraph' || type === 'custom_checkbox') return undefined;
  const value = (user: User): User['custom_fields'][string] => user.custom_fields[name] ?? null;
  if (type === 'custom_number') return { type: 'number', read: (user) => asNumber(value(user)) };
  if (type === 'custom_date') return { type: 'date', read: (user) => asText(value(user)) };
  const read = (user: User): string | null => asText(value(user));
  return type === 'custom_dropdown'
    ? { type: 'text', read, choices: new Set(choices) }
    : { type: 'text', read };
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function toList(id: number | null): readonly number[] {
  return id === null ? [] : [id];
}
