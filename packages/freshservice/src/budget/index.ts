/** The shared call budget of one Freshservice account. */
export { createBudget, type BudgetOptions } from './budget.ts';
export { BudgetExhausted } from './exhausted.ts';
export { PLANS, type PlanLimits, type PlanName } from './plans.ts';
export type {
  Bucket,
  Budget,
  BudgetUsage,
  CallUrgency,
  Grant,
  RateHeaders,
  TakeOptions,
} from './types.ts';
