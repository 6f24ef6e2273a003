/** Compares Freshservice with what Entra wants, by a model that shares nothing with the mapping of the reconciler. */
import type { User } from '@fresh-scim/freshservice-sim';
import type { TestWorld } from '../support/world.ts';
import type { Person, Tenant } from './tenant.ts';
import type { Owners } from './verdict.ts';

export function findMismatches(
  world: TestWorld,
  tenant: Tenant,
  owners: Owners,
  mayDouble: boolean,
): string[] {
  const accounts = world.people();
  const { connectionId } = world.directory.scope;
  // Resources of one GUID are one person.
  const identities = [...Map.groupBy(tenant.people, ({ externalId }) => externalId).values()];
  const strangers = accounts.filter((account) => !tenant.people.some((person) => isOf(account, person)));
  const duplicates = mayDouble ? [] : world.sim.stats().duplicates;
  return [
    ...strangers.map(({ id }) => `account ${id} belongs to nobody`),
    ...duplicates.map(({ by }) => `two accounts share one ${by}`),
    ...identities.flatMap((resources) => {
      const theirs = accounts.filter((account) => resources.some((person) => isOf(account, person)));
      const ownerOf = ({ id }: User): Person | undefined =>
        resources.find((person) => owners[id] === `${connectionId}/User-${person.id}`);
      return comparePerson(resources, theirs, ownerOf, mayDouble);
    }),
  ];
}

/** By the GUID where there is one, since addresses pass from one person to another. */
const isOf = ({ primary_email, external_id }: User, { addresses, externalId }: Person): boolean =>
  external_id === null ? addresses.has(primary_email ?? '') : external_id === externalId;

/** One active account if any resource is active, and it is as the resource that owns it says; no other account. */
function comparePerson(
  resources: readonly Person[],
  accounts: readonly User[],
  ownerOf: (account: User) => Person | undefined,
  mayDouble: boolean,
): string[] {
  const active = accounts.filter((account) => account.active);
  const wanted = resources.some((person) => person.active) ? 1 : 0;
  const problems: string[] = [];
  if (active.length !== wanted) problems.push(`${active.length} active accounts instead of ${wanted}`);
  if (!mayDouble && accounts.length > 1) problems.push(`${accounts.length} accounts of one person`);
  for (const account of accounts) {
    const owner = ownerOf(account);
    if (!owner) {
      // A double that was put to rest belongs to nobody: another person may come to its address.
      if (account.active || !mayDouble) problems.push(`account ${account.id} is owned by nobody`);
    } else if (account.active) {
      problems.push(...compareAttributes(account, owner));
    }
  }
  return problems;
}

function compareAttributes(account: User, person: Person): string[] {
  const wanted: Partial<User> = {
    active: person.active,
    primary_email: person.address,
    first_name: 'Ines',
    last_name: 'Okafor',
    job_title: person.title,
    external_id: person.externalId,
  };
  return Object.entries(wanted).flatMap(([name, value]) => {
    const shown = account[name as keyof User];
    return shown === value ? [] : [`${name} is ${JSON.stringify(shown)} instead of ${JSON.stringify(value)}`];
  });
}
