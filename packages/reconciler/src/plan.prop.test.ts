import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inStep } from './compare.ts';
import { wantedList } from './mapping/by-element.ts';
import { RESET_BY_UPDATE, toObserved } from './mapping/observed.ts';
import { plan } from './plan.ts';
import { MANAGED, shownValues, target as anyTarget } from './testing/arbitraries.ts';
import { bringInStep, learn, look } from './testing/belief.ts';
import { type Account, type Rules, toPerson } from './testing/freshservice-model.ts';

const NEVER_CLEARED: ReadonlySet<string> = new Set(['primary_email', 'first_name', 'language', 'time_zone']);
const NOBODY_LEFT_OUT: ReadonlySet<string> = new Set();

const polite: Rules = { rewrite: (text) => text, ignores: [], clearedByReactivate: [] };
const rules: fc.Arbitrary<Rules> = fc.record({
  rewrite: fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toLowerCase(),
    (text: string) => text.slice(0, 3) || text,
    (text: string) => text.replaceAll(/[+ -]/g, '') || text,
    (text: string) => `${text}!`,
  ),
  ignores: fc.subarray([...MANAGED]),
  clearedByReactivate: fc.subarray(
    MANAGED.filter((name) => name !== 'primary_email' && name !== 'first_name'),
  ),
});
const leaveOut = fc
  .subarray(MANAGED.filter((name) => name !== 'primary_email' && name !== 'first_name'))
  .map((names): ReadonlySet<string> => new Set(names));
/** What Entra wants, one version after the other; each of them can be created. */
const targets = fc
  .array(anyTarget, { minLength: 1, maxLength: 5 })
  .map((all) => all.filter(({ attributes }) => attributes['primary_email'] && attributes['first_name']));
const account: fc.Arbitrary<Account | undefined> = fc.option(
  fc.record({ active: fc.boolean(), values: shownValues }),
  {
    nil: undefined,
  },
);

describe('on a server that stores what it is sent', () => {
  test('the whole plan ends in step on what is ours, and the next plan is empty', () => {
    fc.assert(
      fc.property(targets, account, (targets, account) => {
        let belief = look(account);
        for (const target of targets) {
          for (const step of plan(target, belief.observed, NOBODY_LEFT_OUT))
            belief = learn(belief, target, step, polite);
          expect(plan(target, belief.observed, NOBODY_LEFT_OUT)).toEqual([]);
          expect(belief.account?.active ?? false).toBe(target.active);
          if (!target.active) continue;
          for (const name of MANAGED) {
            const wanted = target.attributes[name];
            if (wanted === undefined && !belief.observed?.ours.includes(name)) continue;
            if (wanted === undefined && NEVER_CLEARED.has(name)) continue;
            const isByElement = target.byElement.some((list) => list === name);
            const whole = isByElement ? wantedList(name, target, belief.observed) : wanted;
            expect([name, inStep(name, whole, belief.account?.values[name])]).toEqual([name, true]);
          }
        }
      }),
    );
  });

  test('a plan has at most one call of each kind', () => {
    fc.assert(
      fc.property(targets, account, leaveOut, (targets, account, leaveOut) => {
        for (const target of targets) {
          const kinds = plan(target, look(account).observed, leaveOut).map(({ kind }) => kind);
          expect(new Set(kinds).size).toBe(kinds.length);
          expect(kinds.length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});

describe('on a server that caps, rewrites, ignores and clears', () => {
  test('a few calls end in an empty plan, which stays empty when Freshservice is read again', () => {
    fc.assert(
      fc.property(targets, account, rules, leaveOut, (targets, account, rules, leaveOut) => {
        let belief = look(account);
        for (const target of targets) {
          belief = bringInStep(belief, target, rules, leaveOut);
          const { account: now, observed } = belief;
          if (!now) continue;
          expect(plan(target, toObserved(toPerson(now), observed, 1), leaveOut)).toEqual([]);
        }
      }),
    );
  });

  test('nothing that is not ours is written, and flags survive', () => {
    fc.assert(
      fc.property(targets, account, rules, leaveOut, (targets, account, rules, leaveOut) => {
        let belief = look(account);
        // An address that becomes the primary one stops being a secondary one, whoever put it there.
        const named = new Set<string>([...RESET_BY_UPDATE, 'secondary_emails']);
        for (const target of targets) {
          const before = belief.account;
          if (target.active) for (const name of Object.keys(target.attributes)) named.add(name);
          const done = bringInStep(belief, target, rules, leaveOut);
          belief = done;
          for (const step of done.steps) {
            const sent = 'attributes' in step ? Object.keys(step.attributes) : [];
            expect(sent.filter((name) => !named.has(name) || leaveOut.has(name))).toEqual([]);
          }
          for (const flag of RESET_BY_UPDATE) {
            expect(belief.account?.values[flag] === true).toBe(before?.values[flag] === true);
          }
        }
      }),
    );
  });

  test('an inactive person is deactivated at most, and keeps every value', () => {
    fc.assert(
      fc.property(anyTarget, account, rules, (wanted, account, rules) => {
        const target = { ...wanted, active: false };
        const { steps, account: after } = bringInStep(look(account), target, rules);
        expect(steps).toEqual(account?.active ? [{ kind: 'deactivate' }] : []);
        expect(after?.values).toEqual(account?.values);
      }),
    );
  });

  test('name and address are never cleared', () => {
    fc.assert(
      fc.property(targets, account, rules, (targets, account, rules) => {
        let belief = look(account);
        for (const target of targets) {
          // As if Entra had taken back everything: `perform` throws on a mandatory attribute that is cleared.
          belief = bringInStep(belief, target, rules);
          if (belief.account) belief = bringInStep(belief, { ...target, attributes: {} }, rules);
        }
      }),
    );
  });
});
