/**
 * Requests as nobody should send them, from a seed: the same seed gives the same requests. Every text in them holds
 * `PRIVATE`, which no answer that refuses may repeat. Knows the shapes of SCIM, and nothing of the endpoint's code.
 */
import { CORE_USER } from './scim-api.ts';

/** Cannot be part of an attribute's name, which a refusal may repeat. */
export const PRIVATE = 'fz@7q';

export interface FuzzRequest {
  readonly method: string;
  /** Below the base path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A number of 0 up to 1 (mulberry32): small, fast, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const wordsOf = (text: string): string[] => text.trim().split(/\s+/);
const linesOf = (text: string): string[] => text.trim().split(/\s*\n\s*/);

const NAMES = wordsOf(`
  userName externalId active displayName title emails phoneNumbers name roles id meta schemas addresses groups password
  nickName value type primary givenName $ref x509Certificates manager department isAgent members USERNAME a.b.c
  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User __proto__ constructor toString hasOwnProperty
  urn:ietf:params:scim:schemas:extension:freshservice:2.0:User`).concat('', ' ');
const PATHS = linesOf(`
  title
  active
  userName
  externalId
  id
  name
  name.givenName
  name.
  emails
  emails[type eq "work"]
  emails[type eq "work"].value
  emails[value eq "x"].display
  emails[
  emails[]
  phoneNumbers[type eq "mobile"].value
  addresses[type eq "work"].formatted
  roles[primary eq "True"].value
  [type eq "work"]
  manager
  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager
  urn:ietf:params:scim:schemas:extension:freshservice:2.0:User
  .
  é`);
const FILTERS = linesOf(`
  userName eq "x"
  userName eq null
  externalId eq "x"
  id eq "x"
  emails[type eq "work"].value eq "x"
  emails[type eq "work" and value co "@"]
  roles[primary eq "True"]
  active eq true
  title pr
  not (title pr)
  groups pr
  manager eq "x"
  schemas eq "x"
  meta.lastModified gt "2020-01-01T00:00:00Z"
  name.familyName co "o" and (title sw "E" or active eq false)`);
const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  'é'.normalize('NFD'),
  '😀',
  '"',
  '\\',
  '%',
  '\n',
  '{',
  'İ',
  'ß',
  '\ufeff',
  'null',
];

/** Makes requests about the users whose ids it is given. */
export class RequestMaker {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  next(ids: readonly string[]): FuzzRequest {
    const id = this.#chance(0.9) ? this.#pick(ids) : this.#text();
    const user = `/Users/${this.#chance(0.95) ? encodeURIComponent(id.toWellFormed()) : this.#pick(['%zz', '%00', '..', '%ff'])}`;
    const shapes: readonly (() => Pick<FuzzRequest, 'method' | 'path' | 'body'>)[] = [
      () => ({ method: 'POST', path: '/Users', body: this.#bodyOf(this.#user()) }),
      () => ({ method: 'PUT', path: user, body: this.#bodyOf(this.#user()) }),
      () => ({ method: 'PATCH', path: user, body: this.#bodyOf(this.#patch()) }),
      () => ({ method: 'PATCH', path: user, body: this.#bodyOf(this.#patch()) }),
      () => ({ method: 'GET', path: `/Users?${this.#query()}`, body: '' }),
      () => ({
        method: 'POST',
        path: this.#pick(['/Users/.search', '/.search', '/Groups/.search']),
        body: this.#bodyOf(this.#search()),
      }),
      () => ({ method: this.#pick(['GET', 'DELETE']), path: user, body: '' }),
      () => ({
        method: this.#pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
        path: `/${this.#pick(['Groups', 'Me', 'Bulk', 'Schemas', 'ResourceTypes', 'Nope', '', 'Users/x/y', encodeURIComponent(PRIVATE)])}?${this.#query()}`,
        body: this.#chance(0.5) ? '' : this.#bodyOf(this.#json(3)),
      }),
    ];
    return { ...this.#pick(shapes)(), headers: this.#headers() };
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #upTo(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(choices: readonly T[]): T {
    const choice = choices[this.#upTo(choices.length)];
    if (choice === undefined) throw new RangeError('nothing to pick from');
    return choice;
  }

  #many<T>(limit: number, make: () => T): T[] {
    return Array.from({ length: this.#upTo(limit) }, make);
  }

  #text(): string {
    const odd = this.#chance(0.2) ? this.#pick(ODD_TEXTS) : '';
    const long = this.#chance(0.02) ? 'x'.repeat(this.#upTo(20_000)) : '';
    return `${PRIVATE}${this.#upTo(50)}${odd}${long}`;
  }

  #json(depth: number): Json {
    const leaf = (): Json =>
      this.#pick<() => Json>([
        () => this.#text(),
        () => this.#pick([0, -1, 1e308, 1.5, 2 ** 53]),
        () => this.#chance(0.5),
        () => null,
        () => this.#pick(['True', 'false', 'work', '']),
      ])();
    if (depth === 0 || this.#chance(0.4)) return leaf();
    if (this.#chance(0.4)) return this.#many(4, () => this.#json(depth - 1));
    return Object.fromEntries(this.#many(5, () => [this.#pick(NAMES), this.#json(depth - 1)]));
  }

  #user(): Json {
    const user: Json = {
      schemas: [CORE_USER],
      userName: `${this.#text()}@x.example`,
      externalId: `${this.#text()}${this.#upTo(1000)}`,
      active: this.#pick<Json>([true, false, 'True', 'False']),
      name: { givenName: this.#text(), familyName: this.#text() },
      emails: [{ type: 'work', primary: true, value: this.#text() }],
      phoneNumbers: this.#many(3, () => ({ type: this.#pick(['work', 'mobile']), value: this.#text() })),
    };
    return this.#mutated(user);
  }

  #patch(): Json {
    const Operations = this.#many(
      4,
      (): Json => ({
        op: this.#pick(['Add', 'Replace', 'Remove', 'add', 'replace', 'remove']),
        ...(this.#chance(0.8) ? { path: this.#pick(PATHS) } : {}),
        ...(this.#chance(0.9) ? { value: this.#chance(0.5) ? this.#text() : this.#json(3) } : {}),
      }),
    );
    return this.#mutated({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
  }

  #search(): Json {
    return this.#mutated({
      filter: this.#filter(),
      startIndex: this.#upTo(20),
      count: this.#upTo(20),
      attributes: ['userName'],
    });
  }

  /** Half of the bodies stay as they are; in the others some members become anything. */
  #mutated(object: { [name: string]: Json }): Json {
    if (this.#chance(0.5)) return object;
    const changes = this.#many(
      4,
      () => [this.#pick([...Object.keys(object), ...NAMES]), this.#json(3)] as const,
    );
    return { ...object, ...Object.fromEntries(changes) };
  }

  #filter(): string {
    const filter = this.#pick(FILTERS).replace('"x"', () => JSON.stringify(this.#text()));
    return this.#chance(0.7) ? filter : this.#damaged(`${filter} and ${this.#pick(FILTERS)}`);
  }

  #query(): string {
    const parts = this.#many(4, () =>
      this.#pick([
        () => `filter=${encodeURIComponent(this.#filter().toWellFormed())}`,
        () => `startIndex=${this.#pick(['1', '0', '-5', '99999999999999999999', 'x', ''])}`,
        () => `count=${this.#pick(['1', '0', '-5', '200', '1e9', ''])}`,
        () => `attributes=${this.#pick(NAMES)},${this.#pick(NAMES)}`,
        () => `excludedAttributes=${this.#pick(NAMES)}`,
        () => this.#pick(['%', '%zz', 'a&b', '=', 'filter', '__proto__=1', 'sortBy=title', 'sortOrder=x']),
      ])(),
    );
    return parts.join('&').replaceAll(' ', '+');
  }

  #bodyOf(value: Json): string {
    const text = JSON.stringify(value);
    return this.#chance(0.9) ? text : this.#damaged(text);
  }

  #damaged(text: string): string {
    const [from, length] = [this.#upTo(text.length), this.#upTo(20)];
    const inserted = this.#pick([
      ...ODD_TEXTS,
      '(',
      ')',
      '[',
      ']',
      '}',
      ' and ',
      ' eq ',
      '((((((((',
      '[[[[[[[[',
      ',,',
      '1e999',
    ]);
    return text.slice(0, from) + inserted + text.slice(from + length);
  }

  #headers(): Record<string, string> {
    return {
      ...(this.#chance(0.95) ? { 'content-type': 'application/scim+json; charset=utf-8' } : {}),
      ...(this.#chance(0.02)
        ? { 'content-type': this.#pick(['text/plain', 'application/json', ';', 'a/b/c']) }
        : {}),
      ...(this.#chance(0.02) ? { 'content-encoding': 'gzip' } : {}),
      ...(this.#chance(0.05) ? { 'if-match': this.#pick(['W/"1"', '*', '"2"', 'x', ',,,']) } : {}),
      ...(this.#chance(0.05) ? { 'if-none-match': this.#pick(['W/"1"', '*', '"2"', 'x']) } : {}),
      ...(this.#chance(0.02) ? { authorization: `Bearer ${PRIVATE}` } : {}),
    };
  }

  /** The bytes of a request, damaged: perhaps no HTTP any more. */
  damagedBytes(bytes: string): string {
    return this.#damaged(bytes);
  }
}
