/** Is the directory at rest? Every key clean, nothing waits, nobody holds anything, and what is believed is so. */
import type { Observed, PersonStory } from '@fresh-scim/directory';
import type { TestWorld } from '../support/world.ts';
import { recordKey } from './layout.ts';
import type { Tenant } from './tenant.ts';
import type { Owners } from './verdict.ts';

export async function findUnrest(world: TestWorld, tenant: Tenant, owners: Owners): Promise<string[]> {
  const { dirty, parked, held, notes } = await world.directory.status();
  const { urgent, normal } = await world.directory.due();
  const waiting = { dirty, held, notes, urgent, normal, parked: parked - countDuplicates(tenant) };
  const problems = Object.entries(waiting)
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${what}: ${count} instead of 0`);
  for (const { id } of tenant.people) {
    const story = await world.directory.story(`User-${id}`);
    if (!story) problems.push(`User-${id} is not known`);
    else problems.push(...(await inspectKey(story, world, owners)));
  }
  return problems;
}

/** Of several active resources of one person all but one are parked, by design. */
function countDuplicates({ people }: Tenant): number {
  const active = people.filter((person) => person.active);
  return active.length - new Set(active.map(({ externalId }) => externalId)).size;
}

async function inspectKey(story: PersonStory, world: TestWorld, owners: Owners): Promise<string[]> {
  const { key, state, why } = story;
  const isDuplicate = state === 'parked' && why === 'duplicate-identity';
  const problems = state === 'clean' || isDuplicate ? [] : [`${key} is ${state} (${why})`];
  const fields = isDuplicate
    ? (['leaseTill', 'intent'] as const)
    : (['leaseTill', 'intent', 'strays', 'suspect'] as const);
  const values = await world.redis.hmget(recordKey(world.directory.scope, key), ...fields);
  for (const [index, field] of fields.entries()) {
    if (values[index]) problems.push(`${key} still has ${field} ${values[index]}`);
  }
  if (story.observed && !isSnapshotTrue(story.observed, world, owners, key)) {
    problems.push(`the snapshot of ${key} is not what Freshservice shows`);
  }
  return problems;
}

/** A snapshot of an account that another key owns by now is history, and says nothing. */
function isSnapshotTrue(observed: Observed, world: TestWorld, owners: Owners, key: string): boolean {
  const { remoteId, active, values } = observed;
  if (remoteId === undefined || owners[remoteId] !== `${world.directory.scope.connectionId}/${key}`)
    return true;
  const account = world.sim.state.users.get(remoteId);
  return (
    account?.active === active &&
    (values['primary_email'] ?? null) === account?.primary_email &&
    (values['job_title'] ?? null) === account?.job_title
  );
}
