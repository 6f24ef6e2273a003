/** The department endpoints that provisioning needs (documentation: Departments). */
import type { CallOptions } from './call.ts';
import { fetchPage, listed, type Page, type PageOptions, wrapped } from './endpoint.ts';
import type { Http } from './http.ts';
import { fetchByName } from './place-name.ts';
import { type Department, departmentSchema } from './records.ts';

/** Calls on departments. Every one may throw {@link FreshserviceError}. */
export interface Departments {
  /** One page. */
  list(page: PageOptions, options: CallOptions): Promise<Page<Department>>;
  /**
   * Whether a name must be unique, and how a second one is refused, is not documented. Never repeat it without a look
   * at the list: a second POST may be a second department.
   */
  create(body: { readonly name: string }, options: CallOptions): Promise<Department>;
  /**
   * Those with this name, by its key. The search lags behind changes by minutes: finding nothing proves nothing.
   * `invalid` for a name that the query language cannot hold, such as a very long one.
   */
  findByName(name: string, options: CallOptions): Promise<readonly Department[]>;
}

const COLLECTION = '/departments';
/** One documented answer has the record under the plural. */
const oneDepartment = wrapped('department', departmentSchema).or(wrapped('departments', departmentSchema));
const manyDepartments = listed('departments', departmentSchema);

export function departmentsOf(http: Http): Departments {
  return {
    async list(page, options) {
      return await fetchPage(http, COLLECTION, manyDepartments, page, {}, options, 'overall');
    },
    async create(body, options) {
      const at = { route: COLLECTION, path: COLLECTION, bucket: 'overall', namesOneRecord: false } as const;
      return (await http.call({ method: 'POST', ...at, body, answer: oneDepartment }, options)).value;
    },
    async findByName(name, options) {
      return await fetchByName(http, COLLECTION, manyDepartments, name, options);
    },
  };
}
