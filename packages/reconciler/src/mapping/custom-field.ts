/** Text from the directory -> the value of a field that the company has added to people, checked as far as we can. Pure. */
import type { FieldDefinition } from '@fresh-scim/freshservice';
import { toText } from './text.ts';

/** What to send (null clears), or why there is nothing to send. */
export type CustomValue =
  | {
      readonly value: string | number | boolean | null;
      /** Whether the text was too long and is sent shortened. */
      readonly cut: boolean;
    }
  | { readonly problem: CustomProblem };

/** Why a value cannot be sent. A code, for notes and metrics. */
export type CustomProblem =
  | 'not-a-number'
  | 'not-a-date'
  | 'not-a-boolean'
  | 'not-a-choice'
  | 'unsupported-type';

type Reading = (text: string, field: Field) => CustomValue;
type Field = Pick<FieldDefinition, 'type' | 'choices'>;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);
/** A date, or the date of a date-time as it is written: a zone behind it moves nothing. */
const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** By type without its prefix `custom_`. Not all names are documented: of text and phone both likely ones are taken. */
const READINGS: ReadonlyMap<string, Reading> = new Map([
  ['text', readLine],
  ['single_line_text', readLine],
  ['phone', readLine],
  ['phone_number', readLine],
  ['paragraph', valid],
  ['number', readNumber],
  ['checkbox', readBoolean],
  ['date', readDate],
  ['dropdown', readChoice],
]);

/** Empty text clears the field whatever its type; whether the field may be empty is for Freshservice to say. */
export function toCustomValue(field: Field, text: string): CustomValue {
  const reading = READINGS.get(field.type.replace(/^custom_/, ''));
  if (reading === undefined) return { problem: 'unsupported-type' };
  const trimmed = text.normalize('NFC').trim();
  return trimmed === '' ? valid(null) : reading(trimmed, field);
}

function valid(value: string | number | boolean | null): CustomValue {
  return { value, cut: false };
}

function readLine(text: string): CustomValue {
  const line = toText(text);
  return line === undefined ? valid(null) : { value: line.text, cut: line.cut };
}

/** Beyond 2^53 a number would be sent as another one. */
function readNumber(text: string): CustomValue {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? valid(value) : { problem: 'not-a-number' };
}

function readBoolean(text: string): CustomValue {
  const value = BOOLEANS.get(text.toLowerCase());
  return value === undefined ? { problem: 'not-a-boolean' } : valid(value);
}

function readDate(text: string): CustomValue {
  const date = DATE.exec(text)?.[1];
  return date === undefined || !isCalendarDate(date) ? { problem: 'not-a-date' } : valid(date);
}

/** Date.parse takes 30 February for 2 March. */
function isCalendarDate(date: string): boolean {
  const time = Date.parse(date);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** The choice as Freshservice spells it. Where no choices are known (agents' fields are documented without) the text goes as it is. */
function readChoice(text: string, { choices }: Field): CustomValue {
  if (choices === undefined) return readLine(text);
  const choice = choices.find((name) => name === text) ?? choices.find((name) => toKey(name) === toKey(text));
  return choice === undefined ? { problem: 'not-a-choice' } : valid(choice);
}

const toKey = (choice: string): string => choice.normalize('NFC').trim().toLowerCase();
