// A Microsoft Entra tenant that provisions its people to any SCIM 2.0 endpoint; see README.md.
export type { PatchStyle } from './bodies.ts';
export type { AccountLists } from './catalogue.ts';
export { type CompareOptions, type Comparison, compare, type Mismatch } from './compare.ts';
export { CUSTOM_FIELDS, DEPARTMENTS, type Details, LOCATION_PATHS } from './details.ts';
export { evolve, type EvolveCounts, type Evolution } from './evolve.ts';
export type { ComparedField, ObservedPerson } from './fields.ts';
export { type FailureCode, QuarantineError, RequestFailure, type Verb } from './failures.ts';
export { type Person, signInAddressOf } from './people.ts';
export {
  createProvisioner,
  type CycleOptions,
  type Provisioner,
  type ProvisionerOptions,
} from './provisioner.ts';
export {
  type AcceptedLeaver,
  type CycleKind,
  type CycleReport,
  type PersonFailure,
  type PersonOutcome,
  type Progress,
  toProgressLine,
} from './report.ts';
export {
  createTenant,
  type Departure,
  type DirectoryPerson,
  isInScope,
  type Tenant,
  type TenantOptions,
} from './tenant.ts';
