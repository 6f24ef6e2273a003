/** Queries of the root, over users and groups at once (RFC 7644 §3.4.2.1): users first, each type in its own order. */
import {
  type JsonObject,
  type ListQuery,
  listResponse,
  parseListQuery,
  parseSearchRequest,
  ScimError,
} from '@fresh-scim/scim';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { directoryOf, type ResourceRoutesOptions } from '../answers.ts';
import { baseUrlOf } from '../base-url.ts';
import { connectionOf } from '../plugins/auth.ts';
import { type Collection, groupsIn, usersIn } from '../query/collection.ts';
import { findResources } from '../query/find.ts';
import { renderResource } from '../render.ts';

export const rootRoutes: FastifyPluginAsync<ResourceRoutesOptions> = async (app, options) => {
  app.get('', (request, reply) => answerRoot(request, reply, request.query));
  app.post('/.search', (request, reply) => answerRoot(request, reply, parseSearchRequest(request.body)));

  async function answerRoot(request: FastifyRequest, reply: FastifyReply, source: unknown): Promise<string> {
    const directory = directoryOf(request, options);
    const asked = queriesOf([usersIn(directory), groupsIn(directory)], source);
    const takeTurn = options.turnsOf(connectionOf(request).id);
    const baseUrl = baseUrlOf(request, options);
    const texts: string[] = [];
    const [
      {
        query: { startIndex, count },
      },
    ] = asked;
    let totalResults = 0;
    for (const { collection, query } of asked) {
      // Where the page begins in this type, and how much of it is left.
      const rest = {
        ...query,
        startIndex: Math.max(1, startIndex - totalResults),
        count: count - texts.length,
      };
      const found = await findResources(collection, rest, takeTurn, () => !reply.raw.destroyed);
      totalResults += found.totalResults;
      for (const stored of found.resources) {
        texts.push(await renderResource(collection.type, stored, baseUrl, query.selection));
      }
    }
    return listResponse({ totalResults, startIndex, resources: texts });
  }
};

interface Asked {
  readonly collection: Collection;
  readonly query: ListQuery;
}

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
