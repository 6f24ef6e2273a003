/** The routes of Users: parse, mutate, wake, render. */
import type { Connection } from '@fresh-scim/connections';
import type { Committed, Directory } from '@fresh-scim/directory';
import {
  applyPatch,
  applyPut,
  type Attributes,
  isActive,
  type Membership,
  parsePatch,
  parseResource,
  parseSearchRequest,
  parseSelection,
  ScimError,
  type Selection,
  selects,
} from '@fresh-scim/scim';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import {
  answerList,
  answerOne,
  answerWith,
  directoryOf,
  notFound,
  type ResourceRoutesOptions,
  type WithId,
} from '../answers.ts';
import { baseUrlOf } from '../base-url.ts';
import { ifMatch } from '../conditions.ts';
import { connectionOf } from '../plugins/auth.ts';
import { usersIn } from '../query/collection.ts';

interface UserRoutesOptions extends ResourceRoutesOptions {
  /** Tells workers about a commit; never waited for. */
  wake(connection: Connection, committed: Committed): void;
}

export const userRoutes: FastifyPluginAsync<UserRoutesOptions> = async (app, options) => {
  const usersOf = (request: FastifyRequest) => usersIn(directoryOf(request, options));

  app.post('/Users', async (request, reply) => {
    const attributes = parseResource('User', request.body);
    const selection = parseSelection('User', request.query);
    const directory = directoryOf(request, options);
    const committed = await directory.createUser(attributes);
    options.wake(connectionOf(request), committed);
    const { stored } = committed;
    reply.code(201);
    // Nobody can have put an id into a group that did not exist; but an account that is claimed has its id already.
    const isNew = stored.createdAt === stored.modifiedAt;
    const groups = isNew ? [] : await groupsFor(directory, stored.id, selection);
    return answerWith(reply, 'User', { ...stored, groups }, baseUrlOf(request, options), selection);
  });

  app.get('/Users', (request, reply) => answerList(request, reply, request.query, usersOf(request), options));
  app.post('/Users/.search', (request, reply) =>
    answerList(request, reply, parseSearchRequest(request.body), usersOf(request), options),
  );
  app.get<WithId>('/Users/:id', (request, reply) => answerOne(request, reply, usersOf(request), options));

  app.put<WithId>('/Users/:id', async (request, reply) => {
    const attributes = parseResource('User', request.body);
    return change(request, reply, (before) => applyPut(before, attributes));
  });

  app.patch<WithId>('/Users/:id', async (request, reply) => {
    const operations = parsePatch('User', request.body);
    return change(request, reply, (before) => applyPatch('User', before, operations));
  });

  app.delete<WithId>('/Users/:id', async (request, reply) => {
    const committed = await directoryOf(request, options).removeUser(request.params.id, ifMatch(request));
    if (!committed) throw notFound('User');
    options.wake(connectionOf(request), committed);
    return reply.code(204).send();
  });

  async function change(
    request: FastifyRequest<WithId>,
    reply: FastifyReply,
    apply: Parameters<Directory['mutateUser']>[1],
  ): Promise<string> {
    const selection = parseSelection('User', request.query);
    const directory = directoryOf(request, options);
    const { id } = request.params;
    let isDisable = false;
    const noting = (before: Attributes): Attributes => {
      const after = apply(before);
      isDisable = isActive(before) && !isActive(after);
      return after;
    };
    const [committed, groups] = await Promise.all([
      directory.mutateUser(id, noting, ifMatch(request)).catch((error: unknown) => {
        if (isDisable && error instanceof ScimError && error.status === 409) {
          // Entra shows it as one of many conflicts, and tries the same again for weeks.
          const who = { connection: connectionOf(request).id, user: id };
          request.log.warn(who, 'a disable was refused: the new name is taken, and the person keeps access');
        }
        throw error;
      }),
      groupsFor(directory, id, selection),
    ]);
    if (!committed) throw notFound('User');
    options.wake(connectionOf(request), committed);
    const user = { ...committed.stored, groups };
    return answerWith(reply, 'User', user, baseUrlOf(request, options), selection);
  }
};

async function groupsFor(
  directory: Directory,
  id: string,
  selection: Selection,
): Promise<readonly Membership[]> {
  if (!selects(selection, 'groups')) return [];
  return (await directory.groupsOf([id])).get(id) ?? [];
}
