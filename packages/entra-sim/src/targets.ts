// The attribute mapping of the provisioning configuration: which directory field goes to which SCIM attribute, and how one
// such attribute is found in, or put into, a resource. The rows are the ones of the Freshservice gallery application.
import { type Person, signInAddressOf } from './people.ts';

/** A JSON object as it travels. */
export type JsonObject = { [name: string]: unknown };

/** URN of the core User schema. */
export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
/** URN of the enterprise extension. */
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** URN of the gallery application's extension: isAgent and custom attributes. Entra never lists it in `schemas`. */
const FRESHSERVICE_USER = 'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User';
/** Path of the only reference; its value travels as a bare string and is read back as an object. */
export const MANAGER_PATH = `${ENTERPRISE_USER}:manager`;

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
  {
    target: typed('addresses', 'work', { primary: false }, 'formatted'),
    source: ({ details }) => details?.officeAddress,
  },
  { target: plain('locale'), source: ({ details }) => details?.language },
  { target: plain('timezone'), source: ({ details }) => details?.timeZone },
  { target: nested(ENTERPRISE_USER, 'department', ':'), source: (person) => person.department },
  { target: nested(ENTERPRISE_USER, '_location', ':'), source: ({ details }) => details?.location },
  {
    target: nested(FRESHSERVICE_USER, 'isAgent', ':'),
    source: ({ details }) => (details === undefined ? undefined : 'false'), // text, as the gallery's table has it
  },
];

/** Every mapped attribute that has a value: Entra does not provision empty ones. */
export function wantedOf(person: Person, externalId: string): Wanted[] {
  const mapped = MAPPING.flatMap(({ target, source }) => {
    const value = source(person, externalId);
    return value === undefined || value === '' ? [] : [{ target, value }];
  });
  const custom = Object.entries(person.details?.customFields ?? {}).map(([name, value]) => ({
    target: nested(FRESHSERVICE_USER, name, ':'),
    value,
  }));
  return [...mapped, ...custom];
}

/** The SCIM id of the manager as a resource shows it; undefined when it shows none. */
export function shownManagerOf(resource: JsonObject): string | undefined {
  const extension = resource[ENTERPRISE_USER];
  const manager = isObject(extension) ? extension['manager'] : undefined;
  const value = isObject(manager) ? manager['value'] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
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

/** One sub-attribute of the entry of one type in a multi-valued attribute; `extra` goes into an entry that is made. */
function typed(list: string, type: string, extra: JsonObject = {}, name = 'value'): Target {
  return {
    path: `${list}[type eq "${type}"].${name}`,
    filtered: true,
    read: (resource) => {
      const entries = resource[list];
      if (!Array.isArray(entries)) return undefined;
      const entry: unknown = entries.find((candidate) => isObject(candidate) && candidate['type'] === type);
      return isObject(entry) ? entry[name] : undefined;
    },
    write: (resource, value) => {
      const entries: unknown = resource[list];
      resource[list] = [...(Array.isArray(entries) ? entries : []), { ...extra, type, [name]: value }];
    },
  };
}

/** True for a JSON object, false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
