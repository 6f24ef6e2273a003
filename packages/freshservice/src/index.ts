/** What other packages may use of the Freshservice client. */
export type { Agents } from './agents.ts';
export {
  BudgetExhausted,
  createBudget,
  PLANS,
  type Bucket,
  type Budget,
  type BudgetOptions,
  type BudgetUsage,
  type CallUrgency,
  type Grant,
  type PlanLimits,
  type PlanName,
  type RateHeaders,
  type TakeOptions,
} from './budget/index.ts';
export type { CallEvent, CallOptions } from './call.ts';
export { type ClientOptions, createFreshserviceClient, type FreshserviceClient } from './client.ts';
export type { Departments } from './departments.ts';
export type { Page, PageOptions } from './endpoint.ts';
export {
  type Effect,
  type ErrorKind,
  type FieldError,
  FreshserviceError,
  type FreshserviceErrorFacts,
} from './error.ts';
export type { FieldDefinition, Fields } from './fields.ts';
export type { Locations } from './locations.ts';
export { checkPermissions, type PermissionCheck, type PermissionReport } from './permissions.ts';
export { toPlaceKey } from './place-name.ts';
export {
  type Agent,
  type AgentChanges,
  type AgentId,
  type Department,
  type DepartmentId,
  type Location,
  type LocationId,
  parseAgentId,
  parseRequesterId,
  type Requester,
  type RequesterChanges,
  type RequesterId,
  type Role,
  type RoleAssignment,
  type RoleId,
} from './records.ts';
export type { RequesterPage, Requesters } from './requesters.ts';
export type { Roles } from './roles.ts';
