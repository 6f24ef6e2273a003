/**
 * (target, observed) -> the smallest list of calls that brings Freshservice in step; [] when it is. Pure: no clock,
 * no network, no logger. What Freshservice does besides (a reactivation that clears attributes) is not guessed: the
 * plan is made again from every answer.
 */

import type { Observed } from '@fresh-scim/directory';
import type { JsonValue } from '@fresh-scim/scim';
import { inStep } from './compare.ts';
import { ownedBy, RESET_BY_UPDATE } from './mapping/observed.ts';
import type { ManagedAttribute, Target } from './mapping/target.ts';

/** One call that changes Freshservice. Attributes carry a requester's names; null clears. */
export type Step =
  | { readonly kind: 'create'; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'update'; readonly attributes: Readonly<Record<string, JsonValue>> }
  | { readonly kind: 'reactivate' }
  | { readonly kind: 'deactivate' };

/** Freshservice refuses to be without these; there is always a value for them, or none was ever sent. */
const NEVER_CLEARED: ReadonlySet<ManagedAttribute> = new Set(['primary_email', 'first_name']);

/**
 * @param leaveOut attributes that this account does not know or that were refused: not sent, not drift.
 * Attributes of an inactive person are left as they are: whether Freshservice takes them is not documented, and they
 * are applied when the person comes back.
 */
export function plan(target: Target, observed: Observed | undefined, leaveOut: ReadonlySet<string>): Step[] {
  if (observed?.remoteId === undefined) {
    if (!target.active) return [];
    return [{ kind: 'create', attributes: without(target.attributes, leaveOut) }];
  }
  if (!target.active) return observed.active === false ? [] : [{ kind: 'deactivate' }];

  const steps: Step[] = observed.active === false ? [{ kind: 'reactivate' }] : [];
  const changes = differences(target, observed, leaveOut);
  if (Object.keys(changes).length > 0) {
    steps.push({ kind: 'update', attributes: { ...changes, ...keptFlags(observed) } });
  }
  return steps;
}

/** What is ours and not in step, with the value that it should have. */
function differences(
  target: Target,
  observed: Observed,
  leaveOut: ReadonlySet<string>,
): Record<string, JsonValue> {
  const changes: Record<string, JsonValue> = {};
  for (const attribute of ownedBy(target, observed)) {
    if (leaveOut.has(attribute)) continue;
    const wanted = target.attributes[attribute] ?? null;
    if (wanted === null && NEVER_CLEARED.has(attribute)) continue;
    const shown = observed.values[attribute] ?? null;
    if (inStep(attribute, wanted, shown) || isEcho(observed, attribute, wanted, shown)) continue;
    changes[attribute] = wanted;
  }
  return changes;
}

/** We sent exactly this before, and Freshservice answered what it shows now: a server that caps or rewrites a value. */
function isEcho(observed: Observed, attribute: string, wanted: JsonValue, shown: JsonValue): boolean {
  const echo = observed.echoes[attribute];
  return echo !== undefined && echo.sent === wanted && echo.got === shown;
}

/** An update resets these to false unless it says true. */
function keptFlags(observed: Observed): Record<string, JsonValue> {
  const set = RESET_BY_UPDATE.filter((name) => observed.values[name] === true);
  return Object.fromEntries(set.map((name) => [name, true]));
}

function without(
  attributes: Readonly<Partial<Record<ManagedAttribute, string>>>,
  leaveOut: ReadonlySet<string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !leaveOut.has(name)));
}
