import type { Attributes, JsonValue } from '@fresh-scim/scim';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elementKey, inStep } from './compare.ts';
import { listOf, wantedList } from './mapping/by-element.ts';
import { RESET_BY_UPDATE, toObserved } from './mapping/observed.ts';
import { plan } from './plan.ts';
import { account, MANAGED, target as anyTarget } from './testing/arbitraries.ts';
import { bringInStep, learn, look } from './testing/belief.ts';
import { ALWAYS_THERE, type Rules, toPerson } from './testing/freshservice-model.ts';

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
  clearedByReactivate: fc.subarray(MANAGED.filter((name) => !ALWAYS_THERE.includes(name))),
});
const leaveOut = fc
  .subarray(MANAGED.filter((name) => name !== 'primary_email' && name !== 'first_name'))
  .map((names): ReadonlySet<string> => new Set(names));
/** What Entra wants, one version after the other; each of them can be created. */
const targets = fc
  .array(anyTarget, { minLength: 1, maxLength: 5 })
  .map((all) => all.filter(({ attributes }) => attributes['primary_email'] && attributes['first_name']));

describe('on a server that stores what it is sent', () => {
  test('the whole plan ends in step on what is ours, and the next plan is empty', () => {
    fc.assert(
      fc.property(targets, account, (targets, account) => {
        let belief = look(account);
        for (const target of targets) {
          const isNew = belief.account === undefined;
          for (const step of plan(target, belief.observed, NOBODY_LEFT_OUT))
            belief = learn(belief, target, step, polite);
          expect(plan(target, belief.observed, NOBODY_LEFT_OUT)).toEqual([]);
          expect(belief.account?.active ?? false).toBe(target.active);
          if (!target.active) continue;
          for (const name of MANAGED) {
            const wanted = target.attributes[name] ?? target.defaults[name];
            const isOurs = isNew || name in target.attributes || belief.observed?.ours.includes(name);
            if (!isOurs || (wanted === undefined && ALWAYS_THERE.includes(name))) continue;
            if (name === 'secondary_emails' && belief.account?.kind === 'agent') continue;
            const isByElement = target.byElement.some((list) => list === name);
            const whole = isByElement ? wantedList(name, target, belief.observed) : wanted;
            expect([name, inStep(name, whole, belief.account?.values[name])]).toEqual([name, true]);
          }
        }
      }),
    );
  });

  test('a shared list keeps what others put there, and loses what Entra takes back', () => {
    fc.assert(
      fc.property(targets, account, (targets, account) => {
        for (const list of ['secondary_emails', 'department_ids'] as const) {
          const all = targets.filter(({ active, byElement }) => active && byElement.includes(list));
          const end = all.reduce((belief, target) => bringInStep(belief, target, polite), look(account));
          const key = (item: JsonValue): string => elementKey(list, item);
          const keysOf = (values: Attributes = {}): string[] => listOf(values[list]).map(key);
          const primary = new Set(all.map(({ attributes }) => key(attributes['primary_email'] ?? null)));
          const others = keysOf(account?.values).filter((item) => !primary.has(item));
          const wanted = keysOf(all.at(-1)?.attributes);
          const shown = keysOf(end.account?.values);
          expect(others.filter((item) => !shown.includes(item))).toEqual([]);
          if (all.length === 0) continue;
          expect(shown.filter((item) => ![...others, ...wanted].includes(item))).toEqual([]);
        }
      }),
    );
  });

  test('whose activity is not known is deactivated to be sure, and never reactivated', () => {
    fc.assert(
      fc.property(anyTarget, account, (target, account) => {
        const { observed } = look(account);
        if (!observed) return;
        const kinds = plan(target, { ...observed, active: undefined }, NOBODY_LEFT_OUT).map(
          ({ kind }) => kind,
        );
        if (target.active) expect(kinds.filter((kind) => kind !== 'update')).toEqual([]);
        else expect(kinds).toEqual(['deactivate']);
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

  test('what it keeps otherwise is sent again when either side moves', () => {
    fc.assert(
      fc.property(targets, account, rules, (targets, account, rules) => {
        const [target] = targets;
        if (!target?.active) return;
        const { account: now, observed } = bringInStep(look(account), target, rules);
        const title = target.attributes['job_title'];
        if (!now || title === undefined) return;
        const byHand = { ...now, values: { ...now.values, job_title: 'By hand' } };
        const drift = plan(target, toObserved(toPerson(byHand), observed, 1), NOBODY_LEFT_OUT);
        expect(drift).toMatchObject([{ kind: 'update', attributes: { job_title: title } }]);
        const moved = { ...target, attributes: { ...target.attributes, job_title: 'By Entra' } };
        const steps = plan(moved, observed, NOBODY_LEFT_OUT);
        expect(steps).toMatchObject([{ kind: 'update', attributes: { job_title: 'By Entra' } }]);
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
          const said = before ? target.attributes : { ...target.defaults, ...target.attributes };
          if (target.active) for (const name of Object.keys(said)) named.add(name);
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

  test('name, address, language and time zone are never cleared', () => {
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
