/**
 * One step of the model test: does one thing to the directory, the same to the model, compares the answers, and then
 * checks every invariant. Parameters are numbers that pick among what there is by then, so that a shrunk sequence stays
 * meaningful.
 */
import type { Directory, Leased } from '@fresh-scim/directory';
import type * as fc from 'fast-check';
import { expect } from 'vitest';
import { assertInvariants, takeSnapshot } from './directory-invariants.ts';
import { isManaged, type Model, type Person } from './directory-model.ts';
import type { Bench } from './directory-support.ts';

/** A lease, and the person whose it was: it may be over by now. */
export interface Held {
  readonly lease: Leased;
  readonly person: Person;
}

/** The real thing. */
export interface Real {
  readonly bench: Bench;
  readonly directory: Directory;
  /** Every lease that was given, newest last. */
  readonly leases: Held[];
  /** What sequences have come to: a model that never gets there proves nothing about it. */
  readonly reached: Set<Reached>;
}

export type Reached =
  | 'claimed'
  | 'parted'
  | 'first written'
  | 'shown'
  | 'not shown'
  | 'followed'
  | 'vanished';

type Run = (model: Model, real: Real) => Promise<void>;
export type Step = fc.AsyncCommand<Model, Real>;

/** A step that has a name and parameters, and checks every invariant when it is done. */
export function step(
  name: string,
  parameters: unknown,
  run: Run,
  check: (model: Readonly<Model>) => boolean = () => true,
): Step {
  return {
    check,
    run: async (model, real) => {
      await run(model, real);
      assertInvariants(await takeSnapshot(real.bench, model), model);
      expect(await real.directory.status()).toMatchObject(expectedStatus(model));
    },
    toString: () => `${name}(${JSON.stringify(parameters)})`,
  };
}

function expectedStatus({ people, applied, settles }: Model): object {
  const count = (test: (person: Person) => boolean): number => people.filter(test).length;
  return {
    users: count((person) => person.attributes !== undefined && isManaged(person)),
    unmanaged: count((person) => !isManaged(person)),
    dirty: count(({ state }) => state === 'dirty' || state === 'deferred'),
    deferred: count(({ state }) => state === 'deferred'),
    parked: count(({ state }) => state === 'parked'),
    parkedLeavers: count(({ isParkedLeaver }) => isParkedLeaver),
    held: count(({ state }) => state === 'held'),
    notes: count(({ hasNotes }) => hasNotes),
    lastSuccessAt: settles > 0 ? expect.any(Number) : null,
    applied,
  };
}

export function pick<T>(list: readonly T[], index: number): T {
  const picked = list[index % list.length];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

export const alive = ({ people }: Readonly<Model>): Person[] =>
  people.filter(({ attributes }) => attributes !== undefined);
export const hasPeople = ({ people }: Readonly<Model>): boolean => people.length > 0;
export const hasAlive = (model: Readonly<Model>): boolean => alive(model).length > 0;
