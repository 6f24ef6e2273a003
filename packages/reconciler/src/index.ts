export { refreshAwaitedCatalogs } from './catalogs.ts';
export { inStep } from './compare.ts';
export { importAccounts, type ImportEnd, type ImportOptions } from './import.ts';
export type { Target } from './mapping/target.ts';
export { toTarget } from './mapping/target.ts';
export type { Outcome } from './outcome.ts';
export { plan, type Step } from './plan.ts';
export { reconcile } from './reconcile.ts';
export type { World } from './run.ts';
