/** A reconcile without its surroundings: plan, call, learn from the answer, plan again. For property tests. */
import type { Observed } from '@fresh-scim/directory';
import { ownedBy, toObserved, withSent } from '../mapping/observed.ts';
import type { Target } from '../mapping/target.ts';
import { plan, type Step } from '../plan.ts';
import { type Account, perform, type Rules, toPerson } from './freshservice-model.ts';

/** Deactivate or reactivate, update; and an update for what the reactivation cleared. */
const CALLS_MAX = 3;

/** What the reconciler believes: the snapshot with its echoes, and what is ours. */
export interface Belief {
  readonly account: Account | undefined;
  readonly observed: Observed | undefined;
}

/** What a first look at an account teaches. */
export const look = (account: Account | undefined): Belief => ({
  account,
  observed: account && toObserved(toPerson(account), undefined, 0),
});

/** One call, and what its answer teaches. */
export function learn({ account, observed }: Belief, target: Target, step: Step, rules: Rules): Belief {
  const next = perform(account, step, rules);
  const sent = 'attributes' in step ? step.attributes : {};
  const shown = withSent(toObserved(toPerson(next), observed, 0), observed, sent, target);
  return {
    account: next,
    observed: { ...shown, ours: step.kind === 'deactivate' ? shown.ours : ownedBy(target, shown) },
  };
}

/** One call after the other, each planned from what the last one answered, as a reconcile does it. */
export function bringInStep(
  start: Belief,
  target: Target,
  rules: Rules,
  leftOut: ReadonlySet<string> = new Set(),
): Belief & { steps: Step[] } {
  let belief = start;
  const steps: Step[] = [];
  for (;;) {
    const [step] = plan(target, belief.observed, leftOut);
    if (!step) break;
    steps.push(step);
    if (steps.length > CALLS_MAX) throw new Error(`no end: ${JSON.stringify(steps)}`);
    belief = learn(belief, target, step, rules);
  }
  const { observed } = belief;
  if (!observed || !target.active) return { ...belief, steps };
  return { account: belief.account, observed: { ...observed, ours: ownedBy(target, observed) }, steps };
}
