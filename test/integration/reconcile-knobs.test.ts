/**
 * Whatever Freshservice does where its documentation is silent: a first and a second cycle over people of whom some
 * have accounts already end in step, without a double. Any two behaviours come together at least once.
 */
import { isDeepStrictEqual } from 'node:util';
import { createSimulator, type User } from '@fresh-scim/freshservice-sim';
import { importAccounts } from '@fresh-scim/reconciler';
import { describe, expect, it } from 'vitest';
import { openWorld, type TestWorld } from '../support/world.ts';
import { type Combination, combinations, FACTORS, NOT_MET } from './knob-factors.ts';
import {
  accountBefore,
  addressOf,
  expectedOf,
  isActive,
  isReportedOnly,
  managerOf,
  ROUNDS,
  userOf,
} from './knob-people.ts';

/** Every hard case comes up among 40; the long run has the tenant of a small company. */
const PEOPLE = process.env['FRESH_SCIM_LONG'] === '1' ? 200 : 40;
const NUMBERS = Array.from({ length: PEOPLE }, (_, n) => n);
const DOMAIN_DEPARTMENT = 'Everybody at Larkspur';

/** @returns the account that each person has already */
function moveIn(world: TestWorld, combination: Combination): ReadonlyMap<number, User> {
  world.sim.state.departments.create({ name: DOMAIN_DEPARTMENT, domains: ['larkspur.example'] });
  const accounts = NUMBERS.flatMap((n): [number, User][] => {
    const draft = accountBefore(n, combination);
    return draft ? [[n, world.sim.state.create(draft)]] : [];
  });
  return new Map(accounts);
}

async function cycle(world: TestWorld, ids: string[], round: number): Promise<void> {
  for (const n of NUMBERS) {
    const wanted = userOf(n, round, ids[managerOf(n) ?? -1]);
    const id = ids[n];
    if (id === undefined) ids.push(await world.post(wanted));
    else await world.put(id, wanted);
  }
  await world.drain();
}

type Before = ReadonlyMap<number, User>;

/** What is not as it should be, in words. */
function mismatches(world: TestWorld, before: Before, round: number, combination: Combination): string[] {
  const { users, departments } = world.sim.state;
  return NUMBERS.flatMap((n): string[] => {
    const [person] = users.byPrimary(addressOf(n, round));
    const own = before.get(n);
    if (isReportedOnly(n, combination)) {
      const isUntouched = isDeepStrictEqual(own && users.get(own.id), own);
      return person || !isUntouched ? [`${n}: taken over, or created beside the other account`] : [];
    }
    if (!isActive(n, round)) {
      const accounts = [person, own && users.get(own.id), ...users.byExternalId(`x-${n}`)];
      return accounts.some((account) => account?.active) ? [`${n}: active`] : [];
    }
    const [manager] = users.byPrimary(addressOf(managerOf(n) ?? -1, round));
    const names = person?.department_ids.map((id) => departments.get(id)?.name);
    const shown = { ...person, departments: names?.filter((name) => name !== DOMAIN_DEPARTMENT) };
    const expected = expectedOf(n, round, manager?.id, combination);
    return Object.entries({ ...expected, ...(own ? { id: own.id } : {}) }).flatMap(([name, wanted]) => {
      const found = shown[name as keyof typeof shown] ?? null;
      if (wanted === undefined || isDeepStrictEqual(found, wanted)) return [];
      return [`${n}: ${name} ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
    });
  });
}

describe.each(combinations())('%j', (combination) => {
  it('ends in step, twice', async () => {
    const world = await openWorld({ ...combination.knobs, settings: { brake: 'off' } });
    try {
      const before = moveIn(world, combination);
      if (combination.isImported) {
        await world.directory.startImport();
        expect(await importAccounts(world.world, { signal: new AbortController().signal })).toBe('done');
      }
      const ids: string[] = [];
      for (const round of ROUNDS) {
        await cycle(world, ids, round);
        expect(mismatches(world, before, round, combination).slice(0, 10)).toEqual([]);
        expect(world.sim.state.duplicates()).toEqual([]);
      }
    } finally {
      await world.close();
    }
  });
});

describe('the combinations', () => {
  it('bring any two choices of two behaviours together', () => {
    const rows: Record<string, unknown>[] = combinations().map(({ knobs, isImported }) => ({
      ...knobs,
      isImported,
    }));
    const names = Object.keys(FACTORS) as (keyof typeof FACTORS)[];
    const missing = names.flatMap((first, index) =>
      names
        .slice(index + 1)
        .flatMap((second) =>
          FACTORS[first].flatMap((a: unknown) =>
            FACTORS[second]
              .filter(
                (b: unknown) =>
                  !rows.some((row) => isDeepStrictEqual(row[first], a) && isDeepStrictEqual(row[second], b)),
              )
              .map((b: unknown) => [first, a, second, b]),
          ),
        ),
    );
    expect(missing).toEqual([]);
  });

  it('turn every knob but those that are said to be of no consequence', () => {
    const { config } = createSimulator({ apiKey: 'k' });
    const turned = [...Object.keys(FACTORS).filter((name) => name !== 'isImported'), ...Object.keys(NOT_MET)];
    expect(turned.toSorted()).toEqual(Object.keys(config).toSorted());
  });
});
