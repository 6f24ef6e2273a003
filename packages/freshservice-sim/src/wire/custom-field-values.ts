// `custom_fields` of a person: each value by the type of its field, then what the company requires.
import type { CustomField, CustomFieldType } from '../account/custom-field.ts';
import type { User } from '../account/user.ts';
import type { Knobs } from '../knobs.ts';
import {
  blank,
  choice,
  flag,
  isBlank,
  isObject,
  longText,
  MemberErrors,
  mismatch,
  phone,
  readMembers,
  shortText,
  text,
  wrong,
} from './primitives.ts';

/** What the values are read for. */
export interface CustomFieldContext {
  readonly fields: readonly CustomField[];
  readonly knobs: Knobs;
  /** The values before the call; absent on create. */
  readonly previous: User['custom_fields'] | undefined;
}

type FieldValue = string | number | boolean;

const READERS: Readonly<
  Record<CustomFieldType, (value: unknown, field: CustomField, knobs: Knobs) => FieldValue>
> = {
  custom_text: (value, _field, knobs) => shortText(value, knobs),
  custom_paragraph: longText,
  custom_checkbox: flag,
  custom_number: (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw mismatch('Number');
    return value;
  },
  custom_date: (value) => date(text(value)),
  custom_dropdown: (value, field) => choice(value, new Set(field.choices)),
  custom_phone_number: (value, _field, knobs) => phone(value, knobs),
};

/**
 * What a person's custom fields are after a write. Blank values clear; cleared fields are not kept. The names must
 * have been checked before.
 * @throws {ValueError} when it is not an object
 * @throws {MemberErrors} that names each refused field
 */
export function readCustomFields(value: unknown, context: CustomFieldContext): User['custom_fields'] {
  if (!isObject(value)) throw mismatch('Hash');
  const { fields, knobs, previous = {} } = context;
  const kept = knobs.customFieldsMerge === 'merge' ? previous : {};
  const written = readMembers(value, (name, member) => {
    if (member === null && knobs.nullScalars === 'datatype_mismatch') throw mismatch('String');
    const field = fields.find((custom) => custom.name === name);
    return field === undefined || isBlank(member) ? null : READERS[field.type](member, field, knobs);
  });
  const all = Object.entries({ ...kept, ...written }).filter(([, member]) => member !== null);
  const next = Object.fromEntries(all);
  if (knobs.requiredFieldsEnforced) assertRequired(next, value, context);
  return next;
}

/** A required field must be there after a create; an update may leave it empty, but not clear it. */
function assertRequired(
  next: User['custom_fields'],
  sent: Record<string, unknown>,
  { fields, previous }: CustomFieldContext,
): void {
  const missing = fields.filter(
    ({ name, required_for_agents: isRequired }) =>
      isRequired &&
      next[name] === undefined &&
      (previous === undefined || previous[name] !== undefined || Object.hasOwn(sent, name)),
  );
  if (missing.length === 0) return;
  const { code, message } = blank();
  throw new MemberErrors(missing.map(({ name }) => ({ field: name, message, code })));
}

/** A day as `YYYY-MM-DD`. */
function date(value: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
  if (!isDay) throw wrong('It should be a/an Date in the format YYYY-MM-DD');
  return value;
}
