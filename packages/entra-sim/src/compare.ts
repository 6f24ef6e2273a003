// Compares the tenant with what a Freshservice account shows, person by person. Written from the mapping's facts, and
// independent of the service under test. The rules are listed in this package's README.
import { type Person, signInAddressOf } from './people.ts';
import { type DirectoryPerson, isInScope, type Tenant } from './tenant.ts';

type Text = string | null | undefined;

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
}

/** The fields that are compared; `primary_email` stands for an agent's `email` too. */
export type ComparedField =
  | 'active'
  | 'external_id'
  | 'first_name'
  | 'job_title'
  | 'last_name'
  | 'mobile_phone_number'
  | 'primary_email'
  | 'work_phone_number';

/** One field of one person that differs. */
export interface Mismatch {
  /** objectId. */
  readonly person: string;
  readonly account: number;
  readonly field: ComparedField;
  readonly expected: string;
  readonly found: string;
}

/** The result; `isInStep` when the four lists are empty. */
export interface Comparison {
  readonly isInStep: boolean;
  /** People of the tenant, the deleted ones included. */
  readonly peopleCompared: number;
  readonly mismatches: readonly Mismatch[];
  /** People with more than one account. */
  readonly duplicates: readonly { readonly person: string; readonly accounts: readonly number[] }[];
  /** objectIds of people in scope without an account. */
  readonly missing: readonly string[];
  /** Active accounts of people who left, and (`person` undefined) active requesters that belong to nobody. */
  readonly unexpectedActive: readonly { readonly person: string | undefined; readonly account: number }[];
}

/** Compares; an account that comes twice (as requester and as agent) counts once, the later entry wins. */
export function compare(tenant: Tenant, people: readonly ObservedPerson[]): Comparison {
  const accounts = [...new Map(people.map((account) => [account.id, account])).values()];
  const byAddress = Map.groupBy(accounts, (account) => caseless(addressOf(account)));
  const byExternalId = Map.groupBy(accounts, (account) => account.external_id ?? '');
  const accountsOf = (person: Person): ObservedPerson[] => {
    const same = byExternalId.get(tenant.externalIdOf(person)) ?? [];
    return [...new Set([...same, ...(byAddress.get(caseless(signInAddressOf(person))) ?? [])])];
  };

  const everybody = tenant.people();
  const present = everybody.filter(isInScope);
  const mismatches: Mismatch[] = [];
  const duplicates: { person: string; accounts: number[] }[] = [];
  const missing: string[] = [];
  const owned = new Set<number>();
  for (const person of present) {
    const own = accountsOf(person);
    for (const account of own) owned.add(account.id);
    const [best] = own.toSorted((a, b) => Number(b.active) - Number(a.active));
    if (best === undefined) missing.push(person.objectId);
    else mismatches.push(...mismatchesOf(person, tenant.externalIdOf(person), best));
    if (own.length > 1) duplicates.push({ person: person.objectId, accounts: own.map(({ id }) => id) });
  }
  const unexpectedActive = unexpected(everybody, accounts, accountsOf, owned);
  const isInStep = mismatches.length + duplicates.length + missing.length + unexpectedActive.length === 0;
  return { isInStep, peopleCompared: everybody.length, mismatches, duplicates, missing, unexpectedActive };
}

/** `owned`: accounts of people in scope, which a former object of the same person may resolve to as well. */
function unexpected(
  everybody: readonly DirectoryPerson[],
  accounts: readonly ObservedPerson[],
  accountsOf: (person: Person) => ObservedPerson[],
  owned: ReadonlySet<number>,
): { person: string | undefined; account: number }[] {
  const formerOwners = new Map<number, string>();
  for (const person of everybody) {
    if (isInScope(person)) continue;
    for (const account of accountsOf(person)) formerOwners.set(account.id, person.objectId);
  }
  return accounts.flatMap((account) => {
    const person = formerOwners.get(account.id);
    const isOwnAdministrator = person === undefined && isAgent(account); // provisioning makes requesters only
    if (!account.active || owned.has(account.id) || isOwnAdministrator) return [];
    return [{ person, account: account.id }];
  });
}

function mismatchesOf(person: Person, externalId: string, account: ObservedPerson): Mismatch[] {
  const mismatch = (field: ComparedField, expected: string, found: Text): Mismatch => ({
    person: person.objectId,
    account: account.id,
    field,
    expected,
    found: found ?? '',
  });
  if (!account.active) return [mismatch('active', 'true', 'false')];
  const fields: [ComparedField, (value: string) => string, Text, Text][] = [
    ['primary_email', caseless, signInAddressOf(person), addressOf(account)],
    ['first_name', text, person.givenName ?? person.displayName, account.first_name],
    ['last_name', text, person.surname, account.last_name],
    ['job_title', text, person.jobTitle, account.job_title],
    ['work_phone_number', digits, person.telephoneNumber, account.work_phone_number],
    ['mobile_phone_number', digits, person.mobile, account.mobile_phone_number],
    ['external_id', (value) => value, externalId, account.external_id],
  ];
  return fields.flatMap(([field, normal, expected, found]) => {
    if (expected === undefined || expected === null || text(expected) === '') return []; // Entra never sends a clear
    return normal(expected) === normal(found ?? '') ? [] : [mismatch(field, expected, found)];
  });
}

const TEXT_MAX = 255; // Freshservice columns; longer values are cut by the service

function text(value: string): string {
  return value.normalize('NFC').trim().slice(0, TEXT_MAX).trim();
}

function caseless(value: string): string {
  return value.trim().toLowerCase();
}

function digits(value: string): string {
  return value.replaceAll(/\D/g, '');
}

function addressOf(account: ObservedPerson): string {
  return account.primary_email ?? account.email ?? '';
}

function isAgent(account: ObservedPerson): boolean {
  return account.is_agent === true || account.kind === 'agent';
}
