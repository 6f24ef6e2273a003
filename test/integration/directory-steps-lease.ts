/** How work is handed out in the model test: the feed, leases that are taken and run out, and what a holder may try. */
import type { Lane } from '@fresh-scim/directory';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { takeSnapshot } from './directory-invariants.ts';
import { findPerson, isActive, type Model, wake } from './directory-model.ts';
import { hasPeople, type Held, pick, type Real, type Step, step } from './directory-step.ts';
import { expireLease, LEASE_MS, NEVER_MS } from './directory-support.ts';

export const feed = fc
  .record({
    lane: fc.constantFrom<Lane>('urgent', 'normal'),
    max: fc.constantFrom(1, 100),
    again: fc.boolean(),
  })
  .map((how) =>
    step('feed', how, async (model, { bench, directory }) => {
      const lane = how.lane === 'urgent' ? 'u' : 'n';
      for (const person of model.people) {
        if (person.isDue) wake(person, person.urgency ?? 'normal', false);
      }
      const before = (await takeSnapshot(bench, model)).members;
      const keys = await directory.feed(how.lane, { max: how.max, refeedAfterMs: how.again ? 0 : NEVER_MS });
      const after = (await takeSnapshot(bench, model)).members;

      const dirty = model.people.filter(({ state }) => state === 'dirty');
      const mine = dirty.filter(({ urgency }) => (urgency === 'urgent') === (lane === 'u'));
      expect(new Set(keys).size, 'no key twice').toBe(keys.length);
      expect(
        keys.filter((key) => !dirty.some((person) => person.key === key)),
        'dirty keys only',
      ).toEqual([]);
      expect(
        keys.filter((key) => !after[`fed:${lane}`].includes(key)),
        'all of them remembered',
      ).toEqual([]);
      if (how.again) {
        expect(keys.length, 'as many as there are').toBeGreaterThanOrEqual(Math.min(how.max, mine.length));
        return;
      }
      expect(
        keys.filter((key) => before[`fed:${lane}`].includes(key)),
        'none that is handed out already',
      ).toEqual([]);
      if (keys.length < how.max) expect(after[`ready:${lane}`], 'none is left behind').toEqual([]);
    }),
  );

/** Takes the lease if it can be had, and compares all that comes with it. */
async function acquire(model: Model, { directory, leases }: Real, index: number): Promise<Held | undefined> {
  const person = pick(model.people, index);
  const leased = await directory.acquire(person.key, LEASE_MS);
  if (person.state !== 'dirty') {
    expect(leased).toEqual({ state: 'idle' });
    return undefined;
  }
  if (person.isHeld) {
    expect(leased).toMatchObject({ state: 'busy' });
    return undefined;
  }
  if ('state' in leased) throw new Error(`${leased.state}: no lease for a dirty key without a holder`);
  person.fence += 1;
  person.isHeld = true;
  const owner = person.remoteId === undefined ? person.key : model.owners.get(person.remoteId);
  expect(leased).toMatchObject({
    key: person.key,
    fence: String(person.fence),
    wakeSeq: String(person.wakeSeq),
    generation: person.generation,
    urgency: person.urgency,
    failures: person.failures,
    parks: person.parks,
    strays: person.strays,
    suspect: person.suspectAt !== undefined,
    active: isActive(person),
    owned: owner === undefined || owner === person.key,
  });
  expect([!leased.resource, !leased.tombstone]).toEqual([!person.attributes, !!person.attributes]);
  expect([leased.observed?.remoteId, !!leased.intent]).toEqual([person.remoteId, !!person.intent]);
  const held = { lease: leased, person };
  leases.push(held);
  return held;
}

export const take = fc.nat().map((index) =>
  step(
    'acquire',
    index,
    async (model, real) => {
      await acquire(model, real, index);
    },
    hasPeople,
  ),
);

export const expire = fc.nat().map((index) =>
  step(
    'expire',
    index,
    async (model, { bench }) => {
      const person = pick(model.people, index);
      if (!person.isHeld) return;
      person.isHeld = false;
      await expireLease(bench, person.key);
    },
    hasPeople,
  ),
);

/** What a holder does. It is tried with a lease that is over too, and must then change nothing but the suspicion. */
export type Deed = (held: Held, model: Model, real: Real, isHolder: boolean) => Promise<void>;

const isHolder = ({ lease, person }: Held): boolean => person.isHeld && lease.fence === String(person.fence);

/** A deed with the newest lease, sometimes with an old one. */
export function deed<T>(
  name: string,
  parameters: fc.Arbitrary<T>,
  act: (chosen: T) => Deed,
): fc.Arbitrary<Step> {
  const back = fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.nat({ max: 9 }) },
  );
  return fc.tuple(back, parameters).map(([back, chosen]) =>
    step(name, [back, chosen], async (model, real) => {
      const known = real.leases.filter(({ person }) => findPerson(model, person.key));
      const held = known.at(-1 - (back % Math.max(known.length, 1)));
      if (held) await act(chosen)(held, model, real, isHolder(held));
    }),
  );
}

/** The same as a reconcile does it: takes the lease of a key first. */
export function reconcile<T>(
  name: string,
  parameters: fc.Arbitrary<T>,
  act: (chosen: T) => Deed,
): fc.Arbitrary<Step> {
  return fc.tuple(fc.nat(), parameters).map(([index, chosen]) =>
    step(
      `acquire+${name}`,
      [index, chosen],
      async (model, real) => {
        const held = await acquire(model, real, index);
        if (held) await act(chosen)(held, model, real, true);
      },
      hasPeople,
    ),
  );
}

/** A holder stops for too long, another one takes over, the first goes on, and then the other one. */
export function overtake<T>(
  name: string,
  parameters: fc.Arbitrary<T>,
  act: (chosen: T) => Deed,
): fc.Arbitrary<Step> {
  return fc.tuple(fc.nat(), parameters, parameters).map(([index, first, second]) =>
    step(
      `overtaken+${name}`,
      [index, first, second],
      async (model, real) => {
        const late = await acquire(model, real, index);
        if (!late) return;
        late.person.isHeld = false;
        await expireLease(real.bench, late.person.key);
        const present = await acquire(model, real, index);
        if (!present) throw new Error('no lease after one that ran out');
        await act(first)(late, model, real, false);
        await act(second)(present, model, real, true);
      },
      hasPeople,
    ),
  );
}
