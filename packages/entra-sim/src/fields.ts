// The fields of one person's account: what the directory expects of each, and how it is compared. An expectation that no
// account could meet (a location that is not there, an unknown time zone) is told apart from one that is not met.
import { languageFor, timeZonesFor } from './equivalents.ts';
import type { Catalogue } from './catalogue.ts';
import { type Person, signInAddressOf } from './people.ts';

/** Null and undefined are both no value. */
export type Text = string | null | undefined;

/** A requester or agent as Freshservice's API shows it; an agent has `email`, a requester `primary_email`. */
export interface ObservedPerson {
  readonly id: number;
  readonly active: boolean;
  readonly is_agent?: boolean | undefined;
  readonly kind?: string | undefined;
  readonly first_name?: Text;
  readonly last_name?: Text;
  readonly primary_email?: Text;
  readonly email?: Text;
  readonly job_title?: Text;
  readonly work_phone_number?: Text;
  readonly mobile_phone_number?: Text;
  readonly external_id?: Text;
  readonly address?: Text;
  readonly language?: Text;
  readonly time_zone?: Text;
  readonly department_ids?: readonly number[] | null | undefined;
  readonly department_names?: readonly string[] | null | undefined;
  readonly location_id?: number | null | undefined;
  readonly reporting_manager_id?: number | null | undefined;
  readonly custom_fields?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The fields that are compared; `primary_email` stands for an agent's `email` too, `department` for names or ids. */
export type ComparedField =
  | 'active'
  | 'address'
  | 'department'
  | 'external_id'
  | 'first_name'
  | 'job_title'
  | 'language'
  | 'last_name'
  | 'location'
  | 'manager'
  | 'mobile_phone_number'
  | 'primary_email'
  | 'time_zone'
  | 'work_phone_number'
  | `custom_fields.${string}`;

/** One field: its expected value and the one found, both in words, and whether they mean the same. */
export interface FieldResult {
  readonly field: ComparedField;
  readonly expected: string;
  readonly found: string;
  /** `unresolvable`: nothing in the account could be equal. */
  readonly verdict: 'same' | 'different' | 'unresolvable';
}

/** The fields that the directory has a value for: what it does not have Entra never sent, nor cleared. */
export function compareFields(
  person: Person,
  externalId: string,
  account: ObservedPerson,
  catalogue: Catalogue,
): FieldResult[] {
  const texts: [ComparedField, (value: string) => string, Text, Text][] = [
    ['primary_email', caseless, signInAddressOf(person), addressOf(account)],
    ['first_name', text, person.givenName ?? person.displayName, account.first_name],
    ['last_name', text, person.surname, account.last_name],
    ['job_title', text, person.jobTitle, account.job_title],
    ['work_phone_number', digits, person.telephoneNumber, account.work_phone_number],
    ['mobile_phone_number', digits, person.mobile, account.mobile_phone_number],
    ['external_id', (value) => value, externalId, account.external_id],
    ['address', oneLine, person.details?.officeAddress, account.address],
    ['department', caselessName, person.department, catalogue.departmentsOf(account)],
  ];
  const compared = texts.flatMap(([field, normal, expected, found]) => {
    if (expected === undefined || expected === null || text(expected) === '') return [];
    return [toResult(field, expected, found ?? '', normal(expected) === normal(found ?? ''))];
  });
  return [...compared, ...compareDetails(person, account, catalogue)];
}

function compareDetails({ details }: Person, account: ObservedPerson, catalogue: Catalogue): FieldResult[] {
  if (details === undefined) return [];
  const language = languageFor(details.language);
  const timeZones = timeZonesFor(details.timeZone);
  const foundLanguage = account.language ?? '';
  const foundTimeZone = account.time_zone ?? '';
  const foundLocation = catalogue.locationPathOf(account);
  const isPlace = catalogue.hasLocation(details.location);
  return [
    toResult(
      'language',
      details.language,
      foundLanguage,
      language === undefined ? undefined : language === foundLanguage,
    ),
    toResult('time_zone', details.timeZone, foundTimeZone, timeZones?.includes(foundTimeZone)),
    toResult(
      'location',
      details.location,
      foundLocation,
      isPlace ? catalogue.isAt(foundLocation, details.location) : undefined,
    ),
    ...Object.entries(details.customFields).map(([name, expected]) => {
      const found = customValueOf(account, name);
      const isSame = catalogue.hasCustomField(name) ? caseless(expected) === caseless(found) : undefined;
      return toResult(`custom_fields.${name}`, expected, found, isSame);
    }),
  ];
}

/** `isSame` undefined means that it cannot be. */
function toResult(
  field: ComparedField,
  expected: string,
  found: string,
  isSame: boolean | undefined,
): FieldResult {
  const verdict = isSame === undefined ? 'unresolvable' : isSame ? 'same' : 'different';
  return { field, expected, found, verdict };
}

/** The address that an account signs in with; empty when it has none. */
export function addressOf(account: ObservedPerson): string {
  return account.primary_email ?? account.email ?? '';
}

/** Without case and outer blanks. */
export function caseless(value: string): string {
  return value.trim().toLowerCase();
}

const TEXT_MAX = 255; // Freshservice columns; longer values are cut by the service

function text(value: string): string {
  return value.normalize('NFC').trim().slice(0, TEXT_MAX).trim();
}

function oneLine(value: string): string {
  return text(value.replaceAll(/\s+/g, ' '));
}

function caselessName(value: string): string {
  return text(value).toLowerCase();
}

function digits(value: string): string {
  return value.replaceAll(/\D/g, '');
}

/** A checkbox as `true` or `false`. */
function customValueOf({ custom_fields: fields }: ObservedPerson, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
    ? String(value)
    : '';
}
