/**
 * Entra's side: what it wants of people, told to the directory as its requests would, and repeated when they are
 * answered with 503. Keeps a model of its own, so that nothing of ours says what is right.
 */
import { type Directory, DirectoryUnavailable } from '@fresh-scim/directory';
import { applyPatch, parsePatch, parseResource, ScimError } from '@fresh-scim/scim';

/** One resource as Entra sees it. */
export interface Person {
  id: string;
  readonly externalId: string;
  address: string;
  title: string;
  /** False once it was disabled. */
  active: boolean;
  deleted: boolean;
  /** Every address that it ever had. */
  readonly addresses: Set<string>;
}

const TRIES_MAX = 5;

export class Tenant {
  readonly people: Person[] = [];
  readonly #directory: Directory;
  #subject: Person | undefined;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Whom a scenario is about: the newest resource unless it says otherwise. @throws {TypeError} when there is none */
  get subject(): Person {
    const subject = this.#subject ?? this.people.at(-1);
    if (!subject) throw new TypeError('nobody was posted yet');
    return subject;
  }

  set subject(person: Person) {
    this.#subject = person;
  }

  async post(address: string, externalId: string, title: string): Promise<Person> {
    const person: Person = {
      id: '',
      externalId,
      address,
      title,
      active: true,
      deleted: false,
      addresses: new Set([address]),
    };
    person.id = await this.#create(person);
    this.people.push(person);
    return person;
  }

  /** A POST whose answer was lost is refused when it is repeated; Entra then finds the user by its name. */
  async #create(person: Person): Promise<string> {
    const attributes = parseResource('User', toUser(person));
    return repeating(async () => {
      try {
        return (await this.#directory.createUser(attributes)).stored.id;
      } catch (error) {
        if (!(error instanceof ScimError && error.status === 409)) throw error;
        const [known] = await this.#directory.lookupUsers({ by: 'userName', value: person.address });
        if (!known) throw error;
        return known.id;
      }
    });
  }

  async rename(person: Person, address: string): Promise<void> {
    if (person.deleted) return;
    person.address = address;
    person.addresses.add(address);
    await this.#patch(
      person,
      { op: 'Replace', path: 'userName', value: address },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: address },
    );
  }

  async retitle(person: Person, title: string): Promise<void> {
    if (person.deleted) return;
    person.title = title;
    await this.#patch(person, { op: 'Replace', path: 'title', value: title });
  }

  async disable(person: Person): Promise<void> {
    if (person.deleted) return;
    person.active = false;
    await this.#patch(person, { op: 'Replace', path: 'active', value: 'False' });
  }

  async enable(person: Person): Promise<void> {
    if (person.deleted) return;
    person.active = true;
    await this.#patch(person, { op: 'Replace', path: 'active', value: 'True' });
  }

  async delete(person: Person): Promise<void> {
    person.deleted = true;
    person.active = false;
    await repeating(() => this.#directory.removeUser(person.id));
  }

  async #patch(person: Person, ...Operations: Record<string, unknown>[]): Promise<void> {
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations };
    const parsed = parsePatch('User', body);
    await repeating(() => this.#directory.mutateUser(person.id, (user) => applyPatch('User', user, parsed)));
  }
}

function toUser(person: Person): Record<string, unknown> {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: person.address,
    externalId: person.externalId,
    displayName: 'Ines Okafor',
    name: { givenName: 'Ines', familyName: 'Okafor' },
    title: person.title,
    emails: [{ type: 'work', primary: true, value: person.address }],
  };
}

async function repeating<T>(request: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await request();
    } catch (error) {
      if (tries === TRIES_MAX || !(error instanceof DirectoryUnavailable)) throw error;
    }
  }
}
