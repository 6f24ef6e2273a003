/** The values by which a user is found, in the form in which the indexes hold them. */

import { createHash } from 'node:crypto';
import {
  type Attributes,
  displayWordsOf,
  emailsOf,
  externalIdOf,
  userNameOf,
  workEmailOf,
} from '@fresh-scim/scim';

/**
 * An index field stays small whatever was sent: a long value is found by its digest, and verified after the look-up; so
 * is one with a character that separates fields.
 */
export const indexValue = (value: string): string =>
  value.length <= 256 && !/[\0\n]/.test(value)
    ? value
    : `sha256:${createHash('sha256').update(value).digest('hex')}`;

/** All of them, which are 200 at most: a look-up that missed one would tell that there is nobody. */
function otherEmails(attributes: Attributes, known: readonly string[]): string {
  const others = emailsOf(attributes).filter((address) => address !== '' && !known.includes(address));
  return others.map(indexValue).join('\n');
}

/** The attributes from which {@link indexed} makes everything. */
const SOURCES = ['userName', 'externalId', 'emails', 'displayName', 'name'] as const;

/** Whether both are surely found by the same: a PATCH leaves what it does not change the very same value. */
export const isFoundBySame = (before: Attributes | undefined, after: Attributes | undefined): boolean =>
  before !== undefined && after !== undefined && SOURCES.every((name) => before[name] === after[name]);

/** What a user is found by; an empty string for what it has not, and lists one a line. */
export function indexed(attributes: Attributes | undefined): {
  userName: string;
  externalId: string;
  workEmail: string;
  otherEmails: string;
  words: string;
} {
  if (!attributes) return { userName: '', externalId: '', workEmail: '', otherEmails: '', words: '' };
  const userName = userNameOf(attributes).toLowerCase();
  const workEmail = workEmailOf(attributes)?.toLowerCase() ?? '';
  return {
    userName: indexValue(userName),
    externalId: indexValue(externalIdOf(attributes) ?? ''),
    workEmail: workEmail === userName ? '' : indexValue(workEmail),
    otherEmails: otherEmails(attributes, [userName, workEmail]),
    words: displayWordsOf(attributes).join('\n'),
  };
}
