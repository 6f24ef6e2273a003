// The requests of one person in one cycle, strictly in order: what Entra sends when somebody is new, changed, gone or back;
// and, once everybody has been provisioned, the reference to the manager.
import { createBody, differencesOf, managerBody, type PatchStyle, patchBody } from './bodies.ts';
import type { Call, Endpoint, Resource } from './endpoint.ts';
import { RequestFailure } from './failures.ts';
import type { Links } from './links.ts';
import { signInAddressOf } from './people.ts';
import type { ManagerOutcome, PersonOutcome } from './report.ts';
import { ACTIVE, type JsonObject, shownManagerOf, wantedOf } from './targets.ts';
import { type DirectoryPerson, isInScope, type Tenant } from './tenant.ts';

/** What the requests of a cycle share. */
export interface Context {
  readonly tenant: Tenant;
  readonly endpoint: Endpoint;
  readonly links: Links;
  readonly style: PatchStyle;
  /** True in a restart: a cached id that answers 404 is forgotten, and the person is matched again. */
  readonly rematch: boolean;
  /** Whether a manager is looked for by a filter, and not in what a read has shown. */
  readonly filtersByManager: boolean;
  /** Whether people who are no longer assigned are left alone. */
  readonly skipOutOfScope: boolean;
  /** Filled while people are provisioned: objectIds of those with a manager to set or to take away. */
  readonly references: Map<string, Reference>;
  readonly call: Call;
}

/** Somebody's resource, and the manager that it showed. */
interface Reference {
  readonly id: string;
  readonly shown: string | undefined;
}

/** Brings the endpoint to what the directory says of one person. @throws {RequestFailure} on the first request that fails. */
export async function provisionPerson(person: DirectoryPerson, context: Context): Promise<PersonOutcome> {
  if (person.state === 'purged') return remove(person, context);
  if (isInScope(person)) return bringUpToDate(person, context);
  return context.skipOutOfScope && isOnlyUnassigned(person) ? 'skipped' : disable(person, context);
}

/** Whether nothing but the assignment keeps the person out of scope. */
export const isOnlyUnassigned = (person: DirectoryPerson): boolean =>
  !person.assigned && isInScope({ ...person, assigned: true });

async function bringUpToDate(person: DirectoryPerson, context: Context): Promise<PersonOutcome> {
  const wanted = wantedOf(person, context.tenant.externalIdOf(person));
  const resource = (await readLinked(person, context)) ?? (await match(person, context));
  if (resource === undefined) {
    note(person, await create(person, createBody(wanted), context), context);
    return 'created';
  }
  const differences = differencesOf(resource, [{ target: ACTIVE, value: true }, ...wanted]);
  if (differences.length > 0) {
    await context.endpoint.patch(resource.id, patchBody(context.style, differences), context.call);
  }
  context.links.setManaged(person.objectId, true);
  note(person, resource, context);
  if (differences.length === 0) return 'unchanged';
  return differences.some(({ target }) => target === ACTIVE) ? 'enabled' : 'updated';
}

function note(person: DirectoryPerson, resource: Resource, { references }: Context): void {
  if (person.manager === undefined) return;
  references.set(person.objectId, { id: resource.id, shown: shownManagerOf(resource) });
}

/**
 * Sets or takes away the manager of somebody noted in `references`. A manager who is out of scope is not sent, also not
 * when they come into scope later: only a restart does that. @throws {RequestFailure}
 */
export async function provisionManager(person: DirectoryPerson, context: Context): Promise<ManagerOutcome> {
  const reference = context.references.get(person.objectId);
  if (reference === undefined || !isInScope(person) || person.manager === undefined) return 'nothing';
  const { tenant, links, endpoint, style, call } = context;
  const { id, shown } = reference;
  if (person.manager === null) {
    if (shown === undefined) return 'nothing';
    await endpoint.patch(id, managerBody(style, '', false), call);
    return 'sent';
  }
  if (!isInScope(tenant.get(person.manager))) return 'nothing';
  const manager = links.get(person.manager)?.id;
  if (manager === undefined) return 'waits';
  const isSet = context.filtersByManager ? await endpoint.hasManager(id, manager, call) : manager === shown;
  if (isSet) return 'nothing';
  await endpoint.patch(id, managerBody(style, manager, shown === undefined), call);
  return 'sent';
}

/** Sends `active` false and nothing else, as for somebody who left the scope. Never creates anybody. */
async function disable(person: DirectoryPerson, context: Context): Promise<PersonOutcome> {
  const resource = (await readLinked(person, context)) ?? (await matchUnanswered(person, context));
  if (resource === undefined) return 'skipped';
  const differences = differencesOf(resource, [{ target: ACTIVE, value: false }]);
  if (differences.length > 0) {
    const body = patchBody(context.style, differences);
    const answeredAt = await context.endpoint.patch(resource.id, body, context.call);
    accepted(person, resource.id, 'PATCH', answeredAt, context);
  }
  context.links.setManaged(person.objectId, person.assigned);
  return differences.length === 0 ? 'unchanged' : 'disabled';
}

async function remove(person: DirectoryPerson, context: Context): Promise<PersonOutcome> {
  await matchUnanswered(person, context);
  const link = context.links.get(person.objectId);
  if (link?.managed === true) {
    const answeredAt = await context.endpoint.remove(link.id, context.call);
    accepted(person, link.id, 'DELETE', answeredAt, context);
  }
  context.links.drop(person.objectId);
  return link?.managed === true ? 'deleted' : 'skipped';
}

/** The resource of a cached id; undefined without one, or when a restart finds that it is gone. */
async function readLinked(person: DirectoryPerson, context: Context): Promise<Resource | undefined> {
  const link = context.links.get(person.objectId);
  if (link === undefined) return undefined;
  try {
    return await context.endpoint.read(link.id, context.call);
  } catch (error) {
    const isGone = error instanceof RequestFailure && error.code === 'InvalidAnchor';
    if (!isGone || !context.rematch) throw error;
    context.links.drop(person.objectId);
    return undefined;
  }
}

/** Looks the person up by userName and binds the only hit, even one that a former object of the person had. */
async function match(person: DirectoryPerson, context: Context): Promise<Resource | undefined> {
  const hit = await findOne(person, context);
  if (hit !== undefined) context.links.bind(person.objectId, hit.id);
  return hit;
}

/** For somebody who left while the answer to the own POST was lost: that account must not stay open. */
async function matchUnanswered(person: DirectoryPerson, context: Context): Promise<Resource | undefined> {
  const { links } = context;
  if (!links.maybeCreated(person.objectId)) return undefined;
  const hit = await findOne(person, context);
  if (hit === undefined || links.holderOf(hit.id) !== undefined) {
    links.drop(person.objectId); // nobody was created, or a rehire has taken the account over
    return undefined;
  }
  links.bind(person.objectId, hit.id);
  return hit;
}

/** @throws {RequestFailure} DuplicateTargetEntries when several have the userName. */
async function findOne(person: DirectoryPerson, context: Context): Promise<Resource | undefined> {
  const hits = await context.endpoint.findByUserName(signInAddressOf(person), context.call);
  if (hits.length > 1) throw new RequestFailure('DuplicateTargetEntries', 'GET', 200);
  return hits[0];
}

async function create(person: DirectoryPerson, body: JsonObject, context: Context): Promise<Resource> {
  context.links.creating(person.objectId);
  try {
    const created = await context.endpoint.create(body, context.call);
    context.links.bind(person.objectId, created.id);
    return created;
  } catch (error) {
    const status = error instanceof RequestFailure ? error.status : undefined;
    if (status !== undefined && status >= 400 && status < 500) context.links.drop(person.objectId);
    throw error;
  }
}

function accepted(
  person: DirectoryPerson,
  id: string,
  verb: 'PATCH' | 'DELETE',
  answeredAt: number,
  context: Context,
): void {
  context.call.tally.leaverAccepted({ objectId: person.objectId, id, verb, answeredAt });
}
