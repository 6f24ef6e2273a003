// What a company has in Freshservice before it connects: locations, custom fields, and some of its people, not all of
// them as Entra has them. Written through the simulator's control plane, so that it costs no calls.
import { CUSTOM_FIELDS, LOCATION_PATHS, signInAddressOf } from '@fresh-scim/entra-sim';
import type { DirectoryPerson, Tenant } from '@fresh-scim/entra-sim';
import { addRecord, fetchAccount } from './simulated-account.ts';

/** One stranger, whom Entra does not know, for so many existing people. */
const EXISTING_PER_STRANGER = 10;
const AGENTS_MAX = 2;
/** Of ten existing people, these are different. */
const [INACTIVE, FORMER_ADDRESS, AGENT] = [5, 3, 7];

/** People whom nobody may change: id of the account, and when it was changed last. */
export type Strangers = ReadonlyMap<number, string>;

/** Fills the account at this URL; `existing` people of the tenant are there already, evenly taken. */
export async function furnishAccount(url: string, tenant: Tenant, existing: number): Promise<Strangers> {
  const { locations, fields } = await fetchAccount(url);
  await addLocations(url, locations);
  for (const [type, name] of Object.entries(CUSTOM_FIELDS)) {
    if (fields.some((field) => field.name === name)) continue;
    await addRecord(url, 'fields', { name, type: `custom_${type}` });
  }
  const people = tenant.people();
  const drafts = Array.from(
    { length: existing },
    (_, index) => people[Math.floor((index * people.length) / existing)],
  )
    .filter((person) => person !== undefined)
    .map((person, index) => toDraft(person, index, tenant.externalIdOf(person)));
  for (const draft of drafts) await addRecord(url, 'users', draft);
  return addStrangers(url, Math.ceil(existing / EXISTING_PER_STRANGER));
}

/** As somebody wrote the person down long ago: another title, no phones; sometimes inactive, or under a former address. */
function toDraft(person: DirectoryPerson, index: number, externalId: string): Record<string, unknown> {
  const kind = index % 10;
  const isAgent = kind === AGENT && index < 10 * AGENTS_MAX;
  const hasFormerAddress = kind === FORMER_ADDRESS;
  return {
    first_name: person.givenName ?? person.displayName,
    last_name: person.surname ?? null,
    job_title: 'Taken over',
    primary_email: hasFormerAddress ? `former-${index}@larkspur.example` : signInAddressOf(person),
    external_id: hasFormerAddress ? externalId : null,
    active: kind !== INACTIVE,
    is_agent: isAgent,
  };
}

async function addStrangers(url: string, count: number): Promise<Strangers> {
  const strangers = new Map<number, string>();
  for (let index = 0; index < count; index += 1) {
    const draft = { first_name: `Stranger ${index}`, primary_email: `stranger-${index}@quarry.example` };
    const { id, updated_at: changedAt } = await addRecord(url, 'users', draft);
    strangers.set(id, changedAt);
  }
  return strangers;
}

interface Place {
  readonly id: number;
  readonly name: string;
  readonly parent_location_id: number | null;
}

/** Adds what is missing of the paths, from the top down. */
async function addLocations(url: string, known: readonly Place[]): Promise<void> {
  const places = [...known];
  for (const path of LOCATION_PATHS) {
    let parent: number | null = null;
    for (const name of path.split('/')) {
      const found = places.find((place) => place.name === name && place.parent_location_id === parent);
      const place: Place = found ?? {
        id: (await addRecord(url, 'locations', { name, parent_location_id: parent })).id,
        name,
        parent_location_id: parent,
      };
      if (found === undefined) places.push(place);
      parent = place.id;
    }
  }
}
