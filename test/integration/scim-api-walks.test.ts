/**
 * Random walks over lists by `startIndex`, while people come and go between the pages, on a real Redis: whoever is there
 * during a whole walk is seen by it. `FRESH_SCIM_SEED` replays a failure with the seed that it printed.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, openScimApi, type TestApi } from '../support/scim-api.ts';

const isLong = process.env['FRESH_SCIM_LONG'] === '1';
const RUNS = isLong ? 500 : 40;
const TIMEOUT_MS = isLong ? 600_000 : 60_000;
const seed = Number(process.env['FRESH_SCIM_SEED'] ?? (isLong ? Date.now() : 20_261_123));
const WALKERS = 3;

let api: TestApi;
beforeAll(async () => {
  api = await openScimApi();
});
afterAll(() => api.close());

/** A list that is walked: the query of a page, and whether somebody with this letter is in the list. */
interface List {
  readonly name: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly isSearch?: boolean;
  readonly holds: (resource: Resource) => boolean;
}

interface Resource {
  readonly id: string;
  readonly type: 'User' | 'Group';
  readonly letter: string;
}

const isUser = ({ type }: Resource): boolean => type === 'User';
const isGroup = ({ type }: Resource): boolean => type === 'Group';
const isMarked = ({ letter }: Resource): boolean => letter !== '';

const LISTS: readonly List[] = [
  { name: 'users', path: '/Users', query: {}, holds: isUser },
  { name: 'groups', path: '/Groups', query: {}, holds: isGroup },
  { name: 'all', path: '', query: {}, holds: () => true },
  {
    name: 'some users',
    path: '/Users',
    query: { filter: 'externalId pr' },
    holds: (one) => isUser(one) && isMarked(one),
  },
  { name: 'sorted users', path: '/Users', query: { sortBy: 'externalId' }, holds: isUser },
  {
    name: 'some groups, sorted from the end',
    path: '/Groups',
    isSearch: true,
    query: { filter: 'externalId ne "b"', sortBy: 'externalId', sortOrder: 'descending' },
    holds: (one) => isGroup(one) && one.letter !== 'b',
  },
  {
    name: 'some of all, sorted',
    path: '',
    isSearch: true,
    query: { filter: 'externalId pr', sortBy: 'externalId' },
    holds: isMarked,
  },
];

type Step =
  | { readonly kind: 'page'; readonly walker: number; readonly count: number }
  | { readonly kind: 'again'; readonly walker: number }
  | { readonly kind: 'remove'; readonly which: number }
  | { readonly kind: 'create'; readonly type: Resource['type']; readonly letter: string };

const letter = fc.constantFrom('', 'a', 'b', 'B', 'c');
const type = fc.constantFrom<Resource['type']>('User', 'Group');
const count = fc.integer({ min: 1, max: 5 });
const removal = fc.record({ kind: fc.constant('remove' as const), which: fc.nat(30) });
const creation = fc.record({ kind: fc.constant('create' as const), type, letter });
const pageOf = (walkers: number) =>
  fc.record({ kind: fc.constant('page' as const), walker: fc.nat(walkers - 1), count });
const restart = fc.record({ kind: fc.constant('again' as const), walker: fc.nat(WALKERS - 1) });

const crowd = fc.array(fc.tuple(type, letter), { minLength: 3, maxLength: 14 });
/** One after the other, each to its end. */
const walksOfOne = fc.array(
  fc.oneof({ weight: 5, arbitrary: pageOf(1) }, { weight: 3, arbitrary: removal }, creation),
  {
    minLength: 20,
    maxLength: 60,
  },
);
/** At the same time, some given up in the middle. */
const walksOfSeveral = fc.array(
  fc.oneof({ weight: 9, arbitrary: pageOf(WALKERS) }, { weight: 3, arbitrary: removal }, creation, restart),
  { minLength: 30, maxLength: 90 },
);

/** Who is there in one run, which has the directory to itself. */
class World {
  readonly list: List;
  readonly here = new Map<string, Resource>();
  #made = 0;

  constructor(list: List) {
    this.list = list;
  }

  async create(kind: Resource['type'], mark: string): Promise<void> {
    this.#made += 1;
    const more = mark === '' ? {} : { externalId: mark };
    const { stored } = await (kind === 'User'
      ? api.directory.createUser({ userName: `p${this.#made}`, ...more })
      : api.directory.createGroup({ displayName: `g${this.#made}`, ...more }, []));
    this.here.set(stored.id, { id: stored.id, type: kind, letter: mark });
  }

  async remove(which: number): Promise<void> {
    const resource = [...this.here.values()][which % Math.max(1, this.here.size)];
    if (!resource) return;
    this.here.delete(resource.id);
    await (resource.type === 'User'
      ? api.directory.removeUser(resource.id)
      : api.directory.removeGroup(resource.id));
  }

  /** Who is in the list now. */
  ids(): string[] {
    return [...this.here.values()].filter(this.list.holds).map(({ id }) => id);
  }

  async page(startIndex: number, pageSize: number): Promise<Body> {
    const { path, query, isSearch } = this.list;
    const asked = { ...query, startIndex, count: pageSize, attributes: 'id' };
    const text = new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]));
    const { status, body } = await (isSearch
      ? api.call('POST', `${path}/.search`, asked)
      : api.call('GET', `${path}?${text.toString()}`));
    expect({ status, startIndex: body['startIndex'] }).toEqual({ status: 200, startIndex });
    expect(body.Resources.length).toBeLessThanOrEqual(pageSize);
    expect(body['itemsPerPage']).toBe(body.Resources.length);
    return body;
  }
}

/** One client that walks, again and again. */
class Walker {
  readonly #world: World;
  /** Goes on until a page is empty, or until `totalResults` is reached. */
  readonly #isThorough: boolean;
  /** Those who are there since the walk has begun. */
  #wanted = new Set<string>();
  #seen: string[] = [];
  #next = 1;
  #pages = 0;

  constructor(world: World, isThorough: boolean) {
    this.#world = world;
    this.#isThorough = isThorough;
  }

  get isBetweenWalks(): boolean {
    return this.#next === 1;
  }

  /** Gives up, to begin again. */
  again(): void {
    this.#next = 1;
    this.#pages = 0;
  }

  /** @returns what the walk has seen, if this was its last page. */
  async page(pageSize: number): Promise<{ readonly missed: string[]; readonly twice: string[] } | undefined> {
    if (this.#next === 1) {
      this.#wanted = new Set(this.#world.ids());
      this.#seen = [];
    }
    const { Resources, totalResults } = await this.#world.page(this.#next, pageSize);
    this.#seen.push(...Resources.map(({ id }) => id));
    this.#next += Resources.length;
    this.#pages += 1;
    expect(this.#pages, 'a walk ends').toBeLessThan(200);
    if (Resources.length > 0 && (this.#isThorough || this.#next <= totalResults)) return undefined;
    this.again();
    const seen = new Set(this.#seen);
    return {
      missed: [...this.#wanted].filter((id) => this.#world.here.has(id) && !seen.has(id)),
      twice: this.#seen.filter((id, index) => this.#seen.indexOf(id) !== index),
    };
  }
}

async function inWorld(
  list: List,
  people: readonly (readonly [Resource['type'], string])[],
  work: (world: World) => Promise<void>,
): Promise<void> {
  await api.directory.erase();
  const world = new World(list);
  for (const [kind, mark] of people) await world.create(kind, mark);
  await work(world);
}

const options = { numRuns: RUNS, seed };

async function run(
  world: World,
  walkers: readonly Walker[],
  steps: readonly Step[],
  check: (ended: { readonly missed: string[]; readonly twice: string[] }) => void,
): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'create') await world.create(step.type, step.letter);
    else if (step.kind === 'remove') await world.remove(step.which);
    else if (step.kind === 'again') walkers[step.walker]?.again();
    else {
      const ended = await walkers[step.walker]?.page(step.count);
      if (ended) check(ended);
    }
  }
  for (const walker of walkers) {
    while (!walker.isBetweenWalks) {
      const ended = await walker.page(3);
      if (ended) check(ended);
    }
  }
}

describe.each(LISTS)('a walk over $name', (list) => {
  it.each([true, false])(
    'of one client sees everybody once (until a page is empty: %s)',
    async (isThorough) => {
      await fc.assert(
        fc.asyncProperty(crowd, walksOfOne, (people, steps) =>
          inWorld(list, people, (world) =>
            run(world, [new Walker(world, isThorough)], steps, (ended) =>
              expect(ended).toEqual({ missed: [], twice: [] }),
            ),
          ),
        ),
        options,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'of several at once misses nobody',
    async () => {
      await fc.assert(
        fc.asyncProperty(crowd, walksOfSeveral, (people, steps) =>
          inWorld(list, people, (world) => {
            const walkers = Array.from({ length: WALKERS }, () => new Walker(world, false));
            return run(world, walkers, steps, ({ missed }) => expect(missed).toEqual([]));
          }),
        ),
        options,
      );
    },
    TIMEOUT_MS,
  );
});
