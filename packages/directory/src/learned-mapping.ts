/**
 * The learned mapping of a connection: the names of the attributes that Entra has sent for anybody, since when, and how
 * a person edits them. Names only, never values.
 */

import type { Redis } from 'ioredis';
import { ENTERPRISE_USER, FRESHSERVICE_USER } from '@fresh-scim/scim';
import { connectionPrefix, type Scope } from './scope.ts';
import { runScript } from './scripts.ts';
import { guarded } from './unavailable.ts';

/** The attributes that become something in Freshservice, as the mapping names them; custom fields come on top. */
export const MAPPED_ATTRIBUTES = [
  'userName',
  'externalId',
  'active',
  'displayName',
  'name.givenName',
  'name.familyName',
  'name.formatted',
  'title',
  'emails.work',
  'phoneNumbers.work',
  'phoneNumbers.mobile',
  'addresses.work',
  'locale',
  'preferredLanguage',
  'timezone',
  `${ENTERPRISE_USER}:department`,
  `${ENTERPRISE_USER}:manager`,
  `${ENTERPRISE_USER}:_location`,
] as const;

const CUSTOM_PREFIX = `${FRESHSERVICE_USER}:`;
const NAME_CHARACTERS_MAX = 200;
/** Connections whose names a process remembers; beyond that it tells them again, which is harmless. */
const CONNECTIONS_MAX = 1000;
const NAMES_MAX = 1000;

/** What a process has told the store of one connection. */
interface Told {
  /** Names are forgotten under a new epoch only; what was told under an older one may not be there any more. */
  readonly epoch: string;
  readonly names: ReadonlySet<string>;
}

/** Per connection: the hot path tells nothing twice. */
const toldNames = new Map<string, Told>();

/** Whether a name can be kept: a line break would end it. */
export const isKept = (name: string): boolean => !name.includes('\n') && name.length <= NAME_CHARACTERS_MAX;

/** The names that are not known to be in the store, and the epoch under which the others were told. */
export function untold(scope: Scope, names: readonly string[]): { epoch: string; names: string[] } {
  const told = toldNames.get(connectionPrefix(scope));
  return {
    epoch: told?.epoch ?? '',
    names: names.filter((name) => !told?.names.has(name) && isKept(name)),
  };
}

/** They are in the store now, under this epoch. */
export function remember(scope: Scope, epoch: string, names: readonly string[]): void {
  const prefix = connectionPrefix(scope);
  const told = toldNames.get(prefix);
  if (told?.epoch === epoch && names.length === 0) return;
  const before = told?.epoch === epoch ? told.names : [];
  if (!told && toldNames.size >= CONNECTIONS_MAX) toldNames.clear();
  toldNames.set(prefix, { epoch, names: new Set([...before, ...names].slice(-NAMES_MAX)) });
}

/** Each attribute that Entra has sent for anybody, and when first, ms since the epoch. */
export async function loadMapping(redis: Redis, scope: Scope): Promise<ReadonlyMap<string, number>> {
  const fields = await guarded(() => redis.hgetall(`${connectionPrefix(scope)}mapping`));
  return new Map(
    Object.entries(fields)
      .map(([name, at]): [string, number] => [name, Number(at)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What a person does to the mapping. `reset` forgets all of it. */
export type MappingEdit =
  | { readonly op: 'add' | 'remove'; readonly names: readonly string[] }
  | { readonly op: 'reset' };

/** @returns how many names came or went. Safe to repeat. */
export async function editMapping(redis: Redis, scope: Scope, edit: MappingEdit): Promise<number> {
  const names = edit.op === 'reset' ? [] : edit.names;
  return Number(await runScript(redis, 'edit-mapping', scope, [edit.op, ...names]));
}

/**
 * A name as people type it, without regard to case, as the mapping spells it. The name of a custom field is kept.
 *
 * @returns `undefined` for what becomes nothing in Freshservice.
 */
export function toMappedAttribute(text: string): string | undefined {
  const lower = text.toLowerCase();
  const custom = text.slice(CUSTOM_PREFIX.length);
  if (lower.startsWith(CUSTOM_PREFIX.toLowerCase()) && custom.trim() !== '' && isKept(text)) {
    return CUSTOM_PREFIX + custom;
  }
  return MAPPED_ATTRIBUTES.find((name) => name.toLowerCase() === lower);
}
