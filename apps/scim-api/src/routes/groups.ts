/**
 * Groups cannot be created yet, so every query finds none, and that is the truth. It is answered all the same, because
 * an administrator who leaves the group mapping on has Entra probe with a filter, and a 404 there stops the whole
 * set-up; what would create a group is a 501, which Entra logs for that group alone.
 */
import { listResponse, parseListQuery, ScimError } from '@fresh-scim/scim';
import type { FastifyPluginAsync } from 'fastify';
import { toSearchRequest } from '../search-request.ts';

const noGroups = (query: unknown): string => {
  const { startIndex } = parseListQuery('Group', query);
  return listResponse({ totalResults: 0, startIndex, resources: [] });
};

const notOffered = async (): Promise<never> => {
  throw new ScimError(
    501,
    undefined,
    'Groups are not offered yet. Switch the group mapping off in Entra; users are provisioned without it.',
  );
};

const unknownGroup = async (): Promise<never> => {
  throw new ScimError(404, undefined, 'There is no group with this id.');
};

export const groupRoutes: FastifyPluginAsync = async (app) => {
  app.get('/Groups', async ({ query }) => noGroups(query));
  app.post('/Groups/.search', async ({ body }) => noGroups(toSearchRequest(body)));
  app.post('/Groups', { onRequest: notOffered }, notOffered);
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/Groups/:id',
    onRequest: unknownGroup,
    handler: unknownGroup,
  });
};
