/**
 * The departments, locations and custom fields of an account: how each list is read and searched, and how a department
 * is made. A create leaves its list in doubt until its answer is there, so that no name is created twice.
 */

import type { CatalogLock } from '@fresh-scim/directory';
import {
  type FieldDefinition,
  FreshserviceError,
  type Page,
  type PageOptions,
  toPlaceKey,
} from '@fresh-scim/freshservice';
import {
  type Asker,
  busy,
  findInList,
  type Found,
  isNew,
  refresh,
  refreshUnlessNew,
  type Source,
  store,
  withLock,
} from './catalog-list.ts';
import { type Place, type PlaceFound, toPlaceFinder } from './mapping/place-name.ts';
import { Halt, type World } from './run.ts';

/** Pages of a list, of 100 entries each. */
const PAGES_MAX = 100;
const FORMER_NAMES_MAX = 5;

interface KnownDepartment {
  readonly id: number;
  readonly name: string;
  /** Keys of names that it had before an administrator renamed it. */
  readonly formerly: readonly string[];
}
type KnownField = Pick<FieldDefinition, 'name' | 'type' | 'choices'>;

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
  return findInList(
    asker,
    DEPARTMENTS,
    ({ byName, byFormerName }) => byName.get(key) ?? byFormerName.get(key),
  );
}

/** A location by its name or the end of its path. */
export function findLocation(asker: Asker, text: string): Promise<Found<PlaceFound>> {
  return findInList(asker, LOCATIONS, (findPlace) => {
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
  return findInList(asker, FIELDS[whom], (fields) => pickField(fields, name));
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
