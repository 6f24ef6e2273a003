/** One person's story: finds people by whatever is at hand, and tells what is wanted, what is seen and what happened. */

import type { Redis } from 'ioredis';
import { displayWordsOf } from '@fresh-scim/scim';
import { indexValue } from './indexed.ts';
import { carriersOf } from './lookup.ts';
import {
  type Intent,
  type Note,
  type Observed,
  parseIntent,
  parseNotes,
  parseObserved,
  parseTimelineLine,
  parseTombstone,
  type TimelineEntry,
  type Tombstone,
} from './records.ts';
import { accountPrefix, connectionPrefix, idOf, type Key, type Scope, userKey } from './scope.ts';
import { parseStored, type StoredResource } from './stored.ts';
import { guarded } from './unavailable.ts';

/** People that one search may find. */
const FOUND_MAX = 20;

export type KeyState = 'clean' | 'dirty' | 'deferred' | 'parked' | 'held';

export interface PersonStory {
  readonly key: Key;
  readonly state: KeyState;
  readonly urgency: string | null;
  readonly generation: number;
  /** False while only an import has shown the person, and Entra has not written to it. */
  readonly managed: boolean;
  readonly failures: number;
  /** Why it is deferred, parked or held: a code. */
  readonly why: string | null;
  /** When it is looked at again, ms since the epoch. */
  readonly dueAt: number | null;
  readonly resource: StoredResource | undefined;
  readonly tombstone: Tombstone | undefined;
  readonly observed: Observed | undefined;
  readonly intent: Intent | undefined;
  readonly notes: readonly Note[];
  /** Newest first. */
  readonly timeline: readonly TimelineEntry[];
}

/**
 * Finds people by SCIM id, key, userName, e-mail, externalId or Freshservice id, else by the beginnings of words of
 * their name.
 */
export async function findPeople(redis: Redis, scope: Scope, who: string): Promise<PersonStory[]> {
  const ids = await guarded(() => findIds(redis, scope, who.trim()));
  const stories = await Promise.all(ids.map((id) => loadStory(redis, scope, userKey(id))));
  return stories.filter((story) => story !== undefined);
}

async function findIds(redis: Redis, scope: Scope, who: string): Promise<string[]> {
  if (who === '') return [];
  const prefix = connectionPrefix(scope);
  const lower = indexValue(who.toLowerCase());
  const bare = who.startsWith('User-') ? who.slice('User-'.length) : who;
  const [known, named, mailed, alsoMailed, external, deleted, owner] = await Promise.all([
    redis.exists(`${prefix}k:${userKey(bare)}`),
    redis.hget(`${prefix}un`, lower),
    carriersOf(redis, scope, 'em', lower, FOUND_MAX),
    carriersOf(redis, scope, 'ea', lower, FOUND_MAX),
    carriersOf(redis, scope, 'xi', indexValue(who), FOUND_MAX),
    redis.hget(`${prefix}xt`, indexValue(who)),
    /^\d+$/.test(who) ? redis.hget(`${accountPrefix(scope)}owners`, who) : null,
  ]);
  const owned = owner?.startsWith(`${scope.connectionId}/User-`)
    ? owner.slice(scope.connectionId.length + 1 + 'User-'.length)
    : '';
  const exact = [
    known ? bare : '',
    named ?? '',
    ...mailed,
    ...alsoMailed,
    ...external,
    ...(deleted ?? '').split(','),
    owned,
  ];
  const found = [...new Set(exact)].filter((id) => id !== '');
  return (found.length > 0 ? found : await findByWords(redis, prefix, lower)).slice(0, FOUND_MAX);
}

/** Every word has to begin a word of the name, or an address. Names are taken apart as the index takes them apart. */
async function findByWords(redis: Redis, prefix: string, text: string): Promise<string[]> {
  const asked = text.includes('@')
    ? text.split(/\s+/).filter(Boolean)
    : displayWordsOf({ displayName: text });
  const words = asked.slice(0, 5);
  const perWord = await Promise.all(
    words.map(async (word) => {
      const members = await redis.zrangebylex(
        `${prefix}words`,
        `[${word}`,
        `[${word}\u{10ffff}`, // above every character, in the order of bytes that Redis compares
        'LIMIT',
        0,
        1000,
      );
      return new Set(members.map((member) => member.slice(member.indexOf('\0') + 1)));
    }),
  );
  const [first, ...rest] = perWord;
  return first ? [...first].filter((id) => rest.every((ids) => ids.has(id))) : [];
}

/** @returns `undefined` when the key was never known, or its tombstone was forgotten. */
export async function loadStory(redis: Redis, scope: Scope, key: Key): Promise<PersonStory | undefined> {
  const prefix = connectionPrefix(scope);
  const id = idOf(key);
  const [fields, resource, observed, tombstone, lines] = await guarded(() =>
    Promise.all([
      redis.hgetall(`${prefix}k:${key}`),
      redis.get(`${prefix}u:${id}`),
      redis.get(`${prefix}o:${id}`),
      redis.get(`${prefix}t:${id}`),
      redis.lrange(`${prefix}tl:${key}`, 0, -1),
    ]),
  );
  if (fields['state'] === undefined) return undefined;
  return {
    key,
    state: fields['state'] as KeyState,
    urgency: fields['urgency'] ?? null,
    generation: Number(fields['generation'] ?? 0),
    managed: fields['managed'] !== '0',
    failures: Number(fields['failures'] ?? 0),
    why: fields['why'] ?? null,
    dueAt: fields['due'] ? Number(fields['due']) : null,
    resource: resource === null ? undefined : parseStored(id, resource),
    tombstone: parseTombstone(tombstone ?? ''),
    observed: parseObserved(observed ?? ''),
    intent: parseIntent(fields['intent'] ?? ''),
    notes: parseNotes(fields['notes'] ?? ''),
    timeline: lines.map(parseTimelineLine),
  };
}

/** How often the key changed something in Freshservice, for waiting on its next change; `0` for never. */
export async function loadChanges(redis: Redis, scope: Scope, key: Key): Promise<string> {
  return (await guarded(() => redis.hget(`${connectionPrefix(scope)}k:${key}`, 'changes'))) ?? '0';
}
