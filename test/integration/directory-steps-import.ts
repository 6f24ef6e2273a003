/** What an import does in the model test: page by page, in time and late, beside everything that Entra does. */
import type { Import } from '@fresh-scim/directory';
import type { Attributes } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { hide, holderOf, mayShow, show } from './directory-model-import.ts';
import { isManaged, type Model, type Person, wake } from './directory-model.ts';
import { hasAlive, alive, pick, type Real, step } from './directory-step.ts';
import { attributes } from './directory-steps-entra.ts';
import { LEASE_MS, observed } from './directory-support.ts';

const holder = fc.constantFrom('one', 'two');
/** A page may come so many listings late. */
const late = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2) },
);

const listedOf = (remoteId: number, listing: number): Import => ({
  remoteId,
  observed: observed(remoteId),
  listing,
});

async function begin({ listed }: Model, { directory }: Real): Promise<void> {
  expect(await directory.startImport()).toBe(listed.state !== 'running');
  if (listed.state === 'running') return;
  Object.assign(listed, { state: 'running', listing: listed.completed + 1, holder: undefined });
}

export const start = fc.constant(null).map(() => step('import-start', null, begin));

export const cancel = fc.constant(null).map(() =>
  step('import-cancel', null, async ({ listed }, { directory }) => {
    expect(await directory.cancelImport()).toBe(listed.state === 'running');
    if (listed.state === 'running') Object.assign(listed, { state: 'cancelled', holder: undefined });
  }),
);

async function take({ listed }: Model, { directory }: Real, by: string): Promise<boolean> {
  const may = listed.state === 'running' && (listed.holder ?? by) === by;
  expect((await directory.takeImport(by, LEASE_MS)) !== undefined).toBe(may);
  if (may) listed.holder = by;
  return may;
}

export const takeIt = holder.map((by) =>
  step('import-take', by, async (model, real) => {
    await take(model, real, by);
  }),
);

export const leaveIt = fc.tuple(holder, fc.boolean()).map(([by, fails]) =>
  step('import-leave', [by, fails], async ({ listed }, { directory }) => {
    const may = listed.state === 'running' && listed.holder === by;
    const left = fails ? directory.failImport(by, 'forbidden') : directory.releaseImport(by);
    expect(await left).toBe(may);
    if (may) Object.assign(listed, { state: fails ? 'failed' : 'running', holder: undefined });
  }),
);

/** Rows as the reconciler takes them in: an account of nobody is shown, an unmanaged one follows, the others are left. */
export const row = fc.tuple(fc.constantFrom(1, 2, 3, 4), attributes, late).map(([remoteId, shown, lateBy]) =>
  step('import-row', [remoteId, shown, lateBy], async (model, { directory, reached }) => {
    const listing = model.listed.listing - lateBy;
    const listed = listedOf(remoteId, listing);
    const owner = model.people.find(({ key }) => key === model.owners.get(remoteId));
    const known = (await directory.loadAccounts([remoteId])).get(remoteId);
    expect([known?.key, known?.managed]).toEqual([owner?.key, owner && isManaged(owner)]);
    if (known?.stored && !known.managed && owner) {
      await directory.updateAccount(known.stored, shown, listed);
      if (follow(model, owner, shown, listing)) reached.add('followed');
      return;
    }
    const may = mayShow(model, remoteId, shown, listing);
    expect(await directory.showAccount(shown, listed)).toBe(may);
    reached.add(may ? 'shown' : 'not shown');
    if (!may) return;
    const id = (await directory.ownerOf(remoteId))?.slice('User-'.length) ?? 'nobody';
    show(model, id, remoteId, shown, listing);
  }),
);

function follow(model: Model, person: Person, shown: Attributes, listing: number): boolean {
  const { state, listing: current } = model.listed;
  if (state !== 'running' || listing !== current || holderOf(model, shown, person)) return false;
  person.attributes = shown;
  person.generation += 1;
  person.shownBy = listing;
  return true;
}

/** The same account is shown as before, or as somebody else has changed it. */
export const refresh = fc
  .tuple(fc.nat(), late, fc.constantFrom('same', 'told', 'repaired'))
  .map(([index, lateBy, how]) =>
    step(
      'import-refresh',
      [index, lateBy, how],
      async (model, { directory }) => {
        const person = pick(model.people, index);
        const { remoteId } = person;
        if (remoteId === undefined) return;
        const listing = model.listed.listing - lateBy;
        const drift = { event: { what: 'drifted' }, wakes: how === 'repaired' };
        const isOwner = model.owners.get(remoteId) === person.key;
        const isFree = isOwner && !person.isHeld && !person.intent;
        const isTold = how !== 'same' && isFree && person.state === 'clean' && isManaged(person);
        const given = how === 'same' || !isManaged(person) ? [] : [drift];
        expect(await directory.refreshAccount(person.key, 1, listedOf(remoteId, listing), ...given)).toBe(
          isTold,
        );
        if (isFree && person.shownBy !== undefined) person.shownBy = Math.max(person.shownBy, listing);
        if (isTold && drift.wakes) wake(person, 'bulk', false);
      },
      ({ people }) => people.length > 0,
    ),
  );

export const hideOne = fc.nat().map((index) =>
  step(
    'import-hide',
    index,
    async (model, { directory }) => {
      const person = pick(alive(model), index);
      expect(await directory.hideAccount(person.key)).toBe(!isManaged(person));
      if (!isManaged(person)) hide(model, person);
    },
    hasAlive,
  ),
);

/** The last page. Who was in neither this listing nor the one before is gone; the process may die before that. */
async function end(model: Model, real: Real, by: string, dies: boolean): Promise<void> {
  const { listed } = model;
  const may = await take(model, real, by);
  expect(await real.directory.turnImportPage(by, { nextPage: undefined, people: [] })).toBe(may);
  if (!may) return;
  Object.assign(listed, { state: 'done', completed: listed.completed + 1, holder: undefined });
  if (dies) return;
  const gone = model.people.filter(({ shownBy = Infinity }) => shownBy <= listed.listing - 2);
  if (gone.length > 0) real.reached.add('vanished');
  expect(await real.directory.hideVanished(listed.listing)).toBe(gone.length);
  for (const person of gone) hide(model, person);
}

export const complete = fc
  .tuple(holder, fc.boolean())
  .map(([by, dies]) => step('import-complete', [by, dies], (model, real) => end(model, real, by, dies)));

/** A listing from its start to its end that shows nobody else. */
export const whole = holder.map((by) =>
  step('import-whole', by, async (model, real) => {
    await begin(model, real);
    await end(model, real, by, false);
  }),
);
