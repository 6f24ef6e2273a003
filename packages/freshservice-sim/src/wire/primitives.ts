// The parts that values are made of: text, numbers, lists, addresses, objects; and the ways in which they are refused.
import type { Knobs } from '../knobs.ts';
import type { FieldError } from './answers.ts';

const LONG_TEXT_MAX = 65_535;

/** Why a value is refused. */
export class ValueError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Why members of an object are refused; `field` is the name of the member. */
export class MemberErrors extends Error {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super(`${errors.length} members are refused`);
    this.errors = errors;
  }
}

/** `invalid_value` with a reason. */
export function wrong(reason: string): ValueError {
  return new ValueError('invalid_value', reason);
}

/** `datatype_mismatch`. */
export function mismatch(type: string): ValueError {
  return new ValueError('datatype_mismatch', `It should be a/an ${type}`);
}

/** `missing_field`. */
export function blank(): ValueError {
  return new ValueError('missing_field', 'It should not be blank');
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value clears what it is written to. */
export function isBlank(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** @throws {ValueError} `datatype_mismatch` */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw mismatch('String');
  return value;
}

/** Text of at most `maxLen`, or cut to it. @throws {ValueError} */
export function shortText(value: unknown, knobs: Knobs): string {
  const read = text(value);
  if (knobs.maxLen === 'off' || read.length <= knobs.maxLen) return read;
  if (knobs.overLength === 'truncate') return read.slice(0, knobs.maxLen);
  throw tooLong(knobs.maxLen);
}

/** Text of at most 64 KiB. @throws {ValueError} */
export function longText(value: unknown): string {
  const read = text(value);
  if (read.length > LONG_TEXT_MAX) throw tooLong(LONG_TEXT_MAX);
  return read;
}

/** A telephone number, which may be sent as a number. @throws {ValueError} */
export function phone(value: unknown, knobs: Knobs): string {
  return shortText(typeof value === 'number' ? String(value) : value, knobs);
}

/** An address in lower case. @throws {ValueError} */
export function email(value: unknown, knobs: Knobs): string {
  const address = text(value).trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw wrong('It should be a valid email address');
  if (knobs.maxLen !== 'off' && address.length > knobs.maxLen) throw tooLong(knobs.maxLen);
  return address;
}

/** @throws {ValueError} `datatype_mismatch` */
export function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw mismatch('Boolean');
  return value;
}

/** @throws {ValueError} `datatype_mismatch` */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw mismatch('Array');
  return value;
}

/** @throws {ValueError} `datatype_mismatch` */
export function positiveInteger(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw mismatch('Positive Integer');
  }
  return value;
}

/** One of a closed list, written exactly so. @throws {ValueError} */
export function choice(value: unknown, choices: ReadonlySet<string>): string {
  const read = text(value);
  if (!choices.has(read)) throw wrong('It should be one of the choice value.');
  return read;
}

/**
 * Reads every member of an object.
 * @throws {MemberErrors} that names each refused member
 */
export function readMembers<T>(
  value: Record<string, unknown>,
  read: (name: string, member: unknown) => T,
): Record<string, T> {
  const members: Record<string, T> = {};
  const errors: FieldError[] = [];
  for (const [field, member] of Object.entries(value)) {
    try {
      members[field] = read(field, member);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      errors.push({ field, message: error.message, code: error.code });
    }
  }
  if (errors.length > 0) throw new MemberErrors(errors);
  return members;
}

function tooLong(max: number): ValueError {
  return wrong(`It should have at most ${max} characters`);
}
