/**
 * Requests as nobody should send them, from a seed: the same seed gives the same requests. Every text in them holds
 * `PRIVATE`, which no answer that refuses may repeat. Knows the shapes of SCIM, and nothing of the endpoint's code.
 */
import { makeFilter } from './fuzz-filters.ts';
import { Random } from './fuzz-random.ts';
import { COLLECTIONS, GROUP_PATHS, NAMES, ODD_TEXTS, PATCH_OP, PATHS } from './fuzz-words.ts';
import { CORE_GROUP, CORE_USER } from './scim-api.ts';

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

/** Makes requests about the users whose ids it is given. */
export class RequestMaker {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** @param users ids of users, @param groups ids of groups: mostly there are such */
  next(users: readonly string[], groups: readonly string[]): FuzzRequest {
    const user = this.#address('/Users', users);
    const group = this.#address('/Groups', groups);
    const shapes: readonly (() => Pick<FuzzRequest, 'method' | 'path' | 'body'>)[] = [
      () => ({ method: 'POST', path: '/Users', body: this.#bodyOf(this.#user()) }),
      () => ({ method: 'PUT', path: user, body: this.#bodyOf(this.#user()) }),
      () => ({ method: 'PATCH', path: user, body: this.#bodyOf(this.#patch(PATHS)) }),
      () => ({ method: 'PATCH', path: user, body: this.#bodyOf(this.#patch(PATHS)) }),
      () => ({ method: 'POST', path: '/Groups', body: this.#bodyOf(this.#group([...users, ...groups])) }),
      () => ({ method: 'PUT', path: group, body: this.#bodyOf(this.#group([...users, ...groups])) }),
      () => ({
        method: 'PATCH',
        path: this.#withQuery(group),
        body: this.#bodyOf(this.#membersPatch(users)),
      }),
      () => ({ method: 'PATCH', path: group, body: this.#bodyOf(this.#patch(GROUP_PATHS)) }),
      () => ({ method: 'GET', path: `${this.#random.pick(COLLECTIONS)}?${this.#query()}`, body: '' }),
      () => ({ method: 'GET', path: `${this.#random.pick(COLLECTIONS)}?${this.#query()}`, body: '' }),
      () => ({
        method: 'POST',
        path: `${this.#random.pick(COLLECTIONS)}/.search`,
        body: this.#bodyOf(this.#search()),
      }),
      () => ({ method: this.#random.pick(['GET', 'DELETE']), path: this.#withQuery(user), body: '' }),
      () => ({ method: this.#random.pick(['GET', 'GET', 'DELETE']), path: this.#withQuery(group), body: '' }),
      () => ({
        method: this.#random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
        path: `/${this.#random.pick(['Groups', 'Me', 'Bulk', 'Schemas', 'ResourceTypes', 'Nope', '', 'Users/x/y', encodeURIComponent(PRIVATE)])}?${this.#query()}`,
        body: this.#random.chance(0.5) ? '' : this.#bodyOf(this.#json(3)),
      }),
    ];
    return { ...this.#random.pick(shapes)(), headers: this.#headers() };
  }

  #address(collection: string, ids: readonly string[]): string {
    const id = this.#random.chance(0.9) ? this.#random.pick(ids) : this.#text();
    const odd = ['%zz', '%00', '..', '%ff'];
    return `${collection}/${this.#random.chance(0.95) ? encodeURIComponent(id.toWellFormed()) : this.#random.pick(odd)}`;
  }

  #withQuery(path: string): string {
    return this.#random.chance(0.3) ? `${path}?${this.#query()}` : path;
  }

  #text(): string {
    const odd = this.#random.chance(0.2) ? this.#random.pick(ODD_TEXTS) : '';
    const long = this.#random.chance(0.02) ? 'x'.repeat(this.#random.upTo(20_000)) : '';
    return `${PRIVATE}${this.#random.upTo(50)}${odd}${long}`;
  }

  #json(depth: number): Json {
    const leaf = (): Json =>
      this.#random.pick<() => Json>([
        () => this.#text(),
        () => this.#random.pick([0, -1, 1e308, 1.5, 2 ** 53]),
        () => this.#random.chance(0.5),
        () => null,
        () => this.#random.pick(['True', 'false', 'work', '']),
      ])();
    if (depth === 0 || this.#random.chance(0.4)) return leaf();
    if (this.#random.chance(0.4)) return this.#random.many(4, () => this.#json(depth - 1));
    return Object.fromEntries(this.#random.many(5, () => [this.#random.pick(NAMES), this.#json(depth - 1)]));
  }

  #user(): Json {
    const user: Json = {
      schemas: [CORE_USER],
      userName: `${this.#text()}@x.example`,
      externalId: `${this.#text()}${this.#random.upTo(1000)}`,
      active: this.#random.pick<Json>([true, false, 'True', 'False']),
      name: { givenName: this.#text(), familyName: this.#text() },
      emails: [{ type: 'work', primary: true, value: this.#text() }],
      phoneNumbers: this.#random.many(3, () => ({
        type: this.#random.pick(['work', 'mobile']),
        value: this.#text(),
      })),
    };
    return this.#mutated(user);
  }

  #group(ids: readonly string[]): Json {
    return this.#mutated({
      schemas: [CORE_GROUP],
      displayName: `${this.#text()}${this.#random.upTo(1000)}`,
      externalId: this.#text(),
      members: this.#members(ids),
    });
  }

  /** Mostly of those ids, some of nobody, some twice; now and then by the thousand. */
  #members(ids: readonly string[]): Json[] {
    const limit = this.#random.chance(0.02) ? 5_000 : 8;
    return this.#random.many(limit, (): Json => {
      const value = this.#random.chance(0.8) ? this.#random.pick(ids) : `nobody-${this.#random.upTo(1e6)}`;
      return this.#random.chance(0.05) ? this.#json(2) : { $ref: null, value };
    });
  }

  #membersPatch(ids: readonly string[]): Json {
    const isLarge = this.#random.chance(0.02);
    const operation = (): Json => {
      const id = this.#random.pick(ids);
      return this.#random.pick<() => Json>([
        () => ({ op: 'Add', path: 'members', value: this.#members(ids) }),
        () => ({ op: 'Remove', path: 'members', value: this.#members(ids) }),
        () => ({ op: 'Remove', path: 'members', value: id }),
        () => ({ op: 'remove', path: `members[value eq "${id}"]` }),
        () => ({ op: 'remove', path: `members[${makeFilter(this.#random, PRIVATE)}]` }),
        () => ({ op: 'replace', value: { members: this.#members(ids), displayName: this.#text() } }),
        () => ({ op: 'Remove', path: 'members' }),
      ])();
    };
    const removals = (): Json => ({ op: 'remove', path: `members[value eq "${this.#random.pick(ids)}"]` });
    const Operations = isLarge ? this.#random.many(2_000, removals) : this.#random.many(4, operation);
    return this.#mutated({ schemas: [PATCH_OP], Operations });
  }

  #patch(paths: readonly string[]): Json {
    const Operations = this.#random.many(
      4,
      (): Json => ({
        op: this.#random.pick(['Add', 'Replace', 'Remove', 'add', 'replace', 'remove']),
        ...(this.#random.chance(0.8) ? { path: this.#random.pick(paths) } : {}),
        ...(this.#random.chance(0.9)
          ? { value: this.#random.chance(0.5) ? this.#text() : this.#json(3) }
          : {}),
      }),
    );
    return this.#mutated({ schemas: [PATCH_OP], Operations });
  }

  #search(): Json {
    return this.#mutated({
      filter: this.#filter(),
      startIndex: this.#random.upTo(20),
      count: this.#random.upTo(20),
      attributes: ['userName', this.#random.pick(NAMES)],
      ...(this.#random.chance(0.3)
        ? { sortBy: this.#random.pick(NAMES), sortOrder: this.#random.pick(['ascending', 'descending', 'x']) }
        : {}),
      ...(this.#random.chance(0.2) ? { cursor: this.#cursor() } : {}),
    });
  }

  /** Half of the bodies stay as they are; in the others some members become anything. */
  #mutated(object: { [name: string]: Json }): Json {
    if (this.#random.chance(0.5)) return object;
    const changes = this.#random.many(
      4,
      () => [this.#random.pick([...Object.keys(object), ...NAMES]), this.#json(3)] as const,
    );
    return { ...object, ...Object.fromEntries(changes) };
  }

  #filter(): string {
    const filter = makeFilter(this.#random, this.#text());
    return this.#random.chance(0.7) ? filter : this.#damaged(filter);
  }

  #cursor(): string {
    const made = `${Date.now() - this.#random.upTo(60_000)}_${this.#random.upTo(1e9)}`;
    return this.#random.pick(['', '', made, 'x', '1_', '99999999999999_z', PRIVATE]);
  }

  #query(): string {
    const parts = this.#random.many(4, () =>
      this.#random.pick([
        () => `filter=${encodeURIComponent(this.#filter().toWellFormed())}`,
        () => `startIndex=${this.#random.pick(['1', '0', '-5', '99999999999999999999', 'x', ''])}`,
        () => `count=${this.#random.pick(['1', '0', '-5', '200', '1e9', ''])}`,
        () => `attributes=${this.#random.pick(NAMES)},${this.#random.pick(NAMES)}`,
        () => `excludedAttributes=${this.#random.pick(NAMES)}`,
        () =>
          `sortBy=${this.#random.pick([...NAMES, 'meta.created', 'name.familyName', 'emails', 'members.value'])}`,
        () => `sortOrder=${this.#random.pick(['ascending', 'descending', 'x'])}`,
        () => `cursor=${this.#cursor()}`,
        () => this.#random.pick(['%', '%zz', 'a&b', '=', 'filter', '__proto__=1']),
      ])(),
    );
    return parts.join('&').replaceAll(' ', '+');
  }

  #bodyOf(value: Json): string {
    const text = JSON.stringify(value);
    return this.#random.chance(0.9) ? text : this.#damaged(text);
  }

  #damaged(text: string): string {
    const [from, length] = [this.#random.upTo(text.length), this.#random.upTo(20)];
    const inserted = this.#random.pick([
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
      ...(this.#random.chance(0.95) ? { 'content-type': 'application/scim+json; charset=utf-8' } : {}),
      ...(this.#random.chance(0.02)
        ? { 'content-type': this.#random.pick(['text/plain', 'application/json', ';', 'a/b/c']) }
        : {}),
      ...(this.#random.chance(0.02) ? { 'content-encoding': 'gzip' } : {}),
      ...(this.#random.chance(0.05)
        ? { 'if-match': this.#random.pick(['W/"1"', '*', '"2"', 'x', ',,,']) }
        : {}),
      ...(this.#random.chance(0.05)
        ? { 'if-none-match': this.#random.pick(['W/"1"', '*', '"2"', 'x']) }
        : {}),
      ...(this.#random.chance(0.02) ? { authorization: `Bearer ${PRIVATE}` } : {}),
    };
  }

  /** The bytes of a request, damaged: perhaps no HTTP any more. */
  damagedBytes(bytes: string): string {
    return this.#damaged(bytes);
  }
}
