/**
 * SCIM User -> what the Freshservice account of that person is to look like. Pure: no clock, no network, no logger.
 * Attributes carry the names of Freshservice's requester; an agent differs only in the name of its address.
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
import { isAddress, toText } from './text.ts';

/** The attributes of a requester that a person of Entra has a say in. */
export type ManagedAttribute =
  | 'primary_email'
  | 'first_name'
  | 'last_name'
  | 'job_title'
  | 'work_phone_number'
  | 'mobile_phone_number'
  | 'external_id';

/** Desired state in Freshservice's words. */
export interface Target {
  readonly active: boolean;
  /** Only what Entra has a value for. */
  readonly attributes: Readonly<Partial<Record<ManagedAttribute, string>>>;
  /** Every address by which the account may be known, the primary one first; as sent, without repetition. */
  readonly addresses: readonly string[];
  readonly externalId: string | undefined;
  readonly notes: readonly Note[];
}

export function toTarget(user: Attributes, settings: Pick<Settings, 'email'>): Target {
  const notes: Note[] = [];
  const attributes: Partial<Record<ManagedAttribute, string>> = {};
  const put = (attribute: ManagedAttribute, value: JsonValue | undefined): void => {
    const text = toText(value);
    if (!text) return;
    attributes[attribute] = text.text;
    if (text.cut) notes.push({ attribute, reason: 'too-long' });
  };

  const addresses = addressesOf(user, settings.email);
  const [primary] = addresses;
  if (primary !== undefined) attributes.primary_email = primary;
  put('first_name', firstNameOf(user));
  put('last_name', nameOf(user)?.['familyName']);
  put('job_title', user['title']);
  put('work_phone_number', phoneOf(user, 'work'));
  put('mobile_phone_number', phoneOf(user, 'mobile'));
  put('external_id', externalIdOf(user));
  return { active: isActive(user), attributes, addresses, externalId: externalIdOf(user), notes };
}

/** The address that Freshservice gets, then the other one: userName first unless the setting says `work`. */
export function addressesOf(user: Attributes, email: Settings['email']): string[] {
  const userName = userNameOf(user).trim();
  const work = workEmailOf(user)?.trim();
  const inOrder = email === 'work' ? [work, userName] : [userName, work];
  const valid = inOrder.filter((address) => address !== undefined && isAddress(address));
  return valid.filter(
    (address, index) => valid.findIndex((other) => isSame(other, address)) === index,
  ) as string[];
}

const isSame = (a: string | undefined, b: string | undefined): boolean =>
  a?.toLowerCase() === b?.toLowerCase();

/** Freshservice demands a first name (documentation, requester attributes): the display name stands in for a missing one. */
function firstNameOf(user: Attributes): JsonValue | undefined {
  const name = nameOf(user);
  const candidates = [name?.['givenName'], user['displayName'], name?.['formatted'], name?.['familyName']];
  return candidates.find((candidate) => toText(candidate) !== undefined) ?? userNameOf(user).split('@', 1)[0];
}

function nameOf(user: Attributes): Readonly<Record<string, JsonValue>> | undefined {
  const name = user['name'];
  return typeof name === 'object' && name !== null && !Array.isArray(name) ? name : undefined;
}

function phoneOf(user: Attributes, type: string): JsonValue | undefined {
  const phones = user['phoneNumbers'];
  if (!Array.isArray(phones)) return undefined;
  for (const phone of phones) {
    if (typeof phone !== 'object' || phone === null || Array.isArray(phone)) continue;
    if (typeof phone['type'] !== 'string' || phone['type'].toLowerCase() !== type) continue;
    if (toText(phone['value'])) return phone['value'];
  }
  return undefined;
}
