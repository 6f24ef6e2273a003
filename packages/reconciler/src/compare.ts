/** When is an attribute in step? Each by its own comparison, because a server may normalise what it is sent. Pure. */

import type { JsonValue } from '@fresh-scim/scim';

type Normal = (value: string) => string;

const plain: Normal = (value) => value.normalize('NFC').trim();
const address: Normal = (value) => plain(value).toLowerCase();
const phone: Normal = (value) => {
  const digits = value.replaceAll(/\D/g, '');
  return digits === '' ? plain(value) : digits;
};
const exact: Normal = (value) => value;

const NORMAL: ReadonlyMap<string, Normal> = new Map([
  ['primary_email', address],
  ['secondary_emails', address],
  ['work_phone_number', phone],
  ['mobile_phone_number', phone],
  ['external_id', exact],
]);

/**
 * Whether Freshservice shows what is wanted. Absent, null, the empty text and the empty list are the same. The order
 * of a list does not count, nor does whether a number is written as text.
 */
export function inStep(
  attribute: string,
  wanted: JsonValue | undefined,
  shown: JsonValue | undefined,
): boolean {
  if (isEmpty(wanted) || isEmpty(shown)) return isEmpty(wanted) && isEmpty(shown);
  if (Array.isArray(wanted) && Array.isArray(shown)) {
    const [a, b] = [wanted, shown].map((list) => elementKeys(attribute, list).join('\0'));
    return a === b;
  }
  if (!isWord(wanted) || !isWord(shown)) return wanted === shown;
  return elementKey(attribute, wanted) === elementKey(attribute, shown);
}

const elementKeys = (attribute: string, list: readonly JsonValue[]): string[] =>
  [...new Set(list.map((item) => elementKey(attribute, item)))].sort();

/** What two elements of a list, or two values of an attribute, have in common when they are the same. */
export function elementKey(attribute: string, value: JsonValue): string {
  if (!isWord(value)) return JSON.stringify(value);
  return (NORMAL.get(attribute) ?? plain)(String(value));
}

/** The same JSON, but for the order of a list. */
export function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  const canonical = (value: JsonValue | undefined): string =>
    JSON.stringify(Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : (value ?? null));
  return canonical(a) === canonical(b);
}

const isWord = (value: JsonValue | undefined): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

const isEmpty = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
