/** The published limits of Freshservice's plans, and what a `Total` gives away. Pure. */
import type { Bucket } from './types.ts';

/** Credits per minute. */
export interface PlanLimits {
  readonly overall: number;
  /** Of each list of people: all agents, all requesters. */
  readonly list: number;
}

/** A plan by the name that the command line takes. */
export type PlanName = 'starter' | 'growth' | 'pro' | 'enterprise' | 'addon1' | 'addon2';

/**
 * Calls per minute of accounts made since September 2020 (documentation: Rate Limits). The two add-ons are sold with
 * Pro and Enterprise. Only the start is taken from here: the headers of the account's own answers win.
 */
export const PLANS: Readonly<Record<PlanName, PlanLimits>> = {
  starter: { overall: 100, list: 40 },
  growth: { overall: 200, list: 70 },
  pro: { overall: 400, list: 120 },
  enterprise: { overall: 500, list: 140 },
  addon1: { overall: 1000, list: 180 },
  addon2: { overall: 2000, list: 480 },
};

/**
 * The bucket that has `total` credits in the table above, and what the same plan gives the other one. Undefined when
 * the table has no such number; no number stands in both columns.
 */
export function findByTotal(total: number): { bucket: Bucket; other: number } | undefined {
  for (const { overall, list } of Object.values(PLANS)) {
    if (total === overall) return { bucket: 'overall', other: list };
    if (total === list) return { bucket: 'list', other: overall };
  }
  return undefined;
}
