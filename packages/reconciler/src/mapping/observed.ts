/** What Freshservice answered -> the snapshot that the directory keeps. Pure. */

import type { Observed } from '@fresh-scim/directory';
import type { Agent, Requester } from '@fresh-scim/freshservice';
import type { JsonValue } from '@fresh-scim/scim';
import { inStep, isSame } from '../compare.ts';
import { isMark, wantedList, withMarks } from './by-element.ts';
import type { Target } from './target.ts';

/** A Freshservice account, whichever of the two kinds it is. */
export type Person =
  | { readonly kind: 'requester'; readonly record: Requester }
  | { readonly kind: 'agent'; readonly record: Agent };

/** Attributes of a snapshot that both kinds have under the same name. */
const PLAIN = [
  'first_name',
  'last_name',
  'job_title',
  'work_phone_number',
  'mobile_phone_number',
  'external_id',
  'address',
  'language',
  'time_zone',
  'department_ids',
  'location_id',
  'reporting_manager_id',
] as const;

/** A PUT resets these to false unless it carries true (documentation, Update a Requester; the second by analogy). */
export const RESET_BY_UPDATE = [
  'can_see_all_tickets_from_associated_departments',
  'can_see_all_changes_from_associated_departments',
] as const;

/** In front of the name of a custom field, wherever attributes are in one list. */
export const CUSTOM = 'custom_fields.';

/** Everything of a record that has a value, under a requester's names; custom fields each by their own. */
function valuesOf(person: Person): Record<string, JsonValue> {
  const { record } = person;
  const own =
    person.kind === 'agent'
      ? { primary_email: person.record.email }
      : { primary_email: person.record.primary_email, secondary_emails: person.record.secondary_emails };
  const all = [
    ...Object.entries(own),
    ...PLAIN.map((name) => [name, record[name]] as const),
    ...RESET_BY_UPDATE.map((name) => [name, record[name] === true ? true : null] as const),
    ...Object.entries(record.custom_fields).map(([name, value]) => [`${CUSTOM}${name}`, value] as const),
  ];
  // It came as JSON, so whatever has a value is JSON.
  return Object.fromEntries(all.filter(([, value]) => hasValue(value))) as Record<string, JsonValue>;
}

const hasValue = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);

/**
 * The snapshot after an answer. Remembers the addresses sent and the attributes owned so far; keeps an echo as long as
 * Freshservice still shows what it answered then.
 */
export function toObserved(person: Person, previous: Observed | undefined, readAt: number): Observed {
  const values = valuesOf(person);
  const echoes = Object.entries(previous?.echoes ?? {}).filter(([name, { got }]) =>
    isSame(values[name], got),
  );
  return {
    remoteId: person.record.id,
    kind: person.kind,
    active: person.record.active,
    readAt,
    values,
    echoes: Object.fromEntries(echoes),
    sentAddresses: previous?.sentAddresses ?? [],
    ours: previous?.ours ?? [],
    ...(previous?.adopted ? { adopted: true } : {}),
  };
}

/**
 * Remembers, for each attribute that was sent, what Freshservice made of it.
 *
 * @param before the snapshot in front of the call
 */
export function withSent(
  shown: Observed,
  before: Observed | undefined,
  sent: Readonly<Record<string, JsonValue>>,
  target: Target,
): Observed {
  const observed = withMarks(shown, before, sent, target);
  const echoes = { ...observed.echoes };
  for (const [name, value] of Object.entries(sent)) {
    const got = observed.values[name] ?? null;
    const byElement = target.byElement.find((list) => list === name);
    const isKept = inStep(name, byElement ? wantedList(name, target, observed) : value, got);
    if (isKept) delete echoes[name];
    else echoes[name] = { sent: byElement ? (target.attributes[name] ?? null) : value, got };
  }
  return { ...observed, echoes };
}

/** Remembers an address before it is sent, so that a leaver can be looked for under it. */
export function withSentAddress(observed: Observed | undefined, address: string, readAt: number): Observed {
  const known = observed ?? { readAt, values: {}, echoes: {}, sentAddresses: [], ours: [] };
  const lower = address.toLowerCase();
  if (known.sentAddresses.includes(lower)) return known;
  return { ...known, sentAddresses: [...known.sentAddresses, lower].slice(-SENT_ADDRESSES_MAX) };
}

/** A person who is renamed more often than this is looked for under the newest names only. */
const SENT_ADDRESSES_MAX = 20;

/**
 * What is ours: the attributes that Entra has had a say in for this person, those it names now and those it named
 * before; and the marks of elements that we have added to lists.
 */
export function ownedBy(target: Target, observed: Observed | undefined): string[] {
  return [...new Set([...(observed?.ours ?? []), ...Object.keys(target.attributes)])].sort();
}

/** The attributes among what is ours, those of the learned mapping included where the account was adopted. */
export function ownedAttributes(target: Target, observed: Observed | undefined): string[] {
  const own = ownedBy(target, observed).filter((name) => !isMark(name));
  if (!observed?.adopted) return own;
  const shown = Object.keys(observed.values);
  const learned = target.learned.map((name) => shown.find((one) => isCaseless(one, name)) ?? name);
  return [...new Set([...own, ...learned])];
}

const isCaseless = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
