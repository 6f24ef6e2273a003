// All people of the account with their indexes. Looking up by id, address, external id or phone never scans.
import { MultiIndex } from './multi-index.ts';
import { NameOrder } from './name-order.ts';
import type { User } from './user.ts';

/** A list of people in the order of their first names. */
export type View = 'requesters' | 'agents' | 'everyone';

/** Records that should be one: people with the same address or external id, departments with the same name. */
export interface Duplicate {
  readonly by: 'address' | 'external_id' | 'department_name';
  readonly value: string;
  readonly ids: readonly number[];
}

/** The users table. It does not judge: what may be written is decided before. */
export class UserTable {
  readonly #byId = new Map<number, User>();
  readonly #byPrimary = new MultiIndex();
  readonly #byAddress = new MultiIndex();
  readonly #byExternalId = new MultiIndex();
  readonly #byPhone = new MultiIndex();
  readonly #orders: Record<View, NameOrder> = {
    requesters: new NameOrder(),
    agents: new NameOrder(),
    everyone: new NameOrder(),
  };

  get(id: number): User | undefined {
    return this.#byId.get(id);
  }

  /** Adds or replaces a person. */
  put(user: User): void {
    this.remove(user.id, user);
    this.#byId.set(user.id, user);
    for (const address of addressesOf(user)) this.#byAddress.add(address, user.id);
    if (user.primary_email !== null) this.#byPrimary.add(user.primary_email, user.id);
    if (user.external_id !== null) this.#byExternalId.add(user.external_id, user.id);
    for (const phone of phonesOf(user)) this.#byPhone.add(phone, user.id);
    this.#orders[user.is_agent ? 'agents' : 'requesters'].put(user.id, user.first_name);
    this.#orders.everyone.put(user.id, user.first_name);
  }

  /** Takes a person out. With `successor` the orders that stay the same are left alone. */
  remove(id: number, successor?: User): void {
    const user = this.#byId.get(id);
    if (user === undefined) return;
    this.#byId.delete(id);
    for (const address of addressesOf(user)) this.#byAddress.remove(address, id);
    if (user.primary_email !== null) this.#byPrimary.remove(user.primary_email, id);
    if (user.external_id !== null) this.#byExternalId.remove(user.external_id, id);
    for (const phone of phonesOf(user)) this.#byPhone.remove(phone, id);
    if (successor?.is_agent !== user.is_agent)
      this.#orders[user.is_agent ? 'agents' : 'requesters'].remove(id);
    if (successor === undefined) this.#orders.everyone.remove(id);
  }

  size(view: View): number {
    return this.#orders[view].size;
  }

  /** One slice of a list. */
  slice(view: View, offset: number, limit: number): User[] {
    return this.#resolve(this.#orders[view].slice(offset, limit));
  }

  /** A whole list. */
  all(view: View): User[] {
    return this.#resolve(this.#orders[view].all());
  }

  /** People whose primary address is this one, whatever its case. */
  byPrimary(address: string): User[] {
    return this.#resolve(this.#byPrimary.get(address.toLowerCase()));
  }

  /** People who have this primary or secondary address, whatever its case. */
  byAddress(address: string): User[] {
    return this.#resolve(this.#byAddress.get(address.toLowerCase()));
  }

  byExternalId(externalId: string): User[] {
    return this.#resolve(this.#byExternalId.get(externalId));
  }

  /** People who have this work or mobile number, written exactly so. */
  byPhone(phone: string): User[] {
    return this.#resolve(this.#byPhone.get(phone));
  }

  /** People who should be one person. */
  duplicates(): Duplicate[] {
    return [
      ...this.#byAddress.shared().map((shared) => ({ by: 'address' as const, ...shared })),
      ...this.#byExternalId.shared().map((shared) => ({ by: 'external_id' as const, ...shared })),
    ];
  }

  #resolve(ids: Iterable<number>): User[] {
    const users: User[] = [];
    for (const id of ids) {
      const user = this.#byId.get(id);
      if (user !== undefined) users.push(user);
    }
    return users;
  }
}

function addressesOf(user: User): string[] {
  return user.primary_email === null ? user.secondary_emails : [user.primary_email, ...user.secondary_emails];
}

function phonesOf(user: User): string[] {
  return [user.work_phone_number, user.mobile_phone_number].filter((phone) => phone !== null);
}
