// A Microsoft Entra tenant that provisions its people to any SCIM 2.0 endpoint; see README.md.
export type { PatchStyle } from './bodies.ts';
export {
  type ComparedField,
  type Comparison,
  compare,
  type Mismatch,
  type ObservedPerson,
} from './compare.ts';
export { evolve, type EvolveCounts, type Evolution } from './evolve.ts';
export { type FailureCode, QuarantineError, RequestFailure, type Verb } from './failures.ts';
export { type Person, signInAddressOf } from './people.ts';
export {
  createProvisioner,
  type CycleOptions,
  type Provisioner,
  type ProvisionerOptions,
} from './provisioner.ts';
export type {
  AcceptedLeaver,
  CycleKind,
  CycleReport,
  PersonFailure,
  PersonOutcome,
  Progress,
} from './report.ts';
export {
  createTenant,
  type Departure,
  type DirectoryPerson,
  isInScope,
  type Tenant,
  type TenantOptions,
} from './tenant.ts';
