// The directory of one simulated Entra tenant: who exists, who is assigned, enabled or deleted. Every change gives the
// object a new sequence number, so that a cycle can ask what changed (as Graph's delta query does). Knows nothing of SCIM.
import { DEPARTMENTS } from './details.ts';
import { PeopleFactory, type Person, signInAddressOf } from './people.ts';
import { createRandom, type Random } from './random.ts';

/** A directory object with the facts that decide whether it is provisioned. */
export interface DirectoryPerson extends Person {
  readonly accountEnabled: boolean;
  /** Assigned to the application, by itself or by a group. */
  readonly assigned: boolean;
  /** `softDeleted` is the recycle bin; `purged` is gone for good and kept here as a tombstone only. */
  readonly state: 'live' | 'softDeleted' | 'purged';
  /** objectId; null when somebody had a manager, and the directory has none any more; undefined when there never was one. */
  readonly manager: string | null | undefined;
  /** Place in the order of creation, from 0. */
  readonly createdOrder: number;
  /** Sequence number of the last change. */
  readonly changedAt: number;
}

/** How somebody leaves: the account is blocked, the assignment is taken away, or the object goes to the recycle bin. */
export type Departure = 'block' | 'unassign' | 'softDelete';

/** Options of `createTenant`. */
export interface TenantOptions {
  /** Any whole number; the same seed and calls give the same people and changes. */
  readonly seed: number;
  /** People at the start, all assigned and enabled. */
  readonly size: number;
  /** @default 'larkspur.example' */
  readonly domain?: string;
  /** What is mapped to externalId. @default 'objectId' */
  readonly externalId?: 'objectId' | 'mailNickname';
  /** `full`: everybody has details (`Details`) and a department, nearly everybody a manager. @default 'basic' */
  readonly attributes?: 'basic' | 'full';
  /** Department names to hand out. @default [] in a basic tenant (nobody has one), twenty in a full one */
  readonly departments?: readonly string[];
}

/** True when Entra wants the person's account to be active: assigned, enabled and not deleted (IsSoftDeleted false). */
export function isInScope(person: DirectoryPerson): boolean {
  return person.assigned && person.accountEnabled && person.state === 'live';
}

/** A tenant of `size` people. @throws {RangeError} when size is negative or not whole. */
export function createTenant(options: TenantOptions): Tenant {
  if (!Number.isInteger(options.size) || options.size < 0)
    throw new RangeError('size must be a whole number >= 0');
  const domain = options.domain ?? 'larkspur.example';
  const isFull = options.attributes === 'full';
  const departments = options.departments ?? (isFull ? DEPARTMENTS : []);
  const random = createRandom(options.seed);
  const factory = new PeopleFactory(random, domain, departments, isFull);
  const tenant = new Tenant(factory, options.externalId ?? 'objectId', isFull ? random : undefined);
  for (let count = 0; count < options.size; count += 1) tenant.hire();
  return tenant;
}

/** A tenant; operations by objectId throw RangeError when the person is unknown or in a state that forbids them. */
export class Tenant {
  readonly #factory: PeopleFactory;
  readonly #externalId: 'objectId' | 'mailNickname';
  readonly #directory = new Map<string, DirectoryPerson>();
  /** For the choice of managers; undefined in a tenant without. */
  readonly #random: Random | undefined;
  /** objectIds in order of creation. */
  readonly #order: string[] = [];
  /** Sign-in address -> objectId of the last live object that had it. */
  readonly #addressHolders = new Map<string, string>();
  #sequence = 0;

  /** `random` undefined means that nobody has a manager. */
  constructor(factory: PeopleFactory, externalId: 'objectId' | 'mailNickname', random: Random | undefined) {
    this.#factory = factory;
    this.#random = random;
    this.#externalId = externalId;
  }

  /** Everybody that ever was, in order of creation. */
  people(): DirectoryPerson[] {
    return [...this.#directory.values()];
  }

  get(objectId: string): DirectoryPerson {
    const person = this.#directory.get(objectId);
    if (person === undefined) throw new RangeError('no such person in this tenant');
    return person;
  }

  externalIdOf(person: Person): string {
    return person[this.#externalId];
  }

  /** Objects that changed after a sequence number (0: all), in order of creation, and the number to ask with next. */
  changesSince(sequence: number): { readonly people: DirectoryPerson[]; readonly sequence: number } {
    return {
      people: this.people().filter((person) => person.changedAt > sequence),
      sequence: this.#sequence,
    };
  }

  hire(): DirectoryPerson {
    return this.#add(this.#factory.hire());
  }

  rename(objectId: string): DirectoryPerson {
    return this.#edit(objectId, (person) => this.#factory.rename(person));
  }

  changeTitle(objectId: string): DirectoryPerson {
    return this.#edit(objectId, (person) => this.#factory.retitle(person));
  }

  changePhones(objectId: string): DirectoryPerson {
    return this.#edit(objectId, (person) => this.#factory.rephone(person));
  }

  /** To another department; changes nothing where there is only one. */
  transfer(objectId: string): DirectoryPerson {
    return this.#edit(objectId, (person) => this.#factory.transfer(person));
  }

  /** To another office. Changes nothing in a basic tenant. */
  relocate(objectId: string): DirectoryPerson {
    return this.#edit(objectId, (person) => this.#factory.relocate(person));
  }

  /** To another manager, if one who is in scope is found. Changes nothing in a basic tenant. */
  changeManager(objectId: string): DirectoryPerson {
    const person = this.get(objectId);
    const manager = this.#managerFor(person.createdOrder, person.manager);
    return manager === undefined ? person : this.setManager(objectId, manager);
  }

  /** Null takes the manager away. @throws {RangeError} also when they would manage each other */
  setManager(objectId: string, manager: string | null): DirectoryPerson {
    const person = this.get(objectId);
    if (person.state !== 'live') throw new RangeError('a deleted person cannot be edited');
    if (manager !== null) this.#demandBelow(person, manager);
    return this.#store(person, { manager: manager ?? (person.manager === undefined ? undefined : null) });
  }

  leave(objectId: string, how: Departure): DirectoryPerson {
    const person = this.get(objectId);
    if (!isInScope(person)) throw new RangeError('this person has left already');
    return this.#store(person, DEPARTURES[how]);
  }

  /** Undoes any departure. Impossible once another object has the same sign-in address. */
  comeBack(objectId: string): DirectoryPerson {
    const person = this.get(objectId);
    if (person.state === 'purged') throw new RangeError('a purged person cannot come back, only be rehired');
    this.#demandFreeAddress(person);
    return this.#store(person, { accountEnabled: true, assigned: true, state: 'live' });
  }

  /** Hard delete. The reports of a manager are then without one. */
  purge(objectId: string): DirectoryPerson {
    const person = this.get(objectId);
    if (person.state === 'purged') throw new RangeError('this person is purged already');
    for (const report of this.#directory.values()) {
      if (report.manager === objectId) this.#store(report, { manager: null });
    }
    return this.#store(person, { state: 'purged' });
  }

  /** A new object with the name, addresses and details of somebody who was deleted; the manager is chosen anew. */
  rehire(objectId: string): DirectoryPerson {
    const person = this.get(objectId);
    if (person.state === 'live') throw new RangeError('only a deleted person can be rehired');
    this.#demandFreeAddress(person);
    return this.#add(this.#factory.rehire(person));
  }

  #add(person: Person): DirectoryPerson {
    const standing = { accountEnabled: true, assigned: true, state: 'live', changedAt: 0 } as const;
    const createdOrder = this.#directory.size;
    const isOnTheirOwn = createdOrder % SOLO_EVERY === 0;
    const manager = isOnTheirOwn ? undefined : this.#managerFor(createdOrder, undefined);
    this.#order.push(person.objectId);
    return this.#store({ ...person, ...standing, createdOrder, manager }, {});
  }

  /** Somebody in scope of the first eighth of those before, so that managers form trees; undefined when none is found. */
  #managerFor(createdOrder: number, other: string | null | undefined): string | undefined {
    const candidates = Math.ceil(createdOrder / REPORTS_TYPICAL);
    if (this.#random === undefined || candidates === 0) return undefined;
    for (let attempt = 0; attempt < MANAGER_ATTEMPTS; attempt += 1) {
      const objectId = this.#order[this.#random.below(candidates)] ?? '';
      if (objectId !== other && isInScope(this.get(objectId))) return objectId;
    }
    return undefined;
  }

  /** Trees only: nobody is above themselves. */
  #demandBelow(person: DirectoryPerson, manager: string): void {
    let above: string | null | undefined = manager;
    while (typeof above === 'string') {
      if (above === person.objectId) throw new RangeError('these people would manage each other');
      above = this.get(above).manager;
    }
  }

  #edit(objectId: string, edit: (person: Person) => Person): DirectoryPerson {
    const person = this.get(objectId);
    if (person.state !== 'live') throw new RangeError('a deleted person cannot be edited');
    return this.#store(person, edit(person));
  }

  #store(person: DirectoryPerson, change: Partial<DirectoryPerson>): DirectoryPerson {
    this.#sequence += 1;
    const changed = { ...person, ...change, changedAt: this.#sequence };
    this.#directory.set(changed.objectId, changed);
    if (changed.state === 'live') this.#addressHolders.set(signInAddressOf(changed), changed.objectId);
    return changed;
  }

  /** A holder that was renamed or deleted since has given the address up. */
  #demandFreeAddress(person: DirectoryPerson): void {
    const address = signInAddressOf(person);
    const holder = this.#directory.get(this.#addressHolders.get(address) ?? '');
    if (holder === undefined || holder.objectId === person.objectId) return;
    if (holder.state === 'live' && signInAddressOf(holder) === address) {
      throw new RangeError('another person has this address now');
    }
  }
}

/** One person in so many has no manager, the first one included. */
const SOLO_EVERY = 25;
const REPORTS_TYPICAL = 8;
const MANAGER_ATTEMPTS = 20;

const DEPARTURES: Readonly<Record<Departure, Partial<DirectoryPerson>>> = {
  block: { accountEnabled: false },
  unassign: { assigned: false },
  softDelete: { state: 'softDeleted' },
};
