/**
 * The names of the learned mapping in Freshservice's words: what of an account is Entra's to say because Entra has sent
 * it for somebody. Pure.
 */

import { ENTERPRISE_USER, FRESHSERVICE_USER } from '@fresh-scim/scim';
import { CUSTOM } from './observed.ts';

/**
 * Attributes that are cleared when Entra has no value. Everybody has an address, a first name, a language and a time
 * zone, and other addresses are shared with people: what the mapping says of those decides nothing here.
 */
const CLEARABLE: ReadonlyMap<string, string> = new Map([
  ['externalId', 'external_id'],
  ['name.familyName', 'last_name'],
  ['title', 'job_title'],
  ['phoneNumbers.work', 'work_phone_number'],
  ['phoneNumbers.mobile', 'mobile_phone_number'],
  ['addresses.work', 'address'],
  [`${ENTERPRISE_USER}:department`, 'department_ids'],
  [`${ENTERPRISE_USER}:manager`, 'reporting_manager_id'],
  [`${ENTERPRISE_USER}:_location`, 'location_id'],
]);

/** Custom fields keep the name that Entra gives them, whose case may differ from the one of the field. */
export function toLearned(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (name.startsWith(`${FRESHSERVICE_USER}:`)) return [CUSTOM + name.slice(FRESHSERVICE_USER.length + 1)];
    const attribute = CLEARABLE.get(name);
    return attribute === undefined ? [] : [attribute];
  });
}
