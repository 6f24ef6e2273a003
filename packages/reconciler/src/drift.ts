/** What somebody else has changed in Freshservice: told by two looks at an account, and what Entra wants. Pure. */

import type { Observed } from '@fresh-scim/directory';
import { inStep } from './compare.ts';
import { listOf } from './mapping/by-element.ts';
import { CUSTOM, ownedAttributes } from './mapping/observed.ts';
import type { Target } from './mapping/target.ts';
import { plan } from './plan.ts';

/** What the User alone does not tell. It was in step at the look before, so a change of it is drift. */
const REFERENCES: ReadonlySet<string> = new Set(['department_ids', 'location_id', 'reporting_manager_id']);
const isReference = (name: string): boolean => REFERENCES.has(name) || name.startsWith(CUSTOM);

/**
 * The attributes that show something else than before, and something else than what is wanted; `active` for access.
 *
 * @param target what the User alone tells
 * @param before the look after which the person was in step
 */
export function findDrift(
  target: Target,
  before: Observed,
  shown: Observed,
  leaveOut: ReadonlySet<string>,
): string[] {
  const owned = ownedAttributes(target, before).filter((name) => !leaveOut.has(name));
  const references = owned.filter(isReference);
  const wrong = plan(target, shown, new Set([...leaveOut, ...references])).flatMap((step) =>
    'attributes' in step ? Object.keys(step.attributes) : ['active'],
  );
  const drifted = [
    ...wrong.filter((name) => name === 'active' || owned.includes(name)),
    ...(target.active ? references.filter((name) => !isAddition(target, name, before, shown)) : []),
  ];
  return drifted.filter((name) => isChanged(name, before, shown)).sort();
}

function isChanged(name: string, before: Observed, shown: Observed): boolean {
  if (name === 'active') return before.active !== shown.active;
  // A listing has agents in the shape of requesters, without what only the endpoint of agents shows.
  if (shown.kind === 'agent' && shown.values[name] === undefined) return false;
  return !inStep(name, before.values[name], shown.values[name]);
}

/** A list that is shared with people may grow. */
function isAddition({ byElement }: Target, name: string, before: Observed, shown: Observed): boolean {
  const now = new Set(listOf(shown.values[name]));
  return byElement.some((list) => list === name) && listOf(before.values[name]).every((id) => now.has(id));
}
