/**
 * Every change of a resource, as one call of one script: what Entra writes, and what an import shows. Decides the
 * urgency, names what changed, and knows nothing of how the change came about.
 */

import type { Redis } from 'ioredis';
import {
  type Attributes,
  externalIdOf,
  FRESHSERVICE_USER,
  isActive,
  type JsonValue,
  ScimError,
  userNameOf,
  workEmailOf,
} from '@fresh-scim/scim';
import { indexed, isFoundBySame } from './indexed.ts';
import { isKept, remember, untold } from './learned-mapping.ts';
import { endMemberships } from './memberships.ts';
import { type Observed, type Tombstone, toEvent } from './records.ts';
import { saidBy, sameText } from './said.ts';
import { runScript, textReply } from './scripts.ts';
import { type Key, type Scope, type Urgency, userKey } from './scope.ts';
import { generationText, type StoredResource } from './stored.ts';

/** A change that is in the store. `changed` is false when the request asked for what was already so. */
export interface Committed {
  readonly stored: StoredResource;
  readonly changed: boolean;
  readonly key: Key;
  /** How to wake a worker; `held` when the brake holds the key and nobody is to be woken. */
  readonly urgency: Urgency | 'held';
}

/** What a listing showed of an account that Entra has not written to. */
export interface Import {
  readonly remoteId: number;
  readonly observed: Observed;
  /** The number of the listing. */
  readonly listing: number;
}

/** One change of one user. `before` and `after` decide the operation: create, update or delete. */
export interface Change {
  readonly id: string;
  readonly before?: { readonly attributes: Attributes; readonly stored: StoredResource };
  readonly after?: Attributes;
  /** A POST that found an unmanaged resource: only while it is still unmanaged. */
  readonly claims?: true;
  /** Not Entra, but an import is the author: only while the resource is unmanaged. */
  readonly import?: Import;
}

/**
 * Why nothing was stored. `moved`: somebody else was faster, load again and repeat. `gone`: there is no such resource
 * any more. `known`: an import met a person whom Entra manages. `unmanaged`: a create is about the account of this
 * resource, which is to be claimed instead.
 */
export type Uncommitted = 'moved' | 'gone' | 'known' | { readonly unmanaged: string };

export const isCommitted = (result: Committed | Uncommitted): result is Committed =>
  typeof result === 'object' && 'stored' in result;

/**
 * @returns the new state, or why there is none.
 * @throws {ScimError} 409 `uniqueness` when another user has the userName.
 * @throws {LayoutMismatch} when the store belongs to another version.
 */
export async function commit(redis: Redis, scope: Scope, change: Change): Promise<Committed | Uncommitted> {
  const key = userKey(change.id);
  const said = saidIn(change);
  const news = untold(scope, said.changed);
  const all = said.changed.filter(isKept);
  const json = change.after ? JSON.stringify(change.after) : '';
  const reply = textReply(
    await runScript(redis, 'commit', scope, [
      ...toArguments(change, key, json),
      news.names.join('\n'),
      all.join('\n'),
      said.left.join('\n'),
      change.after && isActive(change.after) ? '1' : '0',
      change.import ? JSON.stringify(change.import.observed) : '',
      change.import?.remoteId ?? '',
      change.import?.listing ?? '',
      news.epoch,
    ]),
  );
  switch (reply[0]) {
    case 'ok': {
      const [, generation, createdAt, modifiedAt, urgency, isLeft, epoch] = reply;
      if (epoch !== undefined) remember(scope, epoch, epoch === news.epoch ? news.names : all);
      if (isLeft === '1') await endMemberships(redis, scope, change.id);
      const stored = {
        id: change.id,
        generation: Number(generation),
        createdAt: Number(createdAt),
        modifiedAt: Number(modifiedAt),
        json,
      };
      return { stored, changed: true, key, urgency: urgency as Committed['urgency'] };
    }
    case 'uniqueness':
      throw new ScimError(
        409,
        'uniqueness',
        'Another user has this userName. Find it with a filter on userName, and change it or delete it first.',
      );
    case 'shown':
      throw new ScimError(
        409,
        'uniqueness',
        'This userName is the address of an account in Freshservice that the import has found, and that Entra does not ' +
          'manage. Merge that account into the one of this user, or give it another address; then import again.',
      );
    case 'moved':
    case 'gone':
    case 'known':
      return reply[0];
    case 'unmanaged':
      return { unmanaged: reply[1] ?? '' };
    default:
      throw new TypeError(`commit returned ${reply[0]}`);
  }
}

function saidIn({ before, after, claims, import: listed }: Change): ReturnType<typeof saidBy> {
  if (listed || !after) return { changed: [], left: [] };
  return saidBy(claims ? undefined : before?.attributes, after);
}

const modeOf = (change: Change): 'entra' | 'claim' | 'import' =>
  change.import ? 'import' : change.claims ? 'claim' : 'entra';

function eventOf(change: Change, op: string): string {
  if (change.import) return toEvent({ what: 'imported' });
  const attributes = changedNames(change.before?.attributes, change.after);
  return toEvent({ what: change.claims ? 'entra-claim' : `entra-${op}`, attributes });
}

function toArguments(change: Change, key: Key, json: string): (string | number)[] {
  const { id, before, after } = change;
  const then = indexed(before?.attributes);
  const now = isFoundBySame(before?.attributes, after) ? then : indexed(after);
  const op = !before ? 'create' : after ? 'update' : 'delete';
  return [
    op,
    id,
    key,
    before ? generationText(before.stored.generation) : '',
    json,
    now.userName,
    then.userName,
    now.externalId,
    then.externalId,
    now.workEmail,
    then.workEmail,
    now.words,
    then.words,
    urgencyOf(before?.attributes, after),
    after && isActive(after) ? '1' : '0',
    eventOf(change, op),
    op === 'delete' && before ? JSON.stringify(toTombstone(before.attributes)) : '',
    now.otherEmails,
    then.otherEmails,
    op === 'delete' ? then.externalId : '',
    modeOf(change),
  ];
}

/**
 * What takes access away is urgent: disable, delete, an agent that is to be one no longer. A user that is created
 * disabled is urgent too, since the account may exist in Freshservice and be active.
 */
export function urgencyOf(before: Attributes | undefined, after: Attributes | undefined): Urgency {
  if (!after) return 'urgent';
  if (!isActive(after) && (!before || isActive(before))) return 'urgent';
  if (before && isAgent(before) && !isAgent(after)) return 'urgent';
  return 'normal';
}

function isAgent(attributes: Attributes): boolean {
  const extension = attributes[FRESHSERVICE_USER];
  if (typeof extension !== 'object' || extension === null || Array.isArray(extension)) return false;
  const { isAgent: value } = extension;
  return typeof value === 'string' && value.toLowerCase() === 'true';
}

function toTombstone(attributes: Attributes): Tombstone {
  const workEmail = workEmailOf(attributes);
  const externalId = externalIdOf(attributes);
  const displayName = attributes['displayName'];
  return {
    userName: userNameOf(attributes),
    ...(workEmail === undefined ? {} : { workEmail }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(typeof displayName === 'string' ? { displayName } : {}),
  };
}

/** The names of the attributes that differ; of an extension, the attributes in it. Names only, never values. */
export function changedNames(before: Attributes | undefined, after: Attributes | undefined): string[] {
  return differing(before ?? {}, after ?? {}).flatMap((name) => {
    const [then, now] = [before?.[name] ?? {}, after?.[name] ?? {}];
    if (!name.startsWith('urn:') || !isObject(then) || !isObject(now)) return [name];
    return differing(then, now).map((inner) => `${name}:${inner}`);
  });
}

function differing(before: Attributes, after: Attributes): string[] {
  const changed = Object.keys(after).filter((name) => !sameText(before[name], after[name]));
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return [...changed, ...removed].sort();
}

const isObject = (value: JsonValue): value is Record<string, JsonValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
