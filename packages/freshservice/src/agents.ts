/** The agent endpoints that provisioning needs (documentation: Agents). */
import type { CallOptions } from './call.ts';
import { fetchPage, listed, optional, type Page, type PageOptions, query, wrapped } from './endpoint.ts';
import type { Http } from './http.ts';
import { type Agent, type AgentChanges, type AgentId, agentSchema } from './records.ts';

/** Calls on agents. Every one may throw {@link FreshserviceError}. */
export interface Agents {
  /** The agent whose key we use: the cheapest proof that the key is accepted. */
  me(options: CallOptions): Promise<Agent>;
  /** Deactivated agents are found too. */
  get(id: AgentId, options: CallOptions): Promise<Agent>;
  /** Changes what `body` names; safe to repeat. */
  update(id: AgentId, body: AgentChanges, options: CallOptions): Promise<Agent>;
  /** The deactivated agent as documented (200); undefined when the answer carries no record. */
  deactivate(id: AgentId, options: CallOptions): Promise<Agent | undefined>;
  /** May come back as an occasional agent; `forbidden` when the licences are used up. */
  reactivate(id: AgentId, options: CallOptions): Promise<Agent>;
  /** Who has this address, deactivated agents included. Compare the addresses of what comes back. */
  findByEmail(email: string, options: CallOptions): Promise<readonly Agent[]>;
  /** One page, deactivated ones included. Needs the permission to manage agents. */
  list(page: PageOptions, options: CallOptions): Promise<Page<Agent>>;
}

const COLLECTION = '/agents';
const oneAgent = wrapped('agent', agentSchema);
const manyAgents = listed('agents', agentSchema);

export function agentsOf(http: Http): Agents {
  const one = (id: AgentId, action = '') => ({
    route: `${COLLECTION}/{id}${action}`,
    path: `${COLLECTION}/${id}${action}`,
    bucket: 'overall' as const,
    namesOneRecord: true,
    answer: oneAgent,
  });
  return {
    async me(options) {
      const at = { route: '/agents/me', path: '/agents/me', bucket: 'overall' } as const;
      return (await http.call({ method: 'GET', ...at, namesOneRecord: false, answer: oneAgent }, options))
        .value;
    },
    async get(id, options) {
      return (await http.call({ method: 'GET', ...one(id) }, options)).value;
    },
    async update(id, body, options) {
      return (await http.call({ method: 'PUT', ...one(id), body }, options)).value;
    },
    async deactivate(id, options) {
      const call = { method: 'DELETE', ...one(id), answer: optional(oneAgent) } as const;
      return (await http.call(call, options)).value;
    },
    async reactivate(id, options) {
      return (await http.call({ method: 'PUT', ...one(id, '/reactivate') }, options)).value;
    },
    async findByEmail(email, options) {
      const at = {
        route: `${COLLECTION}?email`,
        path: `${COLLECTION}${query({ email })}`,
        bucket: 'list',
      } as const;
      const call = { method: 'GET', ...at, namesOneRecord: false, answer: manyAgents } as const;
      return (await http.call(call, options)).value;
    },
    async list(page, options) {
      return await fetchPage(http, COLLECTION, manyAgents, page, {}, options);
    },
  };
}
