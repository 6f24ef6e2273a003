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
  ['work_phone_number', phone],
  ['mobile_phone_number', phone],
  ['external_id', exact],
]);

/** Whether Freshservice shows what is wanted. Absent, null and the empty text are the same. */
export function inStep(
  attribute: string,
  wanted: JsonValue | undefined,
  shown: JsonValue | undefined,
): boolean {
  if (isEmpty(wanted) || isEmpty(shown)) return isEmpty(wanted) && isEmpty(shown);
  if (typeof wanted !== 'string' || typeof shown !== 'string') return wanted === shown;
  const normal = NORMAL.get(attribute) ?? plain;
  return normal(wanted) === normal(shown);
}

const isEmpty = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || value === '';
