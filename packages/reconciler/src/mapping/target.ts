/**
 * SCIM User -> what the Freshservice account of that person is to look like, as far as the User alone tells; what it
 * refers to is added in references.ts. Pure: no clock, no network, no logger. Attributes carry the names of
 * Freshservice's requester; an agent differs only in the name of its address.
 */

import type { Settings } from '@fresh-scim/connections';
import type { Note } from '@fresh-scim/directory';
import {
  type Attributes,
  externalIdOf,
  isActive,
  type JsonValue,
  userNameOf,
  workEmailOf,
} from '@fresh-scim/scim';
import { toLanguage } from './language.ts';
import { isAddress, sameAddress, toText } from './text.ts';
import { toTimeZone } from './time-zone.ts';

/** Desired state in Freshservice's words. */
export interface Target {
  readonly active: boolean;
  /** Only what Entra has a value for. A custom field goes by `custom_fields.<name>`. */
  readonly attributes: Readonly<Record<string, JsonValue>>;
  /** Values for a new account, and in place of clearing, where Entra has none. Not ours otherwise. */
  readonly defaults: Readonly<Record<string, JsonValue>>;
  /** Lists that are shared with people: only what Entra put there is taken away again. */
  readonly byElement: readonly ('secondary_emails' | 'department_ids')[];
  /** Every address by which the account may be known, the primary one first; as sent, without repetition. */
  readonly addresses: readonly string[];
  readonly externalId: string | undefined;
  /** What of an account that was there before us is ours also without a value for this person, see `learned.ts`. */
  readonly learned: readonly string[];
  readonly notes: readonly Note[];
}

/** An object of a User, such as its name or an extension; empty when it has none. */
export function objectIn(user: Attributes, name: string): Readonly<Record<string, JsonValue>> {
  const value = user[name];
  return isObject(value) ? value : {};
}

export function toTarget(user: Attributes, settings: Pick<Settings, 'email' | 'departments'>): Target {
  const notes: Note[] = [];
  const attributes: Record<string, JsonValue> = {};
  const put = (attribute: string, value: JsonValue | undefined): void => {
    const text = toText(value);
    if (!text) return;
    attributes[attribute] = text.text;
    if (text.cut) notes.push({ attribute, reason: 'too-long' });
  };
  /** What Freshservice has no word for is left as it is there. */
  const translate = (
    attribute: string,
    value: JsonValue | undefined,
    toWord: (text: string) => string | undefined,
  ): void => {
    const text = toText(value)?.text;
    if (text === undefined) return;
    const word = toWord(text);
    if (word === undefined) notes.push({ attribute, reason: 'no-such-value-in-freshservice' });
    else attributes[attribute] = word;
  };

  const addresses = addressesOf(user, settings.email);
  const [primary] = addresses;
  if (primary !== undefined) attributes['primary_email'] = primary;
  const work = workEmailOf(user)?.trim();
  if (work !== undefined && isAddress(work) && primary !== undefined && !sameAddress(work, primary)) {
    attributes['secondary_emails'] = [work];
  }
  const { first, last } = namesOf(user);
  put('first_name', first);
  put('last_name', last);
  put('job_title', user['title']);
  put('work_phone_number', typed(user, 'phoneNumbers', 'work', 'value'));
  put('mobile_phone_number', typed(user, 'phoneNumbers', 'mobile', 'value'));
  put('external_id', externalIdOf(user));
  put('address', typed(user, 'addresses', 'work', 'formatted'));
  translate('language', toText(user['locale']) ? user['locale'] : user['preferredLanguage'], toLanguage);
  translate('time_zone', user['timezone'], toTimeZone);
  return {
    active: isActive(user),
    attributes,
    defaults: {},
    byElement: settings.departments === 'add' ? ['secondary_emails', 'department_ids'] : ['secondary_emails'],
    addresses,
    externalId: externalIdOf(user),
    learned: [],
    notes,
  };
}

/** The address that Freshservice gets, then the other one: userName first unless the setting says `work`. */
export function addressesOf(user: Attributes, email: Settings['email']): string[] {
  const userName = userNameOf(user).trim();
  const work = workEmailOf(user)?.trim();
  const inOrder = email === 'work' ? [work, userName] : [userName, work];
  const valid = inOrder.filter((address) => address !== undefined && isAddress(address));
  return valid.filter(
    (address, index) => valid.findIndex((other) => isCaseless(other, address)) === index,
  ) as string[];
}

const isCaseless = (a: string | undefined, b: string | undefined): boolean =>
  a?.toLowerCase() === b?.toLowerCase();

/**
 * Freshservice demands a first name (documentation, requester attributes), and Entra may have none. A full name is
 * taken apart when it is all there is: at its first blank, or at the comma of `Okafor, Ines`.
 */
function namesOf(user: Attributes): { first: JsonValue | undefined; last: JsonValue | undefined } {
  const { givenName, familyName, formatted } = objectIn(user, 'name');
  if (toText(givenName)) return { first: givenName, last: familyName };
  const full = [user['displayName'], formatted].find((candidate) => toText(candidate) !== undefined);
  if (toText(familyName)) return { first: full ?? familyName, last: familyName };
  if (typeof full !== 'string') return { first: userNameOf(user).split('@', 1)[0], last: undefined };
  const { before, after } = /^(?<before>[^,]+),(?<after>[^,]*\S[^,]*)$/.exec(full)?.groups ?? {};
  if (before !== undefined && after !== undefined) return { first: after, last: before };
  const { first, last } = /^\s*(?<first>\S+)\s+(?<last>\S.*)$/s.exec(full)?.groups ?? {};
  return { first: first ?? full, last };
}

/** A value out of a list of typed ones: the first of that type that has it. */
function typed(user: Attributes, list: string, type: string, part: string): JsonValue | undefined {
  const items = user[list];
  if (!Array.isArray(items)) return undefined;
  for (const item of items) {
    if (!isObject(item)) continue;
    if (typeof item['type'] !== 'string' || item['type'].toLowerCase() !== type) continue;
    if (toText(item[part])) return item[part];
  }
  return undefined;
}

const isObject = (value: JsonValue | undefined): value is { [name: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
