/** What an import shows, and what Entra's first write to it means, in memory. See `directory-model.ts`. */
import type { Attributes } from '@fresh-scim/scim';
import { externalIdOf, userNameOf, workEmailOf } from '@fresh-scim/scim';
import { isManaged, type Model, newPerson, type Person, release } from './directory-model.ts';

const live = ({ people }: Model): Person[] => people.filter(({ attributes }) => attributes !== undefined);
const nameOf = ({ attributes = {} }: Person): string => userNameOf(attributes).toLowerCase();
const byName = (model: Model, name: string | undefined): Person | undefined =>
  live(model).find((person) => nameOf(person) === name?.toLowerCase());

/** The userName that nobody else may have at the same time. */
export function holderOf(model: Model, wanted: Attributes, except?: Person): Person | undefined {
  const holder = byName(model, userNameOf(wanted));
  return holder === except ? undefined : holder;
}

/** Whom a first write of Entra may be about: the one at hand, and by userName, work e-mail and externalId. */
function meant(model: Model, wanted: Attributes, atHand: Person | undefined): Set<Person> {
  if (!live(model).some((person) => !isManaged(person))) return new Set();
  const work = byName(model, workEmailOf(wanted));
  const externalId = externalIdOf(wanted);
  const carriers = live(model).filter(
    ({ attributes = {} }) => externalId !== undefined && externalIdOf(attributes) === externalId,
  );
  const [sole] = carriers.length === 1 ? carriers : [];
  return new Set(
    [atHand, work && !isManaged(work) ? work : undefined, sole].filter((one) => one !== undefined),
  );
}

/** The unmanaged person whom a create is about. */
export function claimable(model: Model, wanted: Attributes): Person | undefined {
  const holder = holderOf(model, wanted);
  if (holder) return isManaged(holder) ? undefined : holder;
  const [only, ...others] = meant(model, wanted, undefined);
  return only && others.length === 0 && !isManaged(only) ? only : undefined;
}

/** Before the first write: what may be several people is parted from its account. @returns whether it is. */
export function part(model: Model, person: Person, wanted: Attributes): boolean {
  if (isManaged(person) || meant(model, wanted, person).size < 2) return false;
  release(model, person, person.remoteId);
  person.remoteId = undefined;
  return true;
}

/** @returns whether an account that nobody owns may be shown. */
export function mayShow(model: Model, remoteId: number, wanted: Attributes, listing: number): boolean {
  const { listed } = model;
  if (listed.state !== 'running' || listed.listing !== listing) return false;
  if (holderOf(model, wanted) || model.owners.has(remoteId)) return false;
  const name = userNameOf(wanted).toLowerCase();
  const externalId = externalIdOf(wanted);
  return !live(model).some(
    (person) =>
      isManaged(person) &&
      (workEmailOf(person.attributes ?? {})?.toLowerCase() === name ||
        (externalId !== undefined && externalIdOf(person.attributes ?? {}) === externalId)),
  );
}

export function show(model: Model, id: string, remoteId: number, wanted: Attributes, listing: number): void {
  const person = newPerson(id, wanted);
  Object.assign(person, { remoteId, shownBy: listing });
  model.people.push(person);
  model.owners.set(remoteId, person.key);
}

/** Leaves without a trace. Those who wait for it look again with the next feed. */
export function hide(model: Model, person: Person): void {
  release(model, person, person.remoteId);
  model.people.splice(model.people.indexOf(person), 1);
  model.forgotten.push(person);
}
