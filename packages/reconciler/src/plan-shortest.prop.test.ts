/** No way to be in step is shorter than the planned one: compared with a search through all ways, on small accounts. */
import type { JsonValue } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inStep } from './compare.ts';
import { RESET_BY_UPDATE, toObserved } from './mapping/observed.ts';
import type { Target } from './mapping/target.ts';
import { plan, type Step } from './plan.ts';
import { bringInStep } from './testing/belief.ts';
import { type Account, perform, type Rules, toPerson } from './testing/freshservice-model.ts';

const FLAG = RESET_BY_UPDATE[0];
const ALWAYS = { primary_email: 'ines@larkspur.example', first_name: 'Ines' };
const DOMAIN: Readonly<Record<string, readonly JsonValue[]>> = {
  job_title: [null, 'Clerk', 'Lead'],
  department_ids: [[], [21], [22]],
  'custom_fields.badge': [null, 'b-0', 'b-1'],
};
const NAMES = Object.keys(DOMAIN);
const NOTHING: ReadonlySet<string> = new Set();

const values = fc.record({
  job_title: fc.constantFrom(null, 'Clerk', 'Lead'),
  department_ids: fc.constantFrom<number[][]>([], [21], [22]),
  'custom_fields.badge': fc.constantFrom(null, 'b-0', 'b-1'),
  [FLAG]: fc.boolean(),
});
const account: fc.Arbitrary<Account | undefined> = fc.option(
  fc.record({
    kind: fc.constantFrom('requester', 'agent'),
    active: fc.boolean(),
    values: values.map((own) => ({ ...ALWAYS, ...own })),
  }),
  { nil: undefined },
);
const target: fc.Arbitrary<Target> = fc
  .record({
    active: fc.boolean(),
    named: fc.record(
      {
        job_title: fc.constantFrom('Clerk', 'Lead'),
        department_ids: fc.constantFrom(21, 22).map((id): JsonValue => [id]),
        'custom_fields.badge': fc.constant('b-1'),
      },
      { requiredKeys: [] },
    ),
    defaults: fc.constantFrom({}, { 'custom_fields.badge': 'b-0' }),
    learned: fc.subarray(NAMES),
  })
  .map(({ active, named, defaults, learned }) => ({
    active,
    attributes: { ...ALWAYS, ...named },
    defaults,
    byElement: ['secondary_emails'],
    addresses: [ALWAYS.primary_email],
    externalId: undefined,
    learned,
    notes: [],
  }));
const rules: fc.Arbitrary<Rules> = fc.record({
  rewrite: fc.constant((text: string) => text),
  ignores: fc.constant([]),
  clearedByReactivate: fc.subarray(NAMES),
});

test('no search finds a shorter way, and there is nothing left to plan at its end', () => {
  fc.assert(
    fc.property(
      account,
      fc.subarray(NAMES),
      fc.boolean(),
      target,
      rules,
      (start, named, adopted, target, rules) => {
        const shown = start && toObserved(toPerson(start), undefined, 0);
        const observed = shown && { ...shown, ours: named, ...(adopted ? { adopted } : {}) };
        // A new account has the defaults as well, one that was there before us what Entra says of anybody.
        const more = start ? (adopted ? target.learned : []) : Object.keys(target.defaults);
        const owned = [...new Set([...Object.keys(target.attributes), ...(start ? named : []), ...more])];
        const end = bringInStep({ account: start, observed }, target, rules);
        expect(isDone(end.account, start, target, owned)).toBe(true);
        expect(plan(target, end.observed, NOTHING)).toEqual([]);
        expect(end.steps).toHaveLength(shortest(start, target, owned, rules));
      },
    ),
  );
});

function isDone(
  account: Account | undefined,
  start: Account | undefined,
  target: Target,
  owned: readonly string[],
): boolean {
  if (!target.active) return account?.active !== true;
  if (!account?.active || (account.values[FLAG] === true) !== (start?.values[FLAG] === true)) return false;
  return owned.every((name) =>
    inStep(name, target.attributes[name] ?? target.defaults[name], account.values[name]),
  );
}

/** The length of the shortest row of calls, of which each writes what is ours and nothing else. */
function shortest(
  start: Account | undefined,
  target: Target,
  owned: readonly string[],
  rules: Rules,
): number {
  const calls = everyCall(owned);
  const seen = new Set([JSON.stringify(start)]);
  let edge = [start];
  for (let length = 0; edge.length > 0; length += 1) {
    if (edge.some((account) => isDone(account, start, target, owned))) return length;
    edge = edge.flatMap((account) => calls.flatMap((call) => tried(account, call, rules)));
    edge = edge.filter((account) => !seen.has(JSON.stringify(account)));
    for (const account of edge) seen.add(JSON.stringify(account));
  }
  throw new Error('there is no way');
}

function everyCall(owned: readonly string[]): Step[] {
  let writes: Record<string, JsonValue>[] = [{}, { [FLAG]: true }];
  for (const name of new Set(owned)) {
    const choices = DOMAIN[name] ?? [];
    writes = writes.flatMap((write) => [write, ...choices.map((value) => ({ ...write, [name]: value }))]);
  }
  return [
    { kind: 'deactivate' },
    { kind: 'reactivate' },
    ...writes.map((attributes) => ({ kind: 'update', attributes }) as const),
    ...writes.map((write) => ({ kind: 'create', attributes: { ...ALWAYS, ...write } }) as const),
  ];
}

/** Where the call leads; nowhere when Freshservice refuses it. */
function tried(account: Account | undefined, call: Step, rules: Rules): Account[] {
  try {
    return [perform(account, call, rules)];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}
