/**
 * (target, observed) -> the smallest list of calls that brings Freshservice in step; [] when it is. Pure: no clock,
 * no network, no logger. What Freshservice does besides (a reactivation that clears attributes) is not guessed: the
 * plan is made again from every answer.
 */

import type { Observed } from '@fresh-scim/directory';
import type { JsonValue } from '@fresh-scim/scim';
import { inStep, isSame } from './compare.ts';
import { listOf, wantedList } from './mapping/by-element.ts';
import { ownedAttributes, RESET_BY_UPDATE } from './mapping/observed.ts';
import type { Target } from './mapping/target.ts';

/** One call that changes Freshservice. Attributes carry a requester's names, custom fields each their own; null clears. */
export type Step =
  | { readonly kind: 'create'; readonly attributes: Readonly<Record<string, JsonValue>> }
  | { readonly kind: 'update'; readonly attributes: Readonly<Record<string, JsonValue>> }
  | { readonly kind: 'reactivate' }
  | { readonly kind: 'deactivate' };

/** Without a name and an address there is nobody; of the others everybody has one, so there is nothing to clear. */
const NEVER_CLEARED: ReadonlySet<string> = new Set(['primary_email', 'first_name', 'language', 'time_zone']);

/**
 * @param leaveOut attributes that this account does not know or that were refused: not sent, not drift.
 * Attributes of an inactive person are left as they are: whether Freshservice takes them is not documented, and they
 * are applied when the person comes back.
 */
export function plan(target: Target, observed: Observed | undefined, leaveOut: ReadonlySet<string>): Step[] {
  if (observed?.remoteId === undefined) {
    if (!target.active) return [];
    const attributes = { ...target.defaults, ...target.attributes };
    const sent = Object.entries(attributes).filter(
      ([name, value]) => !leaveOut.has(name) && !isNothing(value),
    );
    return [{ kind: 'create', attributes: Object.fromEntries(sent) }];
  }
  if (!target.active) return observed.active === false ? [] : [{ kind: 'deactivate' }];

  const steps: Step[] = observed.active === false ? [{ kind: 'reactivate' }] : [];
  const changes = differences(target, observed, leaveOut);
  if (Object.keys(changes).length > 0) {
    steps.push({ kind: 'update', attributes: { ...changes, ...keptFlags(observed) } });
  }
  return steps;
}

const isNothing = (value: JsonValue): boolean => Array.isArray(value) && value.length === 0;

/** What is ours and not in step, with the value that it should have. */
function differences(
  target: Target,
  observed: Observed,
  leaveOut: ReadonlySet<string>,
): Record<string, JsonValue> {
  const changes: Record<string, JsonValue> = {};
  for (const attribute of candidates(target, observed)) {
    if (leaveOut.has(attribute)) continue;
    const wanted = target.attributes[attribute] ?? target.defaults[attribute] ?? null;
    if (wanted === null && NEVER_CLEARED.has(attribute)) continue;
    const isByElement = target.byElement.some((list) => list === attribute);
    const whole = isByElement ? wantedList(attribute, target, observed) : wanted;
    const shown = observed.values[attribute] ?? null;
    if (inStep(attribute, whole, shown) || isEcho(observed, attribute, wanted, shown)) continue;
    changes[attribute] = whole;
  }
  return changes;
}

/** An address that becomes the primary one stops being a secondary one, whoever put it there. An agent has only one. */
function candidates(target: Target, observed: Observed): string[] {
  const owned = ownedAttributes(target, observed).filter((name) => name !== 'secondary_emails');
  const hasSecondary =
    listOf(observed.values['secondary_emails']).length > 0 || 'secondary_emails' in target.attributes;
  return observed.kind !== 'agent' && hasSecondary ? [...owned, 'secondary_emails'] : owned;
}

/** We sent exactly this before, and Freshservice answered what it shows now: a server that caps or rewrites a value. */
function isEcho(observed: Observed, attribute: string, wanted: JsonValue, shown: JsonValue): boolean {
  const echo = observed.echoes[attribute];
  return echo !== undefined && isSame(echo.sent, wanted) && isSame(echo.got, shown);
}

/** An update resets these to false unless it says true. */
function keptFlags(observed: Observed): Record<string, JsonValue> {
  const set = RESET_BY_UPDATE.filter((name) => observed.values[name] === true);
  return Object.fromEntries(set.map((name) => [name, true]));
}
