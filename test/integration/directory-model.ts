/**
 * The directory as its README describes it, in memory: people, the states of their keys, leases, owners and awaited
 * keys. Knows nothing of Redis; `directory-model.test.ts` compares the two after every step.
 *
 * Time is not part of it: a deferred or parked key is due or not, a lease is held until a step says that it ran out.
 */
import type { Key, Urgency } from '@fresh-scim/directory';
import { type Attributes, displayWordsOf } from '@fresh-scim/scim';

type State = 'clean' | 'dirty' | 'deferred' | 'parked' | 'held';

/** One person, from the create to the end of retention. */
export interface Person {
  readonly id: string;
  readonly key: Key;
  /** What Entra wants; `undefined` once deleted. */
  attributes: Attributes | undefined;
  /** By which a deleted person is still found. */
  wordsKept: readonly string[];
  /** Named by the tombstone. */
  externalId: string | undefined;
  generation: number;
  /** The generation that the operator has rejected. */
  rejected: number | undefined;
  state: State;
  urgency: Urgency | undefined;
  wakeSeq: number;
  /** Leases so far; the number of the newest is its fence. */
  fence: number;
  isHeld: boolean;
  failures: number;
  parks: number;
  changes: number;
  /** The fence under which the newest suspicion came up. */
  suspectAt: number | undefined;
  strays: number[];
  intent: { remoteId: number | undefined } | undefined;
  remoteId: number | undefined;
  hasNotes: boolean;
  isParkedLeaver: boolean;
  isDue: boolean;
  /** Deleted and done: forgotten when retention ends. */
  isRetained: boolean;
  /** The listing that has shown the account last, while Entra has not written to it. */
  shownBy: number | undefined;
}

/** The import of the account's people. */
export interface Import {
  state: 'none' | 'running' | 'done' | 'cancelled' | 'failed';
  listing: number;
  /** Complete listings. */
  completed: number;
  holder: string | undefined;
}

export interface Model {
  /** Those who were not forgotten, in the order of creation. */
  readonly people: Person[];
  readonly forgotten: Person[];
  readonly owners: Map<number, Key>;
  /** Awaited key -> those who wait for it. */
  readonly waiters: Map<Key, Set<Key>>;
  /** externalId -> the deleted people with it, newest first. */
  readonly deletedBy: Map<string, readonly string[]>;
  applied: number;
  settles: number;
  readonly listed: Import;
}

export const emptyModel = (): Model => ({
  people: [],
  forgotten: [],
  owners: new Map(),
  waiters: new Map(),
  deletedBy: new Map(),
  applied: 0,
  settles: 0,
  listed: { state: 'none', listing: 1, completed: 0, holder: undefined },
});

export const isActive = ({ attributes }: Person): boolean =>
  attributes !== undefined && attributes['active'] !== false;

export const isManaged = ({ shownBy }: Person): boolean => shownBy === undefined;

export const findPerson = (model: Model, key: string | undefined): Person | undefined =>
  model.people.find((person) => person.key === key);

export function addPerson(model: Model, id: string, attributes: Attributes): Person {
  const person = newPerson(id, attributes);
  model.people.push(person);
  wake(person, attributes['active'] === false ? 'urgent' : 'normal', isActive(person));
  return person;
}

/** Somebody about whom nothing is to be done. */
export function newPerson(id: string, attributes: Attributes): Person {
  return {
    id,
    key: `User-${id}`,
    attributes,
    wordsKept: [],
    externalId: undefined,
    generation: 1,
    rejected: undefined,
    state: 'clean',
    urgency: undefined,
    wakeSeq: 0,
    fence: 0,
    isHeld: false,
    failures: 0,
    parks: 0,
    changes: 0,
    suspectAt: undefined,
    strays: [],
    intent: undefined,
    remoteId: undefined,
    hasNotes: false,
    isParkedLeaver: false,
    isDue: false,
    isRetained: false,
    shownBy: undefined,
  };
}

/** Entra's change of a person; `undefined` deletes. */
export function change(model: Model, person: Person, after: Attributes | undefined): void {
  const urgent = !after || (after['active'] === false && isActive(person));
  if (!after) {
    person.wordsKept = displayWordsOf(person.attributes ?? {});
    const externalId = person.attributes?.['externalId'];
    person.externalId = typeof externalId === 'string' ? externalId : undefined;
    if (person.externalId !== undefined) {
      const earlier = model.deletedBy.get(person.externalId) ?? [];
      model.deletedBy.set(person.externalId, [person.id, ...earlier].slice(0, 10));
    }
  }
  person.attributes = after;
  person.generation += 1;
  person.shownBy = undefined;
  wake(person, urgent ? 'urgent' : 'normal', isActive(person));
}

const RANK = { bulk: 1, normal: 2, urgent: 3 };

/** @returns false when the brake holds the key. */
export function wake(person: Person, urgency: Urgency, releases: boolean): boolean {
  person.wakeSeq += 1;
  if (!isManaged(person)) return false;
  if ((person.state === 'held' || person.rejected === person.generation) && !releases) return false;
  person.rejected = undefined;
  if (!person.urgency || RANK[urgency] > RANK[person.urgency]) person.urgency = urgency;
  person.state = 'dirty';
  person.isParkedLeaver = false;
  person.isDue = false;
  return true;
}

export function suspect(person: Person): void {
  person.suspectAt = person.fence;
  wake(person, 'normal', false);
}

/** A call of this key may have landed on an account that another key owns. */
export function suspectOwner(model: Model, person: Person, remoteId: number | undefined): void {
  const owner = remoteId === undefined ? undefined : findPerson(model, model.owners.get(remoteId));
  if (owner && owner !== person) suspect(owner);
}

/** @returns the owner that stands in the way, or `taken` when the account was another key's until now. */
export function claim(
  model: Model,
  person: Person,
  remoteId: number,
  takeoverFrom: Key | undefined,
): Key | 'taken' | undefined {
  const owner = model.owners.get(remoteId);
  const other = owner === person.key ? undefined : findPerson(model, owner);
  const mayTake = other && !isActive(other) && takeoverFrom === other.key;
  if (other?.attributes && !mayTake) return other.key;
  model.owners.set(remoteId, person.key);
  return owner === undefined || owner === person.key ? undefined : 'taken';
}

export function release(model: Model, person: Person, remoteId: number | undefined): void {
  if (remoteId !== undefined && model.owners.get(remoteId) === person.key) model.owners.delete(remoteId);
}

/** The key waits for others from now on. @returns whether one of them has changed since it was looked at. */
export function register(
  model: Model,
  person: Person,
  awaits: readonly { key: Key; changes: string }[],
): boolean {
  let appeared = false;
  for (const { key, changes } of awaits) {
    model.waiters.set(key, (model.waiters.get(key) ?? new Set()).add(person.key));
    if (String(findPerson(model, key)?.changes ?? 0) !== changes) appeared = true;
  }
  return appeared;
}

/** Those who wait for the key look again. */
export function announce(model: Model, person: Person): void {
  person.changes += 1;
  for (const waiter of model.waiters.get(person.key) ?? []) {
    const found = findPerson(model, waiter);
    if (found) wake(found, 'normal', false);
  }
  model.waiters.delete(person.key);
}

/** @returns whether the key became clean. */
export function settle(
  model: Model,
  person: Person,
  how: {
    wakeSeq: number;
    applied: boolean;
    hasNotes: boolean;
    awaits: readonly { key: Key; changes: string }[];
  },
): boolean {
  const changed = how.applied || !isActive(person) || how.hasNotes !== person.hasNotes;
  Object.assign(person, { isHeld: false, failures: 0, parks: 0, hasNotes: how.hasNotes });
  model.settles += 1;
  if (how.applied) model.applied += 1;
  const appeared = register(model, person, how.awaits);
  if (changed) announce(model, person);
  if (appeared || person.wakeSeq !== how.wakeSeq) return false;
  person.state = 'clean';
  Object.assign(person, {
    urgency: undefined,
    strays: [],
    suspectAt: undefined,
    isRetained: !person.attributes,
  });
  return true;
}

/** What retention forgets when it lasts no time. */
export function forgetRetained(model: Model): number {
  const retained = model.people.filter(({ isRetained }) => isRetained);
  const done = retained.filter(({ state }) => state === 'clean');
  for (const person of retained) person.isRetained = false;
  for (const person of done) {
    release(model, person, person.remoteId);
    release(model, person, person.intent?.remoteId);
    const { externalId } = person;
    if (externalId !== undefined) {
      const others = (model.deletedBy.get(externalId) ?? []).filter((id) => id !== person.id);
      if (others.length > 0) model.deletedBy.set(externalId, others);
      else model.deletedBy.delete(externalId);
    }
    model.waiters.delete(person.key);
    model.people.splice(model.people.indexOf(person), 1);
    model.forgotten.push(person);
  }
  return done.length;
}
