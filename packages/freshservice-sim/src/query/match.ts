// Which records a query matches: the checks of fields, operators and values, whole-value comparison without regard to
// case. What fields there are is said by the caller.
import type { Operator, Query, QueryValue } from './parse.ts';

/** A field or value that the query may not name; the message is in the stringified form that the API uses. */
export class QueryFieldError extends Error {
  readonly field: string;

  constructor(field: string, reason: string) {
    super(reason);
    this.field = field;
  }
}

/** Text, compared without regard to case. */
export interface TextField<T> {
  readonly type: 'text';
  readonly read: (record: T) => string | null;
  /** Other values are refused. */
  readonly choices?: ReadonlySet<string>;
  readonly allowsStartsWith?: true;
}

/** Ids of other records; one that is equal suffices. */
export interface IdField<T> {
  readonly type: 'id';
  readonly read: (record: T) => readonly number[];
}

/** A number. */
export interface NumberField<T> {
  readonly type: 'number';
  readonly read: (record: T) => number | null;
}

/** A day or a time, compared by its day in UTC. */
export interface DateField<T> {
  readonly type: 'date';
  readonly read: (record: T) => string | null;
}

/** A field that a query may name. */
export type Field<T> = TextField<T> | IdField<T> | NumberField<T> | DateField<T>;

/** The fields that a query may name. */
export type Fields<T> = Readonly<Record<string, Field<T>>>;

type Matcher<T> = (record: T) => boolean;
type FieldOf<T> = (name: string) => Field<T>;

/**
 * Turns a query into a test of records.
 * @throws {QueryFieldError} when it names an unknown field, or a value of the wrong type
 */
export function toMatcher<T>(fields: Fields<T>, query: Query): (record: T) => boolean {
  return build(query, (name) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw new QueryFieldError(name, '[:invalid_field]');
    return field;
  });
}

function build<T>(query: Query, fieldOf: FieldOf<T>): Matcher<T> {
  if (query.kind === 'condition') {
    return condition(query.field, fieldOf(query.field), query.operator, query.value);
  }
  if (query.kind === 'startsWith') return startsWith(query.fields, query.text, fieldOf);
  const parts = query.parts.map((part) => build(part, fieldOf));
  return query.kind === 'and'
    ? (record) => parts.every((part) => part(record))
    : (record) => parts.some((part) => part(record));
}

function startsWith<T>(names: readonly string[], text: string, fieldOf: FieldOf<T>): Matcher<T> {
  const wanted = text.toLowerCase();
  const fields = names.map((name) => {
    const field = fieldOf(name);
    if (field.type === 'text' && field.allowsStartsWith === true) return field;
    throw new QueryFieldError(name, '[:invalid_field]');
  });
  return (record) => fields.some((field) => field.read(record)?.toLowerCase().startsWith(wanted) === true);
}

function condition<T>(name: string, field: Field<T>, operator: Operator, value: QueryValue): Matcher<T> {
  if (field.type === 'id') return idCondition(name, field, operator, value);
  if (field.type === 'number') return numberCondition(name, field, operator, value);
  if (field.type === 'date') return dateCondition(name, field, operator, value);
  if (operator !== '=') throw new QueryFieldError(name, '[:invalid_operator]');
  return textCondition(name, field, value);
}

function textCondition<T>(name: string, field: TextField<T>, value: QueryValue): Matcher<T> {
  if (value.kind === 'null') return (record) => field.read(record) === null;
  if (field.choices?.has(value.text) === false) {
    throw wrongType(name, 'It should be one of the choice value.');
  }
  const wanted = value.text.toLowerCase();
  return (record) => field.read(record)?.toLowerCase() === wanted;
}

function idCondition<T>(name: string, field: IdField<T>, operator: Operator, value: QueryValue): Matcher<T> {
  if (value.kind === 'null') return (record) => field.read(record).length === 0;
  if (value.kind === 'string' || !/^\d{1,15}$/.test(value.text)) {
    throw wrongType(name, 'It should be a/an Positive Integer');
  }
  const wanted = Number(value.text);
  return (record) => field.read(record).some((id) => compares(id, operator, wanted));
}

function numberCondition<T>(
  name: string,
  field: NumberField<T>,
  operator: Operator,
  value: QueryValue,
): Matcher<T> {
  if (value.kind === 'null') return (record) => field.read(record) === null;
  if (value.kind === 'string' || !/^-?\d{1,15}(?:\.\d{1,15})?$/.test(value.text)) {
    throw wrongType(name, 'It should be a/an Number');
  }
  const wanted = Number(value.text);
  return (record) => compares(field.read(record), operator, wanted);
}

function dateCondition<T>(
  name: string,
  field: DateField<T>,
  operator: Operator,
  value: QueryValue,
): Matcher<T> {
  if (value.kind === 'null') return (record) => field.read(record) === null;
  if (value.kind !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value.text)) {
    throw wrongType(name, 'It should be a/an Date');
  }
  const wanted = value.text;
  return (record) => compares(field.read(record)?.slice(0, 10) ?? null, operator, wanted);
}

function compares<V extends string | number>(actual: V | null, operator: Operator, wanted: V): boolean {
  if (actual === null) return false;
  if (operator === '>') return actual >= wanted;
  if (operator === '<') return actual <= wanted;
  return actual === wanted;
}

function wrongType(field: string, reason: string): QueryFieldError {
  return new QueryFieldError(field, JSON.stringify([reason]));
}
