/** What the holder of a lease does in the model test, and one who holds it no longer. */
import type { Key } from '@fresh-scim/directory';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import * as world from './directory-model.ts';
import type { Model, Person } from './directory-model.ts';
import { pick } from './directory-step.ts';
import type { Deed } from './directory-steps-lease.ts';
import { NEVER_MS, observed, postponement, settlement } from './directory-support.ts';

/** What an arbitrary makes. */
type Made<A> = A extends fc.Arbitrary<infer T> ? T : never;

export const nothing = fc.constant(null);

export const renew =
  (): Deed =>
  async ({ lease }, _model, { directory }, isHolder) => {
    expect(await directory.renew(lease)).toBe(isHolder);
  };

/** Few accounts, so that people meet at them. */
const remoteId = fc.constantFrom(1, 1, 1, 2);

export const intents = fc.record({ remoteId: fc.option(remoteId, { nil: undefined }) });

export const intend =
  ({ remoteId }: Made<typeof intents>): Deed =>
  async ({ lease, person }, model, { directory }, isHolder) => {
    const planned = {
      step: 'update' as const,
      generation: lease.generation,
      looks: 0,
      lookupBy: { emails: [] },
      ...(remoteId === undefined ? {} : { remoteId }),
    };
    const permission = await directory.intend(lease, planned, 1000);
    if (!isHolder) return expect(permission).toEqual({ result: 'lost' });
    if (lease.generation !== person.generation) return expect(permission).toEqual({ result: 'moved' });
    const owner = remoteId === undefined ? undefined : model.owners.get(remoteId);
    if (owner !== undefined && owner !== person.key) {
      return expect(permission).toEqual({ result: 'owned', owner: `c1/${owner}` });
    }
    expect(permission).toEqual({ result: 'ok' });
    if (remoteId !== undefined) model.owners.set(remoteId, person.key);
    person.intent = { remoteId };
  };

export const recordings = fc.record({
  show: fc.constantFrom('account', 'account', 'account', 'no account', 'nothing'),
  remoteId,
  takesOver: fc.boolean(),
  intent: fc.constantFrom('keep', 'clear', 'answered'),
  isCreate: fc.boolean(),
  changed: fc.boolean(),
});

export const record =
  ({ show, remoteId, takesOver, intent, isCreate, changed }: Made<typeof recordings>): Deed =>
  async ({ lease, person }, model, { directory }, isHolder) => {
    const owner = takesOver ? world.findPerson(model, model.owners.get(remoteId)) : undefined;
    // Nobody takes over from what only an import has shown: that is hidden first.
    const takeoverFrom = owner && world.isManaged(owner) ? owner.key : undefined;
    const shown = show === 'account' ? remoteId : undefined;
    const permission = await directory.record(lease, {
      intent,
      ...(show === 'nothing' ? {} : { observed: observed(shown) }),
      ...(shown === undefined ? {} : { claim: { remoteId, ...(takeoverFrom ? { takeoverFrom } : {}) } }),
      ...(isCreate ? { made: remoteId } : {}),
      changed,
    });
    if (!isHolder) {
      if (isCreate) person.strays.push(remoteId);
      world.suspectOwner(model, person, shown);
      world.suspect(person);
      return expect(permission).toEqual({ result: 'lost' });
    }
    const claimed = shown === undefined ? undefined : world.claim(model, person, remoteId, takeoverFrom);
    if (claimed && claimed !== 'taken') {
      return expect(permission).toEqual({ result: 'owned', owner: `c1/${claimed}` });
    }
    expect(permission).toEqual({ result: claimed ?? 'ok' });
    if (show !== 'nothing') {
      if (person.remoteId !== shown) world.release(model, person, person.remoteId);
      person.remoteId = shown;
      // What came up under this lease came after the look.
      if (person.suspectAt !== person.fence) person.suspectAt = undefined;
    }
    // What the owner until now did may be newer than the look.
    if (claimed) person.suspectAt = person.fence;
    if (changed) world.announce(model, person);
    if (intent === 'clear' && person.intent) {
      const { remoteId: touched } = person.intent;
      world.suspectOwner(model, person, touched);
      if (touched !== person.remoteId) world.release(model, person, touched);
      person.intent = undefined;
    }
  };

/** Whom to wait for, and whether the count of changes is the one that was seen. */
const waits = fc.array(fc.record({ index: fc.nat(), isCurrent: fc.boolean() }), { maxLength: 2 });

function awaitsOf(
  { people }: Model,
  person: Person,
  chosen: Made<typeof waits>,
): { key: Key; changes: string }[] {
  const others = people.filter((other) => other !== person && world.isManaged(other));
  if (others.length === 0) return [];
  return chosen.map(({ index, isCurrent }) => {
    const { key, changes } = pick(others, index);
    return { key, changes: String(isCurrent ? changes : changes + 1) };
  });
}

export const settlements = fc.record({ applied: fc.boolean(), hasNotes: fc.boolean(), waits });

export const settle =
  ({ applied, hasNotes, waits }: Made<typeof settlements>): Deed =>
  async ({ lease, person }, model, { directory }, isHolder) => {
    const awaits = awaitsOf(model, person, waits);
    const notes = hasNotes ? [{ attribute: 'job_title', reason: 'refused' }] : [];
    const result = await directory.settle(lease, settlement({ applied, notes, awaits }));
    if (!isHolder) {
      world.suspect(person);
      return expect(result).toBe('lost');
    }
    const wakeSeq = Number(lease.wakeSeq);
    const isSettled = world.settle(model, person, { wakeSeq, applied, hasNotes, awaits });
    expect(result).toBe(isSettled ? 'settled' : 'again');
  };

export const postponements = fc.record({
  to: fc.constantFrom('deferred', 'parked', 'parked', 'held', 'dirty', 'fed'),
  ms: fc.constantFrom(0, NEVER_MS),
  countsAsFailure: fc.boolean(),
  leaver: fc.boolean(),
  waits,
});

export const postpone =
  ({ to, ms, countsAsFailure, leaver, waits }: Made<typeof postponements>): Deed =>
  async ({ lease, person }, model, { directory }, isHolder) => {
    const awaits = awaitsOf(model, person, waits);
    const how = postponement(to, { ms, countsAsFailure, leaver, awaits });
    const result = await directory.postpone(lease, how);
    if (!isHolder) {
      world.suspect(person);
      return expect(result).toBe('lost');
    }
    person.isHeld = false;
    if (countsAsFailure) person.failures += 1;
    if (to === 'fed') return expect(result).toBe('postponed');
    const appeared = world.register(model, person, awaits);
    if (to === 'dirty' || appeared || person.wakeSeq !== Number(lease.wakeSeq)) {
      return expect(result).toBe('again');
    }
    expect(result).toBe('postponed');
    person.state = to;
    person.isDue = to !== 'held' && ms === 0;
    person.isParkedLeaver = to === 'parked' && leaver;
    if (to === 'parked') person.parks += 1;
  };
