/**
 * The people of the benchmarks: as Entra posts them with the mapping of the gallery app, all of its 16 attributes and
 * no other, with names of ordinary length. The same number is always the same person.
 */

const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const FRESHSERVICE_USER = 'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const GIVEN = ['Ines', 'Jonas', 'Marguerite', 'Tomas', 'Amara', 'Bartholomew', 'Priya', 'Samuel'];
const FAMILY = ['Okafor', 'Lindgren', 'Oyelaran-Lindqvist', 'Costa', 'Papadimitriou', 'Walsh', 'Tanaka'];
const TITLES = ['Senior Field Engineer', 'Team Lead', 'Payroll Officer', 'Technician II'];
const DEPARTMENTS = ['Field Engineering', 'Finance', 'People & Culture'];

/** A body of POST /Users. */
export interface User {
  readonly userName: string;
  readonly externalId: string;
  readonly displayName: string;
  readonly name: { readonly givenName: string; readonly familyName: string };
  readonly title: string;
  readonly [attribute: string]: unknown;
}

/** Person number `index` of a directory; one in ten has mail that is not the sign-in name. */
export function typicalUser(index: number): User {
  const givenName = pick(GIVEN, index);
  const familyName = pick(FAMILY, Math.floor(index / GIVEN.length));
  const userName = `${givenName}.${familyName}${index}@larkspur.example`.toLowerCase();
  const digits = String(index).padStart(7, '0');
  return {
    schemas: [CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER],
    userName,
    active: true,
    emails: [{ type: 'work', primary: true, value: index % 10 === 0 ? `mail.${userName}` : userName }],
    displayName: `${givenName} ${familyName}`,
    name: { givenName, familyName },
    phoneNumbers: [
      { type: 'work', value: `+351 21 ${digits}` },
      { type: 'mobile', value: `+351 91 ${digits}` },
    ],
    addresses: [{ type: 'work', formatted: 'Rua do Alecrim 12, 1200-017 Lisboa' }],
    locale: 'en-GB',
    title: pick(TITLES, index),
    timezone: 'Europe/Lisbon',
    externalId: guid(index),
    [ENTERPRISE_USER]: { department: pick(DEPARTMENTS, index), manager: { value: guid(index + 1) } },
    [FRESHSERVICE_USER]: { isAgent: 'False' },
  };
}

/** The body of the PATCH that disables somebody, or enables them again. */
export const activePatch = (active: boolean): object => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', path: 'active', value: active }],
});

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

/** Looks as random as any, and is not. */
function guid(index: number): string {
  const word = (salt: number): string =>
    (Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b))
      .toString(16)
      .replace('-', '')
      .padStart(8, '0');
  const text = [1, 2, 3, 4].map(word).join('').padEnd(32, '0').slice(0, 32);
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
