// The bodies that Entra sends: POST of a whole user, and PATCH of the differences in both of its shapes.
import {
  ACTIVE,
  CORE_USER,
  ENTERPRISE_USER,
  type JsonObject,
  MANAGER_PATH,
  type Target,
  type Wanted,
} from './targets.ts';

/**
 * How PATCH is written. `classic`: one operation per attribute, each with a path, `op` capitalised, every value a string
 * (`"False"`). `flag`: as with `?aadOptscim062020` on the Tenant URL; `op` in lower case, JSON booleans, filtered paths
 * each in their own operation and the rest in at most two without a path, keyed by dotted names and URNs.
 */
export type PatchStyle = 'classic' | 'flag';

/** One attribute that the endpoint has to change. */
export interface Difference {
  readonly target: Target;
  readonly value: string | boolean;
  /** True when the endpoint showed no value: Entra then says Add, else Replace. */
  readonly isNew: boolean;
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The body of POST /Users for somebody active. */
export function createBody(wanted: readonly Wanted[]): JsonObject {
  const body: JsonObject = { schemas: [CORE_USER, ENTERPRISE_USER], active: true };
  for (const { target, value } of wanted) target.write(body, value);
  return { ...body, meta: { resourceType: 'User' }, roles: [] };
}

/** What differs between a resource as the endpoint showed it and what is wanted; compared exactly, as Entra does. */
export function differencesOf(resource: JsonObject, wanted: readonly Wanted[]): Difference[] {
  return wanted.flatMap(({ target, value }) => {
    const found = target.read(resource);
    const isNew = found === undefined || found === null || found === '';
    return found === value ? [] : [{ target, value, isNew }];
  });
}

/** The body of PATCH /Users/{id} for at least one difference. */
export function patchBody(style: PatchStyle, differences: readonly Difference[]): JsonObject {
  const operations = style === 'classic' ? classicOperations(differences) : flagOperations(differences);
  return { schemas: [PATCH_OP], Operations: operations };
}

/**
 * The body of the PATCH that sets the manager to a SCIM id, or takes it away with an empty text. A bare string with a
 * path in both styles; a manager that the endpoint shows is replaced.
 */
export function managerBody(style: PatchStyle, id: string, isNew: boolean): JsonObject {
  const [classic, flag] = isNew ? ['Add', 'add'] : ['Replace', 'replace'];
  const op = style === 'classic' ? classic : flag;
  return { schemas: [PATCH_OP], Operations: [{ op, path: MANAGER_PATH, value: id }] };
}

function classicOperations(differences: readonly Difference[]): JsonObject[] {
  return differences.map(({ target, value, isNew }) => ({
    op: isNew ? 'Add' : 'Replace',
    path: target.path,
    value: typeof value === 'string' ? value : value ? 'True' : 'False',
  }));
}

function flagOperations(differences: readonly Difference[]): JsonObject[] {
  const [first] = differences;
  const activeAlone = differences.length === 1 && first?.target === ACTIVE; // the documented form of a disable has a path
  const own = differences.filter(({ target }) => target.filtered || activeAlone);
  const rest = differences.filter((difference) => !own.includes(difference));
  const operations: JsonObject[] = own.map(({ target, value, isNew }) => ({
    op: isNew ? 'add' : 'replace',
    path: target.path,
    value,
  }));
  for (const op of ['replace', 'add'] as const) {
    const entries = rest.filter(({ isNew }) => isNew === (op === 'add'));
    const value = Object.fromEntries(entries.map((entry) => [entry.target.path, entry.value]));
    if (entries.length > 0) operations.push({ op, value });
  }
  return operations;
}
