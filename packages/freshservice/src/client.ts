/** The client of one Freshservice account: endpoints by resource over one connection pool and one budget. */
import { type Agents, agentsOf } from './agents.ts';
import type { Bucket } from './budget/types.ts';
import type { CallEvent } from './call.ts';
import { type Departments, departmentsOf } from './departments.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { type HttpOptions, openHttp } from './http.ts';
import { type Locations, locationsOf } from './locations.ts';
import { type Requesters, requestersOf } from './requesters.ts';
import { type Roles, rolesOf } from './roles.ts';

/** How to reach one account. */
export type ClientOptions = HttpOptions;

/** The calls of one account. Safe to share between as many callers as there are. */
export interface FreshserviceClient {
  readonly requesters: Requesters;
  readonly agents: Agents;
  readonly roles: Roles;
  readonly departments: Departments;
  readonly locations: Locations;
  readonly fields: Fields;
  /** How long one call may take, `beforeSend` included, in milliseconds. */
  readonly deadlineMs: number;
  /** The `X-RateLimit-Total` last seen on calls of each bucket: what the account's plan can be told by. */
  totalsSeen(): Readonly<Partial<Record<Bucket, number>>>;
  /** Waits for calls in flight, at most `deadlineMs`, and closes the sockets. Later calls are `unavailable`. */
  close(): Promise<void>;
}

/** Opens no socket yet. @throws {TypeError} when the base URL is not http(s), or carries a user, a query or a fragment */
export function createFreshserviceClient(options: ClientOptions): FreshserviceClient {
  const totals: Partial<Record<Bucket, number>> = {};
  const onCall = (event: CallEvent): void => {
    // A refusal may describe another bucket than the call's own: whichever was exhausted.
    if (event.rate?.total !== undefined && event.outcome !== 'throttled')
      totals[event.bucket] = event.rate.total;
    options.onCall?.(event);
  };
  const http = openHttp({ ...options, onCall });
  return {
    requesters: requestersOf(http),
    agents: agentsOf(http),
    roles: rolesOf(http),
    departments: departmentsOf(http),
    locations: locationsOf(http),
    fields: fieldsOf(http),
    deadlineMs: http.deadlineMs,
    totalsSeen: () => ({ ...totals }),
    close: () => http.close(),
  };
}
