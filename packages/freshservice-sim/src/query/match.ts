// Which people a query matches: the fields that can be searched, the checks of values, whole-value comparison without
// regard to case.
import { CUSTOM_FIELDS } from '../account/catalog.ts';
import type { User } from '../account/user.ts';
import type { Kind } from '../wire/attributes.ts';
import { LANGUAGES, TIME_ZONES } from '../wire/choices.ts';
import type { Operator, Query, QueryValue } from './parse.ts';

/** A field or value that the query may not name; the message is in the stringified form that the API uses. */
export class QueryFieldError extends Error {
  readonly field: string;

  constructor(field: string, reason: string) {
    super(reason);
    this.field = field;
  }
}

type Matcher = (user: User) => boolean;

interface TextField {
  readonly type: 'text';
  readonly read: (user: User) => string | null;
  readonly choices?: ReadonlySet<string>;
  readonly allowsStartsWith?: true;
}

interface IdField {
  readonly type: 'id';
  readonly read: (user: User) => readonly number[];
}

interface DateField {
  readonly type: 'date';
  readonly read: (user: User) => string;
}

type Field = TextField | IdField | DateField;

const SHARED: Readonly<Record<string, Field>> = {
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
  time_zone: { type: 'text', read: (user) => user.time_zone, choices: TIME_ZONES },
  language: { type: 'text', read: (user) => user.language, choices: LANGUAGES },
  created_at: { type: 'date', read: (user) => user.created_at },
  updated_at: { type: 'date', read: (user) => user.updated_at },
  ...Object.fromEntries(
    CUSTOM_FIELDS.filter(({ type }) => type === 'custom_text').map(({ name }): [string, Field] => [
      name,
      { type: 'text', read: (user) => customText(user, name) },
    ]),
  ),
};

const ADDRESS: Field = { type: 'text', read: (user) => user.primary_email, allowsStartsWith: true };
const EXTERNAL_ID: Field = { type: 'text', read: (user) => user.external_id };

/**
 * Turns a query into a test of people.
 * @throws {QueryFieldError} when it names an unknown field, or a value of the wrong type
 */
export function toMatcher(kind: Kind, query: Query, options: { externalId: boolean }): Matcher {
  const fields: Record<string, Field> = {
    ...SHARED,
    [kind === 'agent' ? 'email' : 'primary_email']: ADDRESS,
    ...(options.externalId ? { external_id: EXTERNAL_ID } : {}),
  };
  return build(query, (name) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw new QueryFieldError(name, '[:invalid_field]');
    return field;
  });
}

function build(query: Query, fieldOf: (name: string) => Field): Matcher {
  if (query.kind === 'condition') {
    return condition(query.field, fieldOf(query.field), query.operator, query.value);
  }
  if (query.kind === 'startsWith') return startsWith(query.fields, query.text, fieldOf);
  const parts = query.parts.map((part) => build(part, fieldOf));
  return query.kind === 'and'
    ? (user) => parts.every((part) => part(user))
    : (user) => parts.some((part) => part(user));
}

function startsWith(names: readonly string[], text: string, fieldOf: (name: string) => Field): Matcher {
  const wanted = text.toLowerCase();
  const fields = names.map((name) => {
    const field = fieldOf(name);
    if (field.type === 'text' && field.allowsStartsWith === true) return field;
    throw new QueryFieldError(name, '[:invalid_field]');
  });
  return (user) => fields.some((field) => field.read(user)?.toLowerCase().startsWith(wanted) === true);
}

function condition(name: string, field: Field, operator: Operator, value: QueryValue): Matcher {
  if (field.type === 'id') return idCondition(name, field, operator, value);
  if (field.type === 'date') return dateCondition(name, field, operator, value);
  if (operator !== '=') throw new QueryFieldError(name, '[:invalid_operator]');
  return textCondition(name, field, value);
}

function textCondition(name: string, field: TextField, value: QueryValue): Matcher {
  if (value.kind === 'null') return (user) => field.read(user) === null;
  if (field.choices?.has(value.text) === false) {
    throw wrongType(name, 'It should be one of the choice value.');
  }
  const wanted = value.text.toLowerCase();
  return (user) => field.read(user)?.toLowerCase() === wanted;
}

function idCondition(name: string, field: IdField, operator: Operator, value: QueryValue): Matcher {
  if (value.kind === 'null') return (user) => field.read(user).length === 0;
  if (value.kind === 'string' || !/^\d{1,15}$/.test(value.text)) {
    throw wrongType(name, 'It should be a/an Positive Integer');
  }
  const wanted = Number(value.text);
  return (user) => field.read(user).some((id) => compares(id, operator, wanted));
}

function dateCondition(name: string, field: DateField, operator: Operator, value: QueryValue): Matcher {
  if (value.kind !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value.text)) {
    throw wrongType(name, 'It should be a/an Date');
  }
  const wanted = value.text;
  return (user) => compares(field.read(user).slice(0, 10), operator, wanted);
}

function compares<T extends string | number>(actual: T, operator: Operator, wanted: T): boolean {
  if (operator === '>') return actual >= wanted;
  if (operator === '<') return actual <= wanted;
  return actual === wanted;
}

function customText(user: User, name: string): string | null {
  const value = user.custom_fields[name];
  return typeof value === 'string' ? value : null;
}

function wrongType(field: string, reason: string): QueryFieldError {
  return new QueryFieldError(field, JSON.stringify([reason]));
}

function toList(id: number | null): readonly number[] {
  return id === null ? [] : [id];
}
