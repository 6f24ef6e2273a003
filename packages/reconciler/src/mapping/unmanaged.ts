/** A person that a listing of Freshservice shows -> the SCIM User by which Entra finds it. Pure. */

import type { Observed } from '@fresh-scim/directory';
import { parseAgentId, type Requester } from '@fresh-scim/freshservice';
import type { Attributes, JsonValue } from '@fresh-scim/scim';
import { toObserved } from './observed.ts';

/**
 * The attributes that the gallery app's mapping has, as it would have sent them; always in the same order, so that
 * two of them are equal if their JSON is.
 *
 * @returns `undefined` for a person without a primary address: nothing identifies it to Entra.
 */
export function toUnmanaged(row: Requester): Attributes | undefined {
  const address = text(row.primary_email);
  if (address === undefined) return undefined;
  const [givenName, familyName] = [text(row.first_name), text(row.last_name)];
  const name = without({ givenName, familyName });
  const phones = [...phoneOf('work', row.work_phone_number), ...phoneOf('mobile', row.mobile_phone_number)];
  return without({
    userName: address,
    externalId: row.external_id ?? undefined,
    active: row.active,
    displayName: [givenName, familyName].filter((part) => part !== undefined).join(' ') || undefined,
    name: Object.keys(name).length > 0 ? name : undefined,
    title: text(row.job_title),
    emails: [{ type: 'work', primary: true, value: address }],
    phoneNumbers: phones.length > 0 ? phones : undefined,
  });
}

/** The snapshot that a row of the listing is: agents are listed in the shape of requesters. */
export function toListedSnapshot(row: Requester, previous: Observed | undefined, readAt: number): Observed {
  if (!row.is_agent) return toObserved({ kind: 'requester', record: row }, previous, readAt);
  const { is_agent: _, primary_email: email, secondary_emails: __, ...shared } = row;
  const record = { ...shared, id: parseAgentId(row.id), email, occasional: null, roles: [] };
  return toObserved({ kind: 'agent', record }, previous, readAt);
}

const text = (value: string | null): string | undefined => (value?.trim() ? value : undefined);

const phoneOf = (type: string, value: string | null): JsonValue[] =>
  text(value) === undefined ? [] : [{ type, value }];

function without(parts: Readonly<Record<string, JsonValue | undefined>>): Record<string, JsonValue> {
  const kept: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(parts))
    if (value !== undefined && value !== '') kept[name] = value;
  return kept;
}
