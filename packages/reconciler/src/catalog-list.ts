/**
 * One list of an account, whatever it is of: read once for everybody, again when it is old or lacks a name. Reads happen
 * under a lock, and who changes what the list is of puts it in doubt until the answer is there.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogKind, CatalogLock, Directory } from '@fresh-scim/directory';
import { type CallOptions, FreshserviceError } from '@fresh-scim/freshservice';
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
/** How long a reconcile waits while another process reads or creates, before it goes away for a while. */
const BUSY_MAX_MS = 2000;
const BUSY_STEP_MS = 50;
/** A lock lasts for that many calls; who creates makes sure of it right before the call. */
const LOCK_CALLS = 6;

/** Who asks: the world, and how urgent it is. */
export interface Asker {
  readonly world: World;
  readonly call: CallOptions;
}

/** What was looked for; else why there is nothing. `refused`: Freshservice does not want it to be made. */
export type Found<T> = { readonly found: T } | { readonly problem: 'unknown' | 'unreadable' | 'refused' };

/** A list with its index. */
export interface List<T, Index> {
  readonly entries: readonly T[];
  readonly index: Index;
  readonly ageMs: number;
  readonly readable: boolean;
  readonly inDoubt: boolean;
}

/** How one kind of list is read and searched. */
export interface Source<T, Index> {
  readonly kind: CatalogKind;
  toIndex(entries: readonly T[]): Index;
  /** @param before keeps what only the former list knew */
  fetch(asker: Asker, before: readonly T[]): Promise<T[]>;
  /** Whether the list has what keys wait for; `undefined` when it is not of this list. */
  has(index: Index, awaited: string): boolean | undefined;
}

/** Reads the list again, unless another connection of the account has just done so, and wakes who waited for a name in it. */
export async function refreshUnlessNew<T, Index>(asker: Asker, source: Source<T, Index>): Promise<void> {
  await withLock(asker, source, async (_lock, stored) => {
    if (isNew(stored))
      await wakeFound(asker, source, stored.index); // another connection of the account has read it
    else await refresh(asker, source, stored);
  });
}

/** What the list has, read again before it is said to lack it. @throws {Halt} `later` while another process reads it */
export async function findInList<T, Index, R>(
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
export const isNew = ({ ageMs, inDoubt, readable }: List<unknown, unknown>): boolean =>
  !inDoubt && ageMs < (readable ? MISSING_AGE_MAX_MS : UNREADABLE_AGE_MAX_MS);

/** Reads the list from Freshservice. One that our key may not see stays as it was; a person is never held up by it. */
export async function refresh<T, Index>(
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
  const entries = (stored?.entries ?? []) as T[]; // stored by `store`, under the kind of the source
  const { ageMs = Infinity, readable = true, inDoubt = false } = stored ?? {};
  return remember(world, source, { entries, ageMs, readable, inDoubt });
}

/** Stores a list, and wakes who waited for a name that it has. */
export async function store<T, Index>(
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
  const awaited = await world.directory.awaitedNames();
  await world.directory.wakeAwaiting(awaited.filter((name) => source.has(index, name)));
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
export async function withLock<T, Index, R>(
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

/** Another process has the list: come again. */
export const busy = ({ random }: World): Halt =>
  new Halt({
    kind: 'later',
    ms: BUSY_MAX_MS * (0.5 + random()),
    why: 'list-is-being-read',
    isFailure: false,
  });
