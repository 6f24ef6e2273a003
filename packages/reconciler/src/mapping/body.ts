/** Attributes of a step -> the body of a POST or PUT. Pure. */

import type { JsonValue } from '@fresh-scim/scim';
import { CUSTOM, type Person } from './observed.ts';

/** What this server was seen to refuse. */
export interface BodyOptions {
  /** Attributes that are not sent, not even as they were shown. */
  readonly leaveOut: ReadonlySet<string>;
  /** Attributes that are cleared by an empty text, since null was refused. */
  readonly clearedByText: ReadonlySet<string>;
}

/**
 * Custom fields go in one object. Whether a PUT merges it with what is there or replaces that is not documented, so
 * everything that Freshservice showed goes along.
 *
 * @param shown the values of the snapshot; none for a create
 */
export function toBody(
  attributes: Readonly<Record<string, JsonValue>>,
  shown: Readonly<Record<string, JsonValue>>,
  { leaveOut, clearedByText }: BodyOptions,
  kind: Person['kind'],
): Record<string, JsonValue> {
  const body: Record<string, JsonValue> = {};
  const toWire = (name: string, value: JsonValue): JsonValue =>
    value === null && clearedByText.has(name) ? '' : value;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith(CUSTOM)) continue;
    const isList = name === 'department_ids' || name === 'secondary_emails';
    body[kind === 'agent' && name === 'primary_email' ? 'email' : name] = isList
      ? (value ?? [])
      : toWire(name, value);
  }
  if (Object.keys(attributes).some((name) => name.startsWith(CUSTOM))) {
    const kept = Object.entries(shown).filter(([name]) => !leaveOut.has(name));
    const fields = Object.entries({ ...Object.fromEntries(kept), ...attributes })
      .filter(([name]) => name.startsWith(CUSTOM))
      .map(([name, value]) => [name.slice(CUSTOM.length), toWire(name, value)]);
    body['custom_fields'] = Object.fromEntries(fields);
  }
  return body;
}
