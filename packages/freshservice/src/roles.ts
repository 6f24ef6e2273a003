/** The roles that agents can have; the API only reads them (documentation: Agent Roles). */
import type { CallOptions } from './call.ts';
import { listed } from './endpoint.ts';
import type { Http } from './http.ts';
import { type Role, roleSchema } from './records.ts';

/** Calls on roles. Every one may throw {@link FreshserviceError}. */
export interface Roles {
  /** All roles of the account; no pages are documented. Its rate headers describe the overall bucket (seen in traffic). */
  list(options: CallOptions): Promise<readonly Role[]>;
}

const manyRoles = listed('roles', roleSchema);

export function rolesOf(http: Http): Roles {
  return {
    async list(options) {
      const at = { route: '/roles', path: '/roles', bucket: 'overall' } as const;
      return (await http.call({ method: 'GET', ...at, namesOneRecord: false, answer: manyRoles }, options))
        .value;
    },
  };
}
