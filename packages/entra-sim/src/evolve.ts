// A plausible working day of a tenant: joiners, renames, new titles, leavers and people who come back.
// Nobody is touched twice by one call, so what it returns is what the next cycle has to tell; besides it only tells the
// reports of a purged manager that they have none.
import { signInAddressOf } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { type Departure, type DirectoryPerson, isInScope, type Tenant } from './tenant.ts';

/** How many people each kind of change touches; fewer when there are not enough candidates. */
export interface EvolveCounts {
  /** @default 2 % of the people in scope */
  readonly joiners?: number;
  /** @default 3 % */
  readonly renames?: number;
  /** @default 5 % */
  readonly titles?: number;
  /** @default 4 % */
  readonly phones?: number;
  /** Other departments. @default 3 % in a full tenant, else none */
  readonly transfers?: number;
  /** Other offices. @default 2 % in a full tenant, else none */
  readonly relocations?: number;
  /** Other managers. @default 3 % in a full tenant, else none */
  readonly managerChanges?: number;
  /** Managers taken away. @default 1 % in a full tenant, else none */
  readonly managerRemovals?: number;
  /** @default 4 %, at most 45: a receiver may hold back larger waves as an accident */
  readonly leavers?: number;
  /** Of those who left before this call. @default half of them, rounded up */
  readonly returners?: number;
  /** Soft-deleted people that are hard-deleted. @default a quarter of them, rounded up */
  readonly purges?: number;
  /** Deleted people hired again as new objects. @default a quarter of them, rounded up */
  readonly rehires?: number;
}

/** Who was touched, as objectIds. `rehired` holds the new objects, `rehiredFrom` the old ones in the same order. */
export interface Evolution {
  readonly joined: readonly string[];
  readonly renamed: readonly string[];
  readonly retitled: readonly string[];
  readonly rephoned: readonly string[];
  readonly transferred: readonly string[];
  readonly relocated: readonly string[];
  readonly underOtherManager: readonly string[];
  readonly withoutManager: readonly string[];
  readonly left: readonly string[];
  readonly returned: readonly string[];
  readonly purged: readonly string[];
  readonly rehired: readonly string[];
  readonly rehiredFrom: readonly string[];
}

const LEAVERS_MAX = 45;

/** Changes the tenant; the same tenant state, seed and counts give the same changes. */
export function evolve(tenant: Tenant, seed: number, counts: EvolveCounts = {}): Evolution {
  const random = createRandom(seed);
  const people = tenant.people();
  const present = new Pool(people.filter(isInScope), random);
  const share = (part: number) => Math.round(present.size * part);
  const renames = counts.renames ?? share(0.03);
  const titles = counts.titles ?? share(0.05);
  const phones = counts.phones ?? share(0.04);
  const leavers = counts.leavers ?? Math.min(Math.floor(present.size * 0.04), LEAVERS_MAX);
  const joiners = counts.joiners ?? share(0.02);

  const renamed = present.take(renames);
  const retitled = present.take(titles);
  const rephoned = present.take(phones);
  const left = present.take(leavers);
  const isFull = people.some(({ details }) => details !== undefined);
  const fullShare = (part: number) => (isFull ? share(part) : 0);
  const hasManager = ({ manager }: DirectoryPerson) => typeof manager === 'string';
  const transferred = present.take(counts.transfers ?? fullShare(0.03));
  const relocated = present.take(counts.relocations ?? fullShare(0.02));
  const toOtherManager = present.take(counts.managerChanges ?? fullShare(0.03), hasManager);
  const withoutManager = present.take(counts.managerRemovals ?? fullShare(0.01), hasManager);

  const newest = new Map(people.map((person) => [signInAddressOf(person), person]));
  const gone = new Pool(
    [...newest.values()].filter((person) => !isInScope(person)),
    random,
  );
  const deleted = (person: DirectoryPerson) => person.state !== 'live';
  const binned = (person: DirectoryPerson) => person.state === 'softDeleted';
  const purgeCount = counts.purges ?? Math.ceil(gone.count(binned) / 4);
  const rehireCount = counts.rehires ?? Math.ceil(gone.count(deleted) / 4);
  const returnCount = counts.returners ?? Math.ceil(gone.size / 2);
  const purged = gone.take(purgeCount, binned);
  const rehiredFrom = gone.take(rehireCount, deleted);
  const returned = gone.take(returnCount, (person) => person.state !== 'purged');

  for (const objectId of renamed) tenant.rename(objectId);
  for (const objectId of retitled) tenant.changeTitle(objectId);
  for (const objectId of rephoned) tenant.changePhones(objectId);
  for (const objectId of left) tenant.leave(objectId, random.pick(DEPARTURES));
  for (const objectId of transferred) tenant.transfer(objectId);
  for (const objectId of relocated) tenant.relocate(objectId);
  const underOtherManager = toOtherManager.filter(
    (objectId) => tenant.get(objectId) !== tenant.changeManager(objectId), // the same object: there was no other one
  );
  for (const objectId of withoutManager) tenant.setManager(objectId, null);
  for (const objectId of purged) tenant.purge(objectId);
  for (const objectId of returned) tenant.comeBack(objectId);
  const rehired = rehiredFrom.map((objectId) => tenant.rehire(objectId).objectId);
  const joined = Array.from({ length: joiners }, () => tenant.hire().objectId);
  return {
    joined,
    renamed,
    retitled,
    rephoned,
    transferred,
    relocated,
    underOtherManager,
    withoutManager,
    left,
    returned,
    purged,
    rehired,
    rehiredFrom,
  };
}

const DEPARTURES: readonly Departure[] = ['block', 'unassign', 'softDelete'];

/** People from whom each kind of change takes its own, so that nobody is taken twice. */
class Pool {
  #people: DirectoryPerson[];
  readonly #random: Random;
  readonly size: number;

  constructor(people: DirectoryPerson[], random: Random) {
    this.#people = people;
    this.#random = random;
    this.size = people.length;
  }

  count(matches: (person: DirectoryPerson) => boolean): number {
    return this.#people.filter(matches).length;
  }

  take(count: number, matches: (person: DirectoryPerson) => boolean = () => true): string[] {
    const taken = new Set(this.#random.sample(this.#people.filter(matches), count));
    this.#people = this.#people.filter((person) => !taken.has(person));
    return [...taken].map((person) => person.objectId);
  }
}
