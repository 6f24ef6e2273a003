/**
 * Lists that are shared with people: what others put there stays, what we put there goes when Entra no longer wants
 * it. What we put there is remembered among the attributes that are ours, as `<attribute>:<element>`. Pure.
 */

import type { Observed } from '@fresh-scim/directory';
import type { JsonValue } from '@fresh-scim/scim';
import { elementKey } from '../compare.ts';
import type { Target } from './target.ts';

const MARK = /^(?:secondary_emails|department_ids):/;

const markOf = (attribute: string, element: JsonValue): string =>
  `${attribute}:${elementKey(attribute, element)}`;

/** Whether this entry of `ours` is an element of a list, not an attribute. */
export const isMark = (name: string): boolean => MARK.test(name);

export const listOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? value : [];

/** The list as it should be. The primary address is never a secondary one: a server may refuse it as both. */
export function wantedList(attribute: string, target: Target, observed: Observed | undefined): JsonValue[] {
  const key = (element: JsonValue): string => elementKey(attribute, element);
  const wanted = listOf(target.attributes[attribute]);
  const wantedKeys = new Set(wanted.map(key));
  const primary = attribute === 'secondary_emails' ? target.attributes['primary_email'] : undefined;
  const primaryKey = primary === undefined ? undefined : key(primary);
  const shown = listOf(observed?.values[attribute]);
  const kept = shown.filter(
    (element) =>
      key(element) !== primaryKey &&
      (wantedKeys.has(key(element)) || !observed?.ours.includes(markOf(attribute, element))),
  );
  const keptKeys = new Set(kept.map(key));
  return [...kept, ...wanted.filter((element) => !keptKeys.has(key(element)))];
}

/**
 * Marks what a call has added to a list, and forgets the marks of what is no longer there.
 *
 * @param before the snapshot in front of the call
 */
export function withMarks(
  observed: Observed,
  before: Observed | undefined,
  sent: Readonly<Record<string, JsonValue>>,
  { byElement }: Target,
): Observed {
  const marks = byElement.flatMap((attribute) => {
    const known = new Set(listOf(before?.values[attribute]).map((item) => elementKey(attribute, item)));
    const added = listOf(sent[attribute]).filter((item) => !known.has(elementKey(attribute, item)));
    const shown = new Set(listOf(observed.values[attribute]).map((item) => markOf(attribute, item)));
    const earlier = observed.ours.filter((name) => name.startsWith(`${attribute}:`));
    return [...earlier, ...added.map((item) => markOf(attribute, item))].filter((mark) => shown.has(mark));
  });
  const others = observed.ours.filter(
    (name) => !byElement.some((attribute) => name.startsWith(`${attribute}:`)),
  );
  return { ...observed, ours: [...new Set([...others, ...marks])].sort() };
}
