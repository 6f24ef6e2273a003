// The control plane: what a test or an administrator does to the account. No credentials, no limits, no faults; a body
// of the wrong form is answered 400 with the reason.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PERMISSIONS } from '../account/account.ts';
import { toAgent, toRequester } from '../account/convert.ts';
import { forgetPerson } from '../account/unlink.ts';
import { type User, userSchema } from '../account/user.ts';
import type { World } from '../server/world.ts';
import { addCatalogueRoutes } from './catalogue.ts';
import { type Add, bodyOf, definedOnly, idOf, NoSuchRecord } from './route.ts';

const PREFIX = '/__sim';
const LOG_PAGE_MAX = 10_000;
const SEED_MAX = 200_000;

const resetSchema = z.strictObject({ keepConfig: z.boolean().default(false) });
const seedSchema = z.strictObject({
  count: z.number().int().min(1).max(SEED_MAX),
  seed: z.number().int().default(1),
});
const clockSchema = z.strictObject({ advanceMs: z.number().min(0) });
const keySchema = z.strictObject({
  key: z.string().min(1).max(200),
  permissions: z.array(z.enum(PERMISSIONS)),
  agentId: z.number().int().optional(),
});
const logSchema = z.strictObject({
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LOG_PAGE_MAX).default(1000),
});
const draftSchema = userSchema.omit({ id: true, created_at: true, updated_at: true }).partial();

/** Adds the routes under `/__sim`. */
export function addControlPlane(app: FastifyInstance, world: World): void {
  const add: Add = (method, path, run) => {
    app.route({
      method,
      url: PREFIX + path,
      handler: (request, reply) => {
        try {
          return reply.send(run(request));
        } catch (error) {
          const refusal = refusalOf(error);
          return reply.code(refusal.status).send({ error: refusal.reason });
        }
      },
    });
  };
  addAccountRoutes(add, world);
  addPeopleRoutes(add, world);
  addCatalogueRoutes(add, world.account);
}

function addAccountRoutes(add: Add, world: World): void {
  add('GET', '/config', () => world.knobs());
  add('PUT', '/config', (request) => world.configure(bodyOf(request)));
  add('POST', '/reset', (request) => {
    const { keepConfig } = resetSchema.parse(bodyOf(request));
    world.reset({ keepKnobs: keepConfig });
    return world.knobs();
  });
  add('POST', '/seed', (request) => world.account.seed(seedSchema.parse(bodyOf(request))));
  add('POST', '/clock', (request) => {
    world.clock.advance(clockSchema.parse(bodyOf(request)).advanceMs);
    return { now: world.clock.now() };
  });
  add('POST', '/keys', (request) => {
    const { key, permissions, agentId } = keySchema.parse(bodyOf(request));
    world.account.setKey(key, permissions, agentId);
    return { permissions };
  });
  add('GET', '/log', (request) => {
    const { since, limit } = logSchema.parse(request.query);
    return world.log.read(since, limit);
  });
  add('GET', '/stats', () => world.stats());
  add('GET', '/faults', () => world.faults.list());
  add('POST', '/faults', (request) => {
    world.faults.arm(bodyOf(request));
    return world.faults.list();
  });
  add('DELETE', '/faults', () => {
    world.faults.clear();
    return world.faults.list();
  });
}

function addPeopleRoutes(add: Add, world: World): void {
  const { account } = world;
  add('GET', '/state', () => ({
    domain: account.domain,
    now: world.clock.now(),
    config: world.knobs(),
    users: account.users.all('everyone'),
    departments: account.departments.all(),
    locations: account.locations.all(),
    fields: account.fields.all(),
  }));
  add('GET', '/users/:id', (request) => personOf(world, request));
  add('POST', '/users', (request) => account.create(lowerCased(draftSchema.parse(bodyOf(request)))));
  add('PUT', '/users/:id', (request) => {
    const person = personOf(world, request);
    const changes = lowerCased(draftSchema.parse(bodyOf(request)));
    return account.save({ ...converted(person, changes.is_agent), ...changes }).user;
  });
  add('DELETE', '/users/:id', (request) => {
    const person = personOf(world, request);
    forgetPerson(account, person.id);
    return { forgotten: person.id };
  });
}

function personOf(world: World, request: FastifyRequest): User {
  const user = world.account.users.get(idOf(request));
  if (user === undefined) throw new NoSuchRecord('no such person');
  return user;
}

/** A change of kind does what the account's own conversion does. */
function converted(person: User, isAgent = person.is_agent): User {
  if (isAgent === person.is_agent) return person;
  return isAgent ? toAgent(person) : toRequester(person);
}

/** Addresses are stored in lower case, whoever writes them. */
function lowerCased(draft: z.infer<typeof draftSchema>): Partial<User> {
  return definedOnly({
    ...draft,
    primary_email: draft.primary_email?.toLowerCase() ?? draft.primary_email,
    secondary_emails: draft.secondary_emails?.map((address) => address.toLowerCase()),
  });
}

function refusalOf(error: unknown): { status: number; reason: string } {
  if (error instanceof NoSuchRecord) return { status: 404, reason: error.message };
  if (error instanceof z.ZodError) return { status: 400, reason: z.prettifyError(error) };
  if (error instanceof SyntaxError || error instanceof RangeError)
    return { status: 400, reason: error.message };
  throw error;
}
