/**
 * Whatever Freshservice does where its documentation is silent: a first and a second cycle of the same people end in
 * step, without a double. Any two behaviours come together at least once.
 */
import { isDeepStrictEqual } from 'node:util';
import type { KnobChanges } from '@fresh-scim/freshservice-sim';
import { ENTERPRISE_USER, FRESHSERVICE_USER } from '@fresh-scim/scim';
import { describe, expect, it } from 'vitest';
import { pairwise } from '../support/pairwise.ts';
import { openWorld, type TestWorld } from '../support/world.ts';

/** Every hard case comes up among 40; the long run has the tenant of a small company. */
const PEOPLE = process.env['FRESH_SCIM_LONG'] === '1' ? 200 : 40;

const combinations = pairwise({
  conflictStyle: ['409-errors', '409-flat', '400-duplicate_value'],
  conflictScope: ['primary+secondary+agents', 'primaryOnly'],
  emailFilterScope: ['primaryOnly', 'primaryAndSecondary'],
  emailFilterIncludesInactive: [true],
  getRequesterForAgentId: [404, 200],
  indexLagMs: [0, 300],
  putInactive: ['allow', 'incompatible_field400', 'notFound'],
  readOnlyEcho: ['reject400', 'ignore'],
  undocumentedWrites: ['accept', 'reject400'],
  refusedAttributes: [[], ['external_id']],
  nullScalars: ['clear', 'datatype_mismatch'],
  overLength: ['reject400', 'truncate'],
  customFieldsMerge: ['merge', 'replace'],
  customFieldsShown: ['set', 'all', 'nullWhenNone'],
  inactiveManager: ['accept', 'reject400'],
  createStatus: [{ departments: 201 }, { departments: 200 }],
  uniqueDepartments: [true, false],
  envelopeQuirk: ['singular', 'plural'],
  departmentDomains: [false, true],
  deleteAgain: [404, 204],
  reactivateClears: ['department_ids+manager+location', 'nothing'],
}) as readonly KnobChanges[];

/** A person whose attributes all depend on the round, so that the second cycle changes and clears some of each. */
function user(n: number, round: number, manager: string | undefined): Record<string, unknown> {
  const has = (every: number): boolean => (n + round) % every !== 0;
  return {
    userName: `p${n}${round > 0 && n % 9 === 0 ? '.new' : ''}@larkspur.example`,
    externalId: `x-${n}`,
    name: { givenName: `Person ${n}`, ...(has(7) ? { familyName: `Family ${n + round}` } : {}) },
    ...(has(3) ? { title: `Title ${n % 5}` } : {}),
    ...(has(4) ? { emails: [{ type: 'work', value: `mail${n}@larkspur.example` }] } : {}),
    ...(has(5) ? { addresses: [{ type: 'work', formatted: `${n} Mill Lane` }] } : {}),
    timezone: round === 0 ? 'Europe/Berlin' : 'GMT Standard Time',
    locale: 'de-AT',
    [ENTERPRISE_USER]: {
      ...(has(6) ? { department: `Department ${(n + round) % 8}` } : {}),
      ...(has(5) ? { _location: 'UK/Leeds' } : {}),
      ...(manager !== undefined && has(8) ? { manager: { value: manager } } : {}),
    },
    [FRESHSERVICE_USER]: has(3) ? { cost_centre: `CC-${n % 4}`, contractor: String(n % 2 === 0) } : {},
  };
}

const isActive = (n: number, round: number): boolean => (n + round) % 10 !== 0;

async function cycle(world: TestWorld, ids: string[], round: number): Promise<void> {
  for (let n = 0; n < PEOPLE; n += 1) {
    const manager = n > 0 ? ids[Math.floor(n / 10)] : undefined;
    const wanted = { ...user(n, round, manager), active: isActive(n, round) };
    const id = ids[n];
    if (id === undefined) ids.push(await world.post(wanted));
    else await world.put(id, wanted);
  }
  await world.drain(60_000);
}

/** What is not as it should be, in words; a value that was never there needs no clearing. */
function mismatches(world: TestWorld, ids: readonly string[], round: number, knobs: KnobChanges): string[] {
  const people = new Map(world.people().map((person) => [person.first_name, person]));
  const departments = new Map(world.sim.state.departments.all().map(({ id, name }) => [id, name]));
  const wrong: string[] = [];
  for (let n = 0; n < ids.length; n += 1) {
    const person = people.get(`Person ${n}`);
    if (!isActive(n, round)) {
      if (person?.active) wrong.push(`${n}: active`);
      continue;
    }
    const wanted = expected(n, round, people.get(`Person ${Math.floor(n / 10)}`)?.id, knobs);
    const shown = { ...person, departments: person?.department_ids.map((id) => departments.get(id)) };
    for (const [name, value] of Object.entries(wanted)) {
      const found = shown[name as keyof typeof shown] ?? null;
      if (isDeepStrictEqual(found, value)) continue;
      wrong.push(`${n}: ${name} ${JSON.stringify(found)}, not ${JSON.stringify(value)}`);
    }
  }
  return wrong;
}

function expected(
  n: number,
  round: number,
  managerId: number | undefined,
  knobs: KnobChanges,
): Record<string, unknown> {
  const has = (every: number): boolean => (n + round) % every !== 0;
  const isManagerTaken = knobs.inactiveManager === 'accept' || isActive(Math.floor(n / 10), round);
  const hasManager = n > 0 && has(8) && managerId !== undefined;
  return {
    active: true,
    primary_email: `p${n}${round > 0 && n % 9 === 0 ? '.new' : ''}@larkspur.example`,
    last_name: has(7) ? `Family ${n + round}` : null,
    job_title: has(3) ? `Title ${n % 5}` : null,
    secondary_emails: has(4) ? [`mail${n}@larkspur.example`] : [],
    address: has(5) ? `${n} Mill Lane` : null,
    time_zone: round === 0 ? 'Berlin' : 'London',
    language: 'de',
    departments: has(6) ? [`Department ${(n + round) % 8}`] : [],
    location_id: has(5) ? 21_000_090_210 : null,
    ...(hasManager && !isManagerTaken ? {} : { reporting_manager_id: hasManager ? managerId : null }),
    custom_fields: has(3) ? { cost_centre: `CC-${n % 4}`, contractor: n % 2 === 0 } : {},
    external_id: knobs.refusedAttributes?.includes('external_id') ? null : `x-${n}`,
  };
}

describe.each(combinations)('%j', (knobs) => {
  it('ends in step, twice', async () => {
    const world = await openWorld({ ...knobs, settings: { brake: 'off' } });
    try {
      const ids: string[] = [];
      for (const round of [0, 1]) {
        await cycle(world, ids, round);
        expect(mismatches(world, ids, round, knobs).slice(0, 10)).toEqual([]);
        expect(world.sim.state.duplicates()).toEqual([]);
      }
    } finally {
      await world.close();
    }
  }, 120_000);
});
