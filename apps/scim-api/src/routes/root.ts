/** Queries of the root, over users and groups at once (RFC 7644 §3.4.2.1): users first, each type in its own order. */
import { type JsonObject, parseListQuery, parseSearchRequest, ScimError } from '@fresh-scim/scim';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { answerPage, directoryOf, type ResourceRoutesOptions } from '../answers.ts';
import { type Collection, groupsIn, usersIn } from '../query/collection.ts';
import type { Asked } from '../query/pages.ts';

export const rootRoutes: FastifyPluginAsync<ResourceRoutesOptions> = async (app, options) => {
  app.get('', (request, reply) => answerRoot(request, reply, request.query));
  app.post('/.search', (request, reply) => answerRoot(request, reply, parseSearchRequest(request.body)));

  async function answerRoot(request: FastifyRequest, reply: FastifyReply, source: unknown): Promise<string> {
    const directory = directoryOf(request, options);
    const asked = queriesOf([usersIn(directory), groupsIn(directory)], source);
    return answerPage(request, reply, asked, options);
  }
};

/** A type that has not what the filter names has no match. @throws {ScimError} when neither of them has it. */
function queriesOf([users, groups]: readonly [Collection, Collection], source: unknown): [Asked, ...Asked[]] {
  if ('cursor' in (source as JsonObject)) {
    throw new ScimError(
      400,
      'invalidValue',
      'A query of the root has no cursor. Query /Users, then /Groups.',
    );
  }
  const ofUsers = queryOf(users, source);
  const ofGroups = queryOf(groups, source);
  if (ofUsers instanceof ScimError) {
    if (ofGroups instanceof ScimError) throw ofUsers;
    return [ofGroups];
  }
  return ofGroups instanceof ScimError ? [ofUsers] : [ofUsers, ofGroups];
}

function queryOf(collection: Collection, source: unknown): Asked | ScimError {
  try {
    return { collection, query: parseListQuery(collection.type, source) };
  } catch (error) {
    if (error instanceof ScimError && error.scimType === 'invalidFilter') return error;
    throw error;
  }
}
