// The attribute mapping of the provisioning configuration: which directory field goes to which SCIM attribute, and how one
// such attribute is found in, or put into, a resource. The rows are the ones of the Freshservice gallery application.
import { type Person, signInAddressOf } from './people.ts';

/** A JSON object as it travels. */
export type JsonObject = { [name: string]: unknown };

/** URN of the core User schema. */
export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
/** URN of the enterprise extension. */
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A single-valued SCIM attribute by the path that Entra gives it. */
export interface Target {
  readonly path: string;
  /** True for `emails[type eq "work"].value` and the like, which never travel in an operation without a path. */
  readonly filtered: boolean;
  /** The value within a resource; undefined when it has none. */
  read(resource: JsonObject): unknown;
  write(resource: JsonObject, value: string | boolean): void;
}

/** A target and what the directory wants it to be. */
export interface Wanted {
  readonly target: Target;
  readonly value: string | boolean;
}

/** `active` comes from the person's standing and not from a field, so it is no row of the mapping. */
export const ACTIVE: Target = plain('active');

interface Row {
  readonly target: Target;
  readonly source: (person: Person, externalId: string) => string | undefined;
}

const MAPPING: readonly Row[] = [
  { target: plain('externalId'), source: (_, externalId) => externalId },
  { target: plain('userName'), source: signInAddressOf },
  { target: plain('displayName'), source: (person) => person.displayName },
  { target: plain('title'), source: (person) => person.jobTitle },
  { target: nested('name', 'givenName'), source: (person) => person.givenName },
  { target: nested('name', 'familyName'), source: (person) => person.surname },
  { target: nested('name', 'formatted'), source: formattedName },
  { target: typed('emails', 'work', { primary: true }), source: (person) => person.mail },
  { target: typed('phoneNumbers', 'work'), source: (person) => person.telephoneNumber },
  { target: typed('phoneNumbers', 'mobile'), source: (person) => person.mobile },
  { target: nested(ENTERPRISE_USER, 'department', ':'), source: (person) => person.department },
];

/** Every mapped attribute that has a value: Entra does not provision empty ones. */
export function wantedOf(person: Person, externalId: string): Wanted[] {
  return MAPPING.flatMap(({ target, source }) => {
    const value = source(person, externalId);
    return value === undefined || value === '' ? [] : [{ target, value }];
  });
}

function formattedName(person: Person): string {
  return [person.givenName, person.surname].filter((part) => part !== undefined).join(' ');
}

function plain(name: string): Target {
  return {
    path: name,
    filtered: false,
    read: (resource) => resource[name],
    write: (resource, value) => {
      resource[name] = value;
    },
  };
}

/** A sub-attribute (`name.givenName`), or with `:` an attribute of an extension. */
function nested(parent: string, name: string, separator: '.' | ':' = '.'): Target {
  return {
    path: `${parent}${separator}${name}`,
    filtered: false,
    read: (resource) => {
      const object = resource[parent];
      return isObject(object) ? object[name] : undefined;
    },
    write: (resource, value) => {
      const object = resource[parent];
      resource[parent] = { ...(isObject(object) ? object : {}), [name]: value };
    },
  };
}

/** The `value` of the entry of one type in a multi-valued attribute; `extra` goes into an entry that is made. */
function typed(list: string, type: string, extra: JsonObject = {}): Target {
  return {
    path: `${list}[type eq "${type}"].value`,
    filtered: true,
    read: (resource) => {
      const entries = resource[list];
      if (!Array.isArray(entries)) return undefined;
      const entry: unknown = entries.find((candidate) => isObject(candidate) && candidate['type'] === type);
      return isObject(entry) ? entry['value'] : undefined;
    },
    write: (resource, value) => {
      const entries: unknown = resource[list];
      resource[list] = [...(Array.isArray(entries) ? entries : []), { ...extra, type, value }];
    },
  };
}

/** True for a JSON object, false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
