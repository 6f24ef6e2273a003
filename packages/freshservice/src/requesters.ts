/** The requester endpoints (documentation: Requesters). */
import type { CallOptions } from './call.ts';
import { fetchPage, listed, optional, type Page, type PageOptions, query, wrapped } from './endpoint.ts';
import type { Http } from './http.ts';
import { type Requester, type RequesterChanges, type RequesterId, requesterSchema } from './records.ts';

/** Calls on requesters. Every one may throw {@link FreshserviceError}. */
export interface Requesters {
  /** `conflict` when the address is somebody's. Never repeat it without a look-up: a second POST is a second person. */
  create(body: RequesterChanges, options: CallOptions): Promise<Requester>;
  /** Deactivated requesters are found too. `notFound` for an unknown id, and usually for an agent's. */
  get(id: RequesterId, options: CallOptions): Promise<Requester>;
  /** Changes what `body` names; safe to repeat. Everything else stays, but `can_see_all_tickets...` falls to false. */
  update(id: RequesterId, body: RequesterChanges, options: CallOptions): Promise<Requester>;
  /** Undefined when the answer carries no record, as documented (204). A second time answers `notFound`. */
  deactivate(id: RequesterId, options: CallOptions): Promise<Requester | undefined>;
  /** `invalid` with code `contact_already_active` when there is nothing to do. May lose departments and manager. */
  reactivate(id: RequesterId, options: CallOptions): Promise<Requester>;
  /**
   * Who has this address, deactivated ones included; with `includeAgents`, agents too. Compare the addresses of what
   * comes back: whether secondary addresses and case count on the server is not documented.
   */
  findByEmail(
    email: string,
    filter: { readonly includeAgents: boolean },
    options: CallOptions,
  ): Promise<readonly Requester[]>;
  /** One page, deactivated ones included. */
  list(filter: RequesterPage, options: CallOptions): Promise<Page<Requester>>;
}

/** Which requesters, and which page of them. */
export interface RequesterPage extends PageOptions {
  /** Agents as well, marked `is_agent`; needs the permission "Manage Agents". @default false */
  readonly includeAgents?: boolean | undefined;
}

const COLLECTION = '/requesters';
const oneRequester = wrapped('requester', requesterSchema);
const manyRequesters = listed('requesters', requesterSchema);

export function requestersOf(http: Http): Requesters {
  const one = (id: RequesterId, action = '') => ({
    route: `${COLLECTION}/{id}${action}`,
    path: `${COLLECTION}/${id}${action}`,
    bucket: 'overall' as const,
    namesOneRecord: true,
    answer: oneRequester,
  });
  return {
    async create(body, options) {
      const at = { route: COLLECTION, path: COLLECTION, bucket: 'overall', namesOneRecord: false } as const;
      return (await http.call({ method: 'POST', ...at, body, answer: oneRequester }, options)).value;
    },
    async get(id, options) {
      return (await http.call({ method: 'GET', ...one(id) }, options)).value;
    },
    async update(id, body, options) {
      return (await http.call({ method: 'PUT', ...one(id), body }, options)).value;
    },
    async deactivate(id, options) {
      const call = { method: 'DELETE', ...one(id), answer: optional(oneRequester) } as const;
      return (await http.call(call, options)).value;
    },
    async reactivate(id, options) {
      return (await http.call({ method: 'PUT', ...one(id, '/reactivate') }, options)).value;
    },
    async findByEmail(email, { includeAgents }, options) {
      const search = query({ email, include_agents: includeAgents || undefined });
      const at = { route: `${COLLECTION}?email`, path: `${COLLECTION}${search}`, bucket: 'list' } as const;
      const call = { method: 'GET', ...at, namesOneRecord: false, answer: manyRequesters } as const;
      return (await http.call(call, options)).value;
    },
    async list({ includeAgents = false, ...page }, options) {
      const filter = { include_agents: includeAgents || undefined };
      return await fetchPage(http, COLLECTION, manyRequesters, page, filter, options);
    },
  };
}
