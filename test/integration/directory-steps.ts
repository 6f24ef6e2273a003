/** All steps of the model test: what people and time do, and the sequences that are made of all. */
import type { Urgency } from '@fresh-scim/directory';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import * as deeds from './directory-deeds.ts';
import { forgetRetained, isManaged, wake as wakePerson } from './directory-model.ts';
import { hasPeople, pick, step } from './directory-step.ts';
import { create, mutate, remove } from './directory-steps-entra.ts';
import * as imports from './directory-steps-import.ts';
import { deed, expire, feed, overtake, reconcile, take } from './directory-steps-lease.ts';

const wake = fc
  .record({
    index: fc.nat(),
    urgency: fc.constantFrom<Urgency>('urgent', 'normal', 'bulk'),
    release: fc.boolean(),
  })
  .map(({ index, urgency, release }) =>
    step(
      'wake',
      { index, urgency, release },
      async (model, { directory }) => {
        const person = pick(model.people, index);
        const woken = await directory.wake([person.key, 'User-nobody'], { urgency, release });
        expect(woken).toBe(isManaged(person) && wakePerson(person, urgency, release) ? 1 : 0);
      },
      hasPeople,
    ),
  );

const reject = fc.nat().map((index) =>
  step(
    'reject',
    index,
    async (model, { directory }) => {
      const person = pick(model.people, index);
      const isHeld = person.state === 'held';
      expect(await directory.rejectHeld([person.key], { what: 'rejected' })).toBe(isHeld ? 1 : 0);
      if (!isHeld) return;
      Object.assign(person, {
        state: 'clean',
        urgency: undefined,
        rejected: person.generation,
        isRetained: !person.attributes,
      });
    },
    hasPeople,
  ),
);

const purge = fc.constant(null).map(() =>
  step('purge', null, async (model, { directory }) => {
    expect(await directory.purge(0)).toBe(forgetRetained(model));
  }),
);

/** Sequences of steps; a kind that is listed more often comes more often. */
export const steps = fc.commands(
  [
    create,
    create,
    mutate,
    mutate,
    remove,
    feed,
    take,
    expire,
    wake,
    reject,
    purge,
    imports.start,
    imports.start,
    imports.cancel,
    imports.takeIt,
    imports.leaveIt,
    imports.row,
    imports.row,
    imports.row,
    imports.row,
    imports.refresh,
    imports.refresh,
    imports.hideOne,
    imports.complete,
    imports.whole,
    imports.whole,
    imports.whole,
    deed('renew', deeds.nothing, deeds.renew),
    deed('intend', deeds.intents, deeds.intend),
    deed('record', deeds.recordings, deeds.record),
    deed('settle', deeds.settlements, deeds.settle),
    deed('postpone', deeds.postponements, deeds.postpone),
    overtake('record', deeds.recordings, deeds.record),
    overtake('settle', deeds.settlements, deeds.settle),
    reconcile('intend', deeds.intents, deeds.intend),
    reconcile('record', deeds.recordings, deeds.record),
    reconcile('record', deeds.recordings, deeds.record),
    reconcile('settle', deeds.settlements, deeds.settle),
    reconcile('settle', deeds.settlements, deeds.settle),
    reconcile('postpone', deeds.postponements, deeds.postpone),
    reconcile('postpone', deeds.postponements, deeds.postpone),
  ],
  { maxCommands: 60, size: 'max' },
);
