/** The few Redis keys of the directory that the harness reads itself, since only they show that nothing is left over. */
import type { Key, Scope } from '@fresh-scim/directory';

export const accountPrefix = ({ accountId }: Scope): string => `{${accountId}}:`;

export const recordKey = (scope: Scope, key: Key): string =>
  `${accountPrefix(scope)}${scope.connectionId}:k:${key}`;
