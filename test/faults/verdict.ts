/** Is the world as it should be? Says what is wrong, and nothing when all is well. */
import type { TestWorld } from '../support/world.ts';
import { findUnrest } from './directory-state.ts';
import { findMismatches } from './freshservice-state.ts';
import { accountPrefix } from './layout.ts';
import type { Tenant } from './tenant.ts';

/** What is wrong in Freshservice, in the directory, or with the run itself. */
export interface Problem {
  readonly where: 'freshservice' | 'directory' | 'run';
  readonly what: string;
}

/** Remote id -> `<connection>/<key>`. */
export type Owners = Readonly<Record<string, string>>;

/**
 * @param mayDouble whether a second account is excused if it is inactive: where a request may leave long after its
 * last check, nothing can do better than put what it made to rest.
 */
export async function findProblems(world: TestWorld, tenant: Tenant, mayDouble: boolean): Promise<Problem[]> {
  const owners: Owners = await world.redis.hgetall(`${accountPrefix(world.directory.scope)}owners`);
  const mismatches = findMismatches(world, tenant, owners, mayDouble);
  const unrest = await findUnrest(world, tenant, owners);
  return [
    ...mismatches.map((what): Problem => ({ where: 'freshservice', what })),
    ...unrest.map((what): Problem => ({ where: 'directory', what })),
  ];
}
