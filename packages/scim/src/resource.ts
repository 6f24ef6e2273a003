// A resource in the form in which it is stored, and what other packages ask of one.

import { isJsonObject, member } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { ResourceType } from './schema/resource-type.ts';

/**
 * A resource as stored: names in the schema's case, extension objects under their URN; no `schemas`, `id` or `meta`,
 * no nulls, no empty text, lists or objects.
 */
export type Attributes = { readonly [name: string]: JsonValue };

/** The URNs that `schemas` lists: the core one and those of the extensions that have data (RFC 7643 §3.1). */
export function schemasOf(type: ResourceType, attributes: Attributes): string[] {
  const used = type.extensions.filter((extension) => Object.hasOwn(attributes, extension.urn));
  return [type.core.urn, ...used.map((extension) => extension.urn)];
}

/** The userName as it was sent; '' for a resource that has none, which no parsed User is. */
export function userNameOf(attributes: Attributes): string {
  return textOf(attributes, 'userName') ?? '';
}

/** The client's own identifier, compared with case. */
export function externalIdOf(attributes: Attributes): string | undefined {
  return textOf(attributes, 'externalId');
}

/** False only for a person who was disabled. */
export function isActive(attributes: Attributes): boolean {
  return attributes.active !== false;
}

/**
 * Every address of the person, whatever its type, in lower case and none twice: what a look-up by `email` finds. As many
 * as a list may have elements, 200.
 */
export function emailsOf(attributes: Attributes): string[] {
  const addresses = emailElementsOf(attributes).map((email) => textOf(email, 'value')?.toLowerCase());
  return [...new Set(addresses.filter((address) => address !== undefined))];
}

/** The first address of type "work", as it was sent; never one of another type. */
export function workEmailOf(attributes: Attributes): string | undefined {
  const work = emailElementsOf(attributes).find((email) => textOf(email, 'type')?.toLowerCase() === 'work');
  return work === undefined ? undefined : textOf(work, 'value');
}

const WORDS_MAX = 32;
const WORD_LENGTH_MAX = 100;
const NAME_PARTS = ['formatted', 'givenName', 'middleName', 'familyName'];

/**
 * Lower-cased words by whose beginnings people look for a person: those of the names, and of userName and e-mail
 * addresses what stands before the @, and these also whole. At most 32 of at most 100 characters, without repetition
 * and without a word that begins another one: whoever looks for it finds the longer one.
 */
export function displayWordsOf(attributes: Attributes): string[] {
  const name = isJsonObject(attributes.name) ? attributes.name : {};
  const addresses = [userNameOf(attributes), ...emailsOf(attributes)];
  const names = [
    textOf(attributes, 'displayName') ?? '',
    ...NAME_PARTS.map((part) => textOf(name, part) ?? ''),
  ];
  const whole = addresses.map((address) => address.toLowerCase().trim());
  const words = [...names, ...whole.map(localPartOf)].flatMap(wordsOf);
  const fitting = [...whole, ...words].filter((word) => word.length > 0 && word.length <= WORD_LENGTH_MAX);
  return withoutBeginnings([...new Set(fitting)].slice(0, WORDS_MAX));
}

/** In the order of code units whatever begins with a word follows it at once. */
function withoutBeginnings(words: readonly string[]): string[] {
  return words.toSorted().filter((word, index, sorted) => !sorted[index + 1]?.startsWith(word));
}

/** Nobody looks for a person by a domain that everybody shares. */
function localPartOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : address.slice(0, at);
}

/** Runs of letters, marks and digits of any script, composed (NFC). */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

function emailElementsOf(attributes: Attributes): JsonObject[] {
  return Array.isArray(attributes.emails) ? attributes.emails.filter(isJsonObject) : [];
}

function textOf(object: Attributes, name: string): string | undefined {
  const value = member(object, name);
  return typeof value === 'string' ? value : undefined;
}
