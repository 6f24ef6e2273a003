// A simulated Freshservice account over HTTP: what the public API does, with its limits, quirks and faults.
export type { Account, Permission } from './account/account.ts';
export type { CustomField, CustomFieldType } from './account/custom-field.ts';
export type { Department } from './account/department.ts';
export type { Location } from './account/location.ts';
export type { User } from './account/user.ts';
export type { ArmedFault, RandomFaults } from './faults/faults.ts';
export type { FaultKind } from './faults/kinds.ts';
export type { KnobChanges, Knobs, PlanName } from './knobs.ts';
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export type { Stats } from './server/world.ts';
export type { LogEntry, RouteCount } from './traffic/request-log.ts';
