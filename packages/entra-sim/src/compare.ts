// Compares the tenant with what a Freshservice account shows, person by person. Written from the mapping's facts, and
// independent of the service under test. The rules are listed in this package's README.
import { type AccountLists, Catalogue } from './catalogue.ts';
import {
  addressOf,
  caseless,
  type ComparedField,
  compareFields,
  type FieldResult,
  type ObservedPerson,
} from './fields.ts';
import { type Person, signInAddressOf } from './people.ts';
import { type DirectoryPerson, isInScope, type Tenant } from './tenant.ts';

/** One field of one person that differs. */
export interface Mismatch {
  /** objectId. */
  readonly person: string;
  readonly account: number;
  readonly field: ComparedField;
  readonly expected: string;
  readonly found: string;
}

/** The result; `isInStep` when all lists but `unresolvable` are empty. */
export interface Comparison {
  readonly isInStep: boolean;
  /** People of the tenant, the deleted ones included. */
  readonly peopleCompared: number;
  readonly mismatches: readonly Mismatch[];
  /** What no account could show: an unknown location, time zone, language or custom field, a manager who is out of scope. */
  readonly unresolvable: readonly Mismatch[];
  /** People with more than one account. */
  readonly duplicates: readonly { readonly person: string; readonly accounts: readonly number[] }[];
  /** objectIds of people in scope without an account. */
  readonly missing: readonly string[];
  /** Active accounts of people who left, and (`person` undefined) active requesters that belong to nobody. */
  readonly unexpectedActive: readonly { readonly person: string | undefined; readonly account: number }[];
}

/** What `compare` is told of the account besides its people. */
export interface CompareOptions extends AccountLists {
  /** Accounts that were there before and belong to nobody of the tenant: they may be active. @default none */
  readonly bystanders?: ReadonlySet<number>;
}

/** Compares; an account that comes twice (as requester and as agent) counts once, the later entry wins. */
export function compare(
  tenant: Tenant,
  people: readonly ObservedPerson[],
  options: CompareOptions = {},
): Comparison {
  const accounts = [...new Map(people.map((account) => [account.id, account])).values()];
  const accountsOf = finderOf(tenant, accounts);
  const catalogue = new Catalogue(options);
  const everybody = tenant.people();
  const results: (Mismatch & FieldResult)[] = [];
  const duplicates: { person: string; accounts: number[] }[] = [];
  const missing: string[] = [];
  const owned = new Set<number>();
  for (const person of everybody.filter(isInScope)) {
    const own = accountsOf(person);
    for (const account of own) owned.add(account.id);
    if (own.length > 1) duplicates.push({ person: person.objectId, accounts: own.map(({ id }) => id) });
    const [best] = own.toSorted((a, b) => Number(b.active) - Number(a.active));
    if (best === undefined) {
      missing.push(person.objectId);
      continue;
    }
    const ofPerson = [
      ...fieldsOf(person, tenant.externalIdOf(person), best, catalogue),
      ...managerOf(person, best, tenant, accountsOf),
    ];
    results.push(...ofPerson.map((result) => ({ person: person.objectId, account: best.id, ...result })));
  }
  const listed = (wanted: FieldResult['verdict']): Mismatch[] =>
    results.flatMap(({ verdict, ...mismatch }) => (verdict === wanted ? [mismatch] : []));
  const mismatches = listed('different');
  const unexpectedActive = unexpected(everybody, accounts, accountsOf, owned).filter(
    ({ account }) => options.bystanders?.has(account) !== true,
  );
  return {
    isInStep: mismatches.length + duplicates.length + missing.length + unexpectedActive.length === 0,
    peopleCompared: everybody.length,
    mismatches,
    unresolvable: listed('unresolvable'),
    duplicates,
    missing,
    unexpectedActive,
  };
}

type Finder = (person: Person) => ObservedPerson[];

/** Finds the accounts of a person, by external id and by address. */
function finderOf(tenant: Tenant, accounts: readonly ObservedPerson[]): Finder {
  const byAddress = Map.groupBy(accounts, (account) => caseless(addressOf(account)));
  const byExternalId = Map.groupBy(accounts, (account) => account.external_id ?? '');
  return (person) => {
    const same = byExternalId.get(tenant.externalIdOf(person)) ?? [];
    return [...new Set([...same, ...(byAddress.get(caseless(signInAddressOf(person))) ?? [])])];
  };
}

/** The manager by the manager's account. One who is out of scope was not sent, so nothing can be said. */
function managerOf(
  person: DirectoryPerson,
  account: ObservedPerson,
  tenant: Tenant,
  accountsOf: Finder,
): FieldResult[] {
  if (!account.active || person.manager === undefined) return [];
  const found = account.reporting_manager_id ?? undefined;
  const managers = person.manager === null ? [] : accountsOf(tenant.get(person.manager)).map(({ id }) => id);
  const isSame = found === undefined ? managers.length === 0 : managers.includes(found);
  const isSent = person.manager === null || isInScope(tenant.get(person.manager));
  return [
    {
      field: 'manager',
      expected: managers.join(' or '),
      found: String(found ?? ''),
      verdict: isSent ? (isSame ? 'same' : 'different') : 'unresolvable',
    },
  ];
}

/** `owned`: accounts of people in scope, which a former object of the same person may resolve to as well. */
function unexpected(
  everybody: readonly DirectoryPerson[],
  accounts: readonly ObservedPerson[],
  accountsOf: Finder,
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

/** Everything about the account of somebody in scope; an inactive one is no better in any field. */
function fieldsOf(
  person: Person,
  externalId: string,
  account: ObservedPerson,
  catalogue: Catalogue,
): FieldResult[] {
  if (account.active) return compareFields(person, externalId, account, catalogue);
  return [{ field: 'active', expected: 'true', found: 'false', verdict: 'different' }];
}

function isAgent(account: ObservedPerson): boolean {
  return account.is_agent === true || account.kind === 'agent';
}
