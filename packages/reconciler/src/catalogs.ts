/**
 * The departments, locations and custom fields of an account: read once for everybody, again when they are old or lack
 * a name. Reads and creates happen under a lock, and a create leaves a list in doubt until its answer is there, so that
 * no name is created twice.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogKind, CatalogLock, Directory } from '@fresh-scim/directory';
import {
  type CallOptions,
  type FieldDefinition,
  FreshserviceError,
  type Page,
  type PageOptions,
  toPlaceKey,
} from '@fresh-scim/freshservice';
import { type Place, type PlaceFound, toPlaceFinder } from './mapping/place-name.ts';
import { Halt, type World } from './run.ts';

const MINUTE_MS = 60_000;
/** A list that is older than this is read again. */
const AGE_MAX_MS = 24 * 60 * MINUTE_MS;
/** A name that a younger list lacks is believed not to be there. */
const MISSING_AGE_MAX_MS = MINUTE_MS;
/** Our key may not see the list: asked again after this. */
const UNREADABLE_AGE_MAX_MS = 15 * MINUTE_MS;
/** A parsed list is used for so long without asking the store. */
const CACHE_MS = 2000;
/** Pages of a list, of 100 entries each. */
const PAGES_MAX = 100;
/** How long a reconcile waits while another process reads or creates, before it goes away for a while. */
const BUSY_MAX_MS = 2000;
const BUSY_STEP_MS = 50;
/** A lock lasts for that many calls; who creates makes sure of it right before the call. */
const LOCK_CALLS = 6;
const FORMER_NAMES_MAX = 5;

/** Who asks: the world, and how urgent it is. */
export interface Asker {
  readonly world: World;
  readonly call: CallOptions;
}

/** What was looked for; else why there is nothing. `refused`: Freshservice does not want it to be made. */
export type Found<T> = { readonly found: T } | { readonly problem: 'unknown' | 'unreadable' | 'refused' };

interface KnownDepartment {
  readonly id: number;
  readonly name: string;
  /** Keys of names that it had before an administrator renamed it. */
  readonly formerly: readonly string[];
}
type KnownField = Pick<FieldDefinition, 'name' | 'type' | 'choices'>;

/** A list with its index. */
interface List<T, Index> {
  readonly entries: readonly T[];
  readonly index: Index;
  readonly ageMs: number;
  readonly readable: boolean;
  readonly inDoubt: boolean;
}

/** How one kind of list is read and searched. */
interface Source<T, Index> {
  readonly kind: CatalogKind;
  toIndex(entries: readonly T[]): Index;
  /** @param before keeps what only the former list knew */
  fetch(asker: Asker, before: readonly T[]): Promise<T[]>;
  /** Whether the list has what keys wait for; `undefined` when it is not of this list. */
  has?(index: Index, awaited: string): boolean | undefined;
}

interface DepartmentIndex {
  readonly byName: ReadonlyMap<string, KnownDepartment>;
  readonly byFormerName: ReadonlyMap<string, KnownDepartment>;
}

const DEPARTMENTS: Source<KnownDepartment, DepartmentIndex> = {
  kind: 'departments',
  toIndex: (entries) => ({
    byName: new Map(entries.toReversed().map((one) => [toPlaceKey(one.name), one])),
    byFormerName: new Map(entries.flatMap((one) => one.formerly.map((name) => [name, one]))),
  }),
  fetch: async ({ world, call }, before) => {
    const rows = await allPages((page) => world.freshservice.departments.list(page, call));
    const known = new Map(before.map((department) => [department.id, department]));
    return rows.map(({ id, name }) => ({ id, name, formerly: formerNames(known.get(id), name) }));
  },
  has: ({ byName }, awaited) =>
    awaited.startsWith('department:') ? byName.has(awaited.slice('department:'.length)) : undefined,
};

type PlaceFinder = (text: string) => PlaceFound;

const LOCATIONS: Source<Place, PlaceFinder> = {
  kind: 'locations',
  toIndex: toPlaceFinder,
  fetch: async ({ world, call }) => {
    const rows = await allPages((page) => world.freshservice.locations.list(page, call));
    return rows.map(({ id, name, parent_location_id: parentId }) => ({ id, name, parentId }));
  },
  has: (findPlace, awaited) =>
    awaited.startsWith('location:') ? isKnown(findPlace(awaited.slice('location:'.length))) : undefined,
};

/** The list of fields of one kind of people, and what begins the names in it that keys wait for. */
function fieldSource(
  kind: 'fields' | 'agentFields',
  whom: 'requester' | 'agent',
  prefix: 'field:' | 'agentField:',
): Source<KnownField, readonly KnownField[]> {
  return {
    kind,
    toIndex: (entries) => entries,
    fetch: async ({ world, call }) => {
      const fields = await world.freshservice.fields[whom](call);
      const custom = fields.filter(({ type }) => type.startsWith('custom_'));
      return custom.map(({ name, type, choices }) => ({ name, type, choices }));
    },
    has: (fields, awaited) =>
      awaited.startsWith(prefix) ? pickField(fields, awaited.slice(prefix.length)) !== undefined : undefined,
  };
}

const FIELDS = {
  requester: fieldSource('fields', 'requester', 'field:'),
  agent: fieldSource('agentFields', 'agent', 'agentField:'),
};

function pickField(fields: readonly KnownField[], name: string): KnownField | undefined {
  const caseless = fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
  return fields.find((field) => field.name === name) ?? caseless;
}

const isKnown = (place: PlaceFound): boolean => 'id' in place || place.problem === 'ambiguous';

/** A department by its name, else by a name that it had before it was renamed. */
export function findDepartment(asker: Asker, name: string): Promise<Found<KnownDepartment>> {
  const key = toPlaceKey(name);
  return find(asker, DEPARTMENTS, ({ byName, byFormerName }) => byName.get(key) ?? byFormerName.get(key));
}

/** A location by its name or the end of its path. */
export function findLocation(asker: Asker, text: string): Promise<Found<PlaceFound>> {
  return find(asker, LOCATIONS, (findPlace) => {
    const place = findPlace(text);
    return isKnown(place) ? place : undefined;
  });
}

/** A field that the company has added to people of this kind, by its name. */
export function findField(
  asker: Asker,
  whom: 'requester' | 'agent',
  name: string,
): Promise<Found<KnownField>> {
  return find(asker, FIELDS[whom], (fields) => pickField(fields, name));
}

/**
 * Makes a department that the newest list lacks.
 *
 * @throws {Halt} `later` while another process reads or creates. {@link FreshserviceError} when it is not known what
 * became of the create: the list stays in doubt, and is read before the next one.
 */
export async function createDepartment(asker: Asker, name: string): Promise<Found<KnownDepartment>> {
  return withLock(asker, DEPARTMENTS, async (lock, stored) => {
    const find = ({ index }: typeof stored): KnownDepartment | undefined =>
      index.byName.get(toPlaceKey(name));
    const list = isNew(stored) ? stored : await refresh(asker, DEPARTMENTS, stored);
    const existing = find(list);
    if (existing) return { found: existing };
    if (!list.readable) return { problem: 'unreadable' };

    await store(asker, DEPARTMENTS, { ...list, inDoubt: true }, false);
    try {
      const { id, name: shown } = await postDepartment(asker, lock, name);
      // A server that rewrites names must be found by the name that it was given.
      const formerly = toPlaceKey(shown) === toPlaceKey(name) ? [] : [toPlaceKey(name)];
      const made: KnownDepartment = { id, name: shown, formerly };
      await store(asker, DEPARTMENTS, { ...list, entries: [...list.entries, made], inDoubt: false }, false);
      return { found: made };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const present = find(await refresh(asker, DEPARTMENTS, list));
      return present ? { found: present } : { problem: 'refused' };
    }
  });
}

function postDepartment(
  { world, call }: Asker,
  lock: CatalogLock,
  name: string,
): Promise<{ readonly id: number; readonly name: string }> {
  const beforeSend = async (): Promise<void> => {
    if (!(await lock.extend(2 * world.freshservice.deadlineMs))) throw busy(world);
  };
  return world.freshservice.departments.create({ name }, { ...call, beforeSend });
}

const isRefusal = (error: unknown): boolean =>
  error instanceof FreshserviceError &&
  error.effect === 'none' &&
  ['conflict', 'invalid', 'forbidden', 'notFound'].includes(error.kind);

/**
 * Reads the lists again in which keys wait for a name that is not there yet, and wakes those whose name is there now.
 * Does nothing while another process reads them.
 *
 * @throws {FreshserviceError} what a read met, but for a list that our key may not see. BudgetExhausted.
 */
export async function refreshAwaitedCatalogs(world: World): Promise<void> {
  const awaited = await world.directory.awaitedNames();
  const asker: Asker = { world, call: { urgency: 'bulk' } };
  const isAwaited = (prefix: string): boolean => awaited.some((name) => name.startsWith(prefix));
  try {
    if (isAwaited('department:')) await refreshUnlessNew(asker, DEPARTMENTS);
    if (isAwaited('location:')) await refreshUnlessNew(asker, LOCATIONS);
    if (isAwaited('field:')) await refreshUnlessNew(asker, FIELDS.requester);
    if (isAwaited('agentField:')) await refreshUnlessNew(asker, FIELDS.agent);
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
  }
}

async function refreshUnlessNew<T, Index>(asker: Asker, source: Source<T, Index>): Promise<void> {
  await withLock(asker, source, async (_lock, stored) => {
    if (isNew(stored))
      await wakeFound(asker, source, stored.index); // another connection of the account has read it
    else await refresh(asker, source, stored);
  });
}

async function find<T, Index, R>(
  asker: Asker,
  source: Source<T, Index>,
  pick: (index: Index) => R | undefined,
): Promise<Found<R>> {
  const problem = ({ readable }: List<T, Index>): Found<R> => ({
    problem: readable ? 'unknown' : 'unreadable',
  });
  for (const loadList of [loadCached, load]) {
    const list = await loadList(asker, source);
    const found = list.ageMs < AGE_MAX_MS ? pick(list.index) : undefined;
    if (found !== undefined) return { found };
    if (isNew(list)) return problem(list);
  }
  return withLock(asker, source, async (_lock, stored) => {
    const list = isNew(stored) ? stored : await refresh(asker, source, stored);
    const found = pick(list.index);
    return found === undefined ? problem(list) : { found };
  });
}

/** What it lacks is not there. */
const isNew = ({ ageMs, inDoubt, readable }: List<unknown, unknown>): boolean =>
  !inDoubt && ageMs < (readable ? MISSING_AGE_MAX_MS : UNREADABLE_AGE_MAX_MS);

/** Reads the list from Freshservice. One that our key may not see stays as it was; a person is never held up by it. */
async function refresh<T, Index>(
  asker: Asker,
  source: Source<T, Index>,
  before: List<T, Index>,
): Promise<List<T, Index>> {
  try {
    const entries = await source.fetch(asker, before.entries);
    return await store(asker, source, { entries, readable: true, inDoubt: false }, true);
  } catch (error) {
    const isHidden =
      error instanceof FreshserviceError && (error.kind === 'forbidden' || error.kind === 'notFound');
    if (!isHidden) throw error;
    return store(asker, source, { ...before, readable: false, inDoubt: false }, true);
  }
}

const caches = new WeakMap<Directory, Map<CatalogKind, { at: number; list: unknown }>>();

async function loadCached<T, Index>(asker: Asker, source: Source<T, Index>): Promise<List<T, Index>> {
  const cached = caches.get(asker.world.directory)?.get(source.kind);
  if (!cached || asker.world.monotonicMs() - cached.at > CACHE_MS) return load(asker, source);
  return cached.list as List<T, Index>; // only `remember` puts lists there, each under its own kind
}

async function load<T, Index>({ world }: Asker, source: Source<T, Index>): Promise<List<T, Index>> {
  const stored = await world.directory.loadCatalog(source.kind);
  const entries = (stored?.entries ?? []) as T[]; // stored by this file, under the kind of the source
  const { ageMs = Infinity, readable = true, inDoubt = false } = stored ?? {};
  return remember(world, source, { entries, ageMs, readable, inDoubt });
}

/** Stores a list, and wakes who waited for a name that it has. */
async function store<T, Index>(
  asker: Asker,
  source: Source<T, Index>,
  { entries, readable, inDoubt }: Omit<List<T, Index>, 'index' | 'ageMs'>,
  wasReadNow: boolean,
): Promise<List<T, Index>> {
  const { world } = asker;
  await world.directory.storeCatalog(source.kind, { entries: [...entries], readable, inDoubt }, wasReadNow);
  if (!wasReadNow) return load(asker, source);
  const list = remember(world, source, { entries, ageMs: 0, readable, inDoubt });
  await wakeFound(asker, source, list.index);
  return list;
}

async function wakeFound<T, Index>({ world }: Asker, source: Source<T, Index>, index: Index): Promise<void> {
  if (!source.has) return;
  const awaited = await world.directory.awaitedNames();
  await world.directory.wakeAwaiting(awaited.filter((name) => source.has?.(index, name)));
}

function remember<T, Index>(
  world: World,
  source: Source<T, Index>,
  list: Omit<List<T, Index>, 'index'>,
): List<T, Index> {
  const indexed = { ...list, index: source.toIndex(list.entries) };
  const cache = caches.get(world.directory) ?? new Map();
  caches.set(world.directory, cache.set(source.kind, { at: world.monotonicMs(), list: indexed }));
  return indexed;
}

/** A reference was refused although the list has it: the list is out of date. */
export async function distrust({ directory }: World, kind: CatalogKind): Promise<void> {
  await directory.distrustCatalog(kind);
  caches.get(directory)?.delete(kind);
}

/** Works on a list alone. When it is not known what became of a call, nobody else may before that can have landed. */
async function withLock<T, Index, R>(
  asker: Asker,
  source: Source<T, Index>,
  work: (lock: CatalogLock, stored: List<T, Index>) => Promise<R>,
): Promise<R> {
  const { deadlineMs } = asker.world.freshservice;
  const lock = await takeLock(asker, source.kind, LOCK_CALLS * deadlineMs);
  try {
    const result = await work(lock, await load(asker, source));
    await lock.release();
    return result;
  } catch (error) {
    if (error instanceof FreshserviceError && error.effect !== 'none') await lock.extend(deadlineMs);
    else await lock.release();
    throw error;
  }
}

async function takeLock({ world, call }: Asker, kind: CatalogKind, ms: number): Promise<CatalogLock> {
  for (let waitedMs = 0; waitedMs < BUSY_MAX_MS && !call.signal?.aborted; waitedMs += BUSY_STEP_MS) {
    const lock = await world.directory.lockCatalog(kind, ms);
    if (lock) return lock;
    await sleep(BUSY_STEP_MS);
  }
  throw busy(world);
}

const busy = ({ random }: World): Halt =>
  new Halt({
    kind: 'later',
    ms: BUSY_MAX_MS * (0.5 + random()),
    why: 'list-is-being-read',
    isFailure: false,
  });

async function allPages<T>(fetch: (page: PageOptions) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  let page: number | undefined = 1;
  for (let pages = 0; page !== undefined && pages < PAGES_MAX; pages += 1) {
    const { records, nextPage }: Page<T> = await fetch({ page });
    rows.push(...records);
    page = nextPage;
  }
  return rows;
}

function formerNames(known: KnownDepartment | undefined, name: string): readonly string[] {
  if (!known || toPlaceKey(known.name) === toPlaceKey(name)) return known?.formerly ?? [];
  return [...new Set([...known.formerly, toPlaceKey(known.name)])].slice(-FORMER_NAMES_MAX);
}
