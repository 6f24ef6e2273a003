/** What Freshservice answered -> the snapshot that the directory keeps. Pure. */

import type { Observed } from '@fresh-scim/directory';
import type { Agent, Requester } from '@fresh-scim/freshservice';
import type { JsonValue } from '@fresh-scim/scim';
import { inStep } from '../compare.ts';
import type { ManagedAttribute, Target } from './target.ts';

/** A Freshservice account, whichever of the two kinds it is. */
export type Person =
  | { readonly kind: 'requester'; readonly record: Requester }
  | { readonly kind: 'agent'; readonly record: Agent };

/** Attributes of a snapshot: what we compare, and what a PUT would reset unless it is sent along. */
const PLAIN = [
  'first_name',
  'last_name',
  'job_title',
  'work_phone_number',
  'mobile_phone_number',
  'external_id',
] as const satisfies readonly ManagedAttribute[];

/** A PUT resets these to false unless it carries true (documentation, Update a Requester; the second by analogy). */
export const RESET_BY_UPDATE = [
  'can_see_all_tickets_from_associated_departments',
  'can_see_all_changes_from_associated_departments',
] as const;

/** The primary address under its requester's name, whatever the kind. */
const addressOf = (person: Person): string | null =>
  person.kind === 'agent' ? person.record.email : person.record.primary_email;

/**
 * The snapshot after an answer. Remembers the addresses sent and the attributes owned so far; keeps an echo as long as
 * Freshservice still shows what it answered then.
 */
export function toObserved(person: Person, previous: Observed | undefined, readAt: number): Observed {
  const values: Record<string, JsonValue> = {};
  const address = addressOf(person);
  if (address !== null) values['primary_email'] = address;
  for (const name of PLAIN) {
    const value = person.record[name];
    if (value !== null) values[name] = value;
  }
  for (const name of RESET_BY_UPDATE) {
    if (person.record[name] === true) values[name] = true;
  }
  const echoes = Object.entries(previous?.echoes ?? {}).filter(
    ([name, { got }]) => (values[name] ?? null) === got,
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
  };
}

/** Remembers, for each attribute that was sent, what Freshservice made of it, and that the attribute is ours. */
export function withEchoes(observed: Observed, sent: Readonly<Record<string, JsonValue>>): Observed {
  const echoes = { ...observed.echoes };
  for (const [name, value] of Object.entries(sent)) {
    const got = observed.values[name] ?? null;
    if (inStep(name, value, got)) delete echoes[name];
    else echoes[name] = { sent: value, got };
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

/** The attributes that Entra has had a say in for this person: those it names now, and those it named before. */
export function ownedBy(target: Target, observed: Observed | undefined): ManagedAttribute[] {
  return [
    ...new Set([...(observed?.ours ?? []), ...Object.keys(target.attributes)]),
  ].sort() as ManagedAttribute[];
}
