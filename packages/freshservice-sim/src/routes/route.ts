// The form of a route: what the table says about it, and what its function is given.
import type { Account, Permission } from '../account/account.ts';
import type { Knobs } from '../knobs.ts';
import type { Answer } from '../wire/answers.ts';

/** One authorised call. */
export interface Call {
  readonly account: Account;
  readonly knobs: Knobs;
  /** The agent whom the key belongs to. */
  readonly keyAgentId: number;
  /** May the key list agents? */
  readonly mayManageAgents: boolean;
  /** The id in the path; 0 when the route has none. */
  readonly id: number;
  readonly query: Readonly<Record<string, string>>;
  /** The address that the client called, for links. */
  readonly url: string;
  /**
   * The body as an object.
   * @throws {Refusal} 400 `invalid_json`
   */
  readonly attributes: () => Record<string, unknown>;
}

/** One route of the API. */
export interface Route {
  /** As shown in the request log. Lists add `find` or `query` when they filter. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v2`. */
  readonly path: string;
  /** Absent: every valid key may call it. */
  readonly permission?: Permission;
  /** The query parameters that it knows; others are refused. */
  readonly parameters?: readonly string[];
  /** Whether it takes a JSON body. */
  readonly hasBody?: true;
  /** The bucket of its own that it debits. */
  readonly bucket?: 'agents.list' | 'requesters.list';
  readonly run: (call: Call) => Answer;
}
