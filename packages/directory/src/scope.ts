/**
 * Names: what a directory is about, and the Redis keys of it. Everything of one Freshservice account carries the
 * hash tag `{accountId}`, so that one script may touch all of it, also on a Redis Cluster.
 */

/** The connection whose resources these are, and the Freshservice account that it brings up to date. */
export interface Scope {
  readonly accountId: string;
  readonly connectionId: string;
}

/** A unit of work: `User-<SCIM id>`. BullMQ forbids `:` in ids, hence the dash. */
export type Key = `User-${string}`;

/** `urgent` takes access away and overtakes everything; `bulk` waits behind all other work. */
export type Urgency = 'urgent' | 'normal' | 'bulk';

/** The two ways through BullMQ: urgent keys have slots of their own. */
export type Lane = 'urgent' | 'normal';

/** The version of the layout below. A store that says another one is refused: see `LayoutMismatch`. */
export const LAYOUT_VERSION = '2';

/** A group as a unit of work. Nothing is woken for it yet: groups are not applied to Freshservice. */
export type GroupKey = `Group-${string}`;

export const groupKey = (id: string): GroupKey => `Group-${id}`;

export const userKey = (id: string): Key => `User-${id}`;

/** The SCIM id of a key. */
export const idOf = (key: Key): string => key.slice('User-'.length);

export const accountPrefix = ({ accountId }: Pick<Scope, 'accountId'>): string => `{${accountId}}:`;

export const connectionPrefix = (scope: Scope): string => `${accountPrefix(scope)}${scope.connectionId}:`;
