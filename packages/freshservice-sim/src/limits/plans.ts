// Requests per minute of each plan, from the API page's heading "Rate limit" (accounts made since September 2020).
import type { PlanName } from '../knobs.ts';

/** A counter of requests. Calls with a bucket of their own debit the overall one too. */
export type Bucket = 'overall' | 'agents.list' | 'requesters.list';

/** Credits per window. */
export interface PlanLimits {
  readonly overall: number;
  /** Of "list all agents" and of "list all requesters" each; undefined: no limit of its own. */
  readonly list: number | undefined;
  /** Length of a window in minutes. */
  readonly windowMinutes: number;
}

/** The published limits. Older accounts count by the hour and know no sub-limits. */
export const PLAN_LIMITS: Readonly<Record<PlanName, PlanLimits>> = {
  starter: { overall: 100, list: 40, windowMinutes: 1 },
  growth: { overall: 200, list: 70, windowMinutes: 1 },
  pro: { overall: 400, list: 120, windowMinutes: 1 },
  enterprise: { overall: 500, list: 140, windowMinutes: 1 },
  addon1: { overall: 1000, list: 180, windowMinutes: 1 },
  addon2: { overall: 2000, list: 480, windowMinutes: 1 },
  hourly: { overall: 5000, list: undefined, windowMinutes: 60 },
};
