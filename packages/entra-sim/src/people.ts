// Makes people, and new versions of them. Every hundred people hold the same mix of hard cases (guests, plus addresses,
// apostrophes, long and single names), so that a small tenant meets them too. Addresses are never given out twice.
import { type Details, detailsFor, withDepartment, withOtherOffice } from './details.ts';
import { GUEST_DOMAINS, TITLES } from './names.ts';
import { hardCaseOf, type Name, nameFor, newNameFor, writtenName } from './naming.ts';
import type { Random } from './random.ts';

/** What Entra knows about a person; immutable, a change makes a new one. */
export interface Person {
  /** Entra's id of the directory object; a rehired person gets a new one. */
  readonly objectId: string;
  /** Of a guest: the original address with `@` as `_`, then `#EXT#@` and the tenant's domain. */
  readonly userPrincipalName: string;
  /** Equals the sign-in address except for one person in two hundred. */
  readonly mail: string;
  readonly mailNickname: string;
  readonly displayName: string;
  readonly givenName: string | undefined;
  readonly surname: string | undefined;
  readonly jobTitle: string | undefined;
  readonly telephoneNumber: string | undefined;
  readonly mobile: string | undefined;
  readonly department: string | undefined;
  /** Undefined in a tenant of `attributes: 'basic'`. */
  readonly details: Details | undefined;
}

const LOCAL_PART_MAX = 64; // RFC 5321 §4.5.3.1.1
const NUMBER_DIGITS = 7;
const GUEST_MARK = '#EXT#';

/** The address that Entra matches and sends as userName: the UPN, of a guest the original address. */
export function signInAddressOf(person: Pick<Person, 'userPrincipalName'>): string {
  const mark = person.userPrincipalName.indexOf(GUEST_MARK);
  if (mark === -1) return person.userPrincipalName;
  const original = person.userPrincipalName.slice(0, mark);
  const at = original.lastIndexOf('_'); // domains hold no underscore
  return `${original.slice(0, at)}@${original.slice(at + 1)}`;
}

function isGuest(person: Pick<Person, 'userPrincipalName'>): boolean {
  return person.userPrincipalName.includes(GUEST_MARK);
}

/** Makes and changes people of one tenant; remembers every address that it gave out. */
export class PeopleFactory {
  readonly #random: Random;
  readonly #domain: string;
  readonly #departments: readonly string[];
  readonly #hasDetails: boolean;
  readonly #taken = new Set<string>();
  /** Last number given to each name. */
  readonly #numbers = new Map<string, number>();
  #hired = 0;
  #phones = 0;

  /** `departments` empty means that nobody has one. */
  constructor(random: Random, domain: string, departments: readonly string[], hasDetails = false) {
    this.#random = random;
    this.#domain = domain;
    this.#departments = departments;
    this.#hasDetails = hasDetails;
  }

  hire(): Person {
    const place = this.#hired;
    const hardCase = hardCaseOf(place);
    this.#hired += 1;
    const name = nameFor(hardCase, this.#random);
    const addresses =
      hardCase === 'guest' || hardCase === 'plus guest'
        ? this.#guestAddresses(name, hardCase === 'guest' ? '' : '+larkspur')
        : this.#memberAddresses(name);
    const mail =
      hardCase === 'own mail'
        ? this.#freeAddress([addresses.mailNickname, 'mail'], this.#domain)
        : addresses.mail;
    const person = {
      objectId: this.#random.guid(),
      ...addresses,
      mail,
      ...writtenName(name),
      jobTitle: this.#hired % 9 === 0 ? undefined : this.#random.pick(TITLES),
      telephoneNumber: this.#hired % 3 === 0 ? undefined : this.#newPhone(),
      mobile: this.#hired % 4 === 0 ? undefined : this.#newPhone(),
      department: this.#departments.length > 0 ? this.#random.pick(this.#departments) : undefined,
      details: undefined,
    };
    if (!this.#hasDetails) return person;
    const { department } = person;
    return { ...person, details: detailsFor({ place, department, isGuest: isGuest(person) }, this.#random) };
  }

  /** A new name; for members a new UPN, nickname and mail too. Guests keep the address of their own organisation. */
  rename(person: Person): Person {
    const name = newNameFor(person, this.#random);
    if (isGuest(person)) return { ...person, ...writtenName(name) };
    const addresses = this.#memberAddresses(name);
    const mail = person.mail === person.userPrincipalName ? addresses.mail : person.mail;
    return { ...person, ...addresses, mail, ...writtenName(name) };
  }

  retitle(person: Person): Person {
    return { ...person, jobTitle: this.#random.pick(TITLES.filter((title) => title !== person.jobTitle)) };
  }

  /** New work and mobile numbers. */
  rephone(person: Person): Person {
    return { ...person, telephoneNumber: this.#newPhone(), mobile: this.#newPhone() };
  }

  /** Another department and its cost centre; the same person when there is no other one. */
  transfer(person: Person): Person {
    const others = this.#departments.filter((name) => name !== person.department);
    if (others.length === 0) return person;
    const department = this.#random.pick(others);
    return { ...person, department, details: person.details && withDepartment(person.details, department) };
  }

  /** Another office: location, address, language and time zone. Only for people with details. */
  relocate(person: Person): Person {
    return { ...person, details: person.details && withOtherOffice(person.details, this.#random) };
  }

  /** The same person and addresses as a new directory object. */
  rehire(person: Person): Person {
    return { ...person, objectId: this.#random.guid() };
  }

  #memberAddresses(name: Name): Addresses {
    const upn = this.#freeAddress(asciiWordsOf(name), this.#domain);
    return { userPrincipalName: upn, mail: upn, mailNickname: upn.slice(0, upn.indexOf('@')) };
  }

  #guestAddresses(name: Name, tag: string): Addresses {
    const original = this.#freeAddress(asciiWordsOf(name), this.#random.pick(GUEST_DOMAINS), tag);
    const nickname = `${original.replace('@', '_')}${GUEST_MARK}`;
    return { userPrincipalName: `${nickname}@${this.#domain}`, mail: original, mailNickname: nickname };
  }

  /** `local@host`, with a number behind the name when somebody has or had that address. */
  #freeAddress(words: readonly string[], host: string, tag = ''): string {
    const longest = LOCAL_PART_MAX - tag.length - NUMBER_DIGITS;
    const base = words
      .join('.')
      .slice(0, longest)
      .replace(/[.']+$/, '');
    for (;;) {
      const number = (this.#numbers.get(base) ?? 0) + 1;
      this.#numbers.set(base, number);
      const address = `${base}${number === 1 ? '' : number}${tag}@${host}`;
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return address;
    }
  }

  #newPhone(): string {
    this.#phones += 1;
    const digits = String(this.#phones).padStart(6, '0');
    const forms = [`+351 21 ${digits}`, `+44 (0)20 7${digits}`, `+1-555-${digits}`, `0049.30.${digits}`];
    return this.#random.pick(forms);
  }
}

interface Addresses {
  readonly userPrincipalName: string;
  readonly mail: string;
  readonly mailNickname: string;
}

function asciiWordsOf(name: Name): string[] {
  return name.parts.map(([, ascii]) => ascii);
}
