/** The routes of Users: parse, mutate, wake, render. */
import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '@fresh-scim/connections';
import type { Committed, Directory, StoredResource } from '@fresh-scim/directory';
import {
  applyPatch,
  listResponse,
  locationOf,
  parseListQuery,
  parsePatch,
  parseResource,
  parseSelection,
  renderSelected,
  renderStored,
  ScimError,
  type Selection,
  versionOf,
} from '@fresh-scim/scim';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type BaseUrlOptions, baseUrlOf } from '../base-url.ts';
import { connectionOf } from '../plugins/auth.ts';
import { findUsers } from '../find-users.ts';
import { toSearchRequest } from '../search-request.ts';

/** What the routes are given. */
export interface UserRoutesOptions extends BaseUrlOptions {
  directoryOf(connection: Connection): Directory;
  /** Tells workers about a commit; never waited for. */
  wake(connection: Connection, committed: Committed): void;
}

type WithId = { Params: { id: string } };

export const userRoutes: FastifyPluginAsync<UserRoutesOptions> = async (app, options) => {
  const directoryOf = (request: FastifyRequest): Directory => options.directoryOf(connectionOf(request));

  app.post('/Users', async (request, reply) => {
    const attributes = parseResource('User', request.body);
    const selection = parseSelection('User', request.query);
    const committed = await directoryOf(request).createUser(attributes);
    options.wake(connectionOf(request), committed);
    const baseUrl = baseUrlOf(request, options);
    reply.code(201).header('location', locationOf('User', committed.stored.id, baseUrl));
    return show(reply, committed.stored, baseUrl, selection);
  });

  app.get<WithId>('/Users/:id', async (request, reply) => {
    const selection = parseSelection('User', request.query);
    const stored = await directoryOf(request).getUser(request.params.id);
    if (!stored) throw notFound();
    if (isUnchanged(request, stored))
      return reply.code(304).header('etag', versionOf(stored.generation)).send();
    return show(reply, stored, baseUrlOf(request, options), selection);
  });

  // Users are the only resources there are, so a query of the root finds them too (RFC 7644 §3.4.2.1).
  for (const url of ['', '/Users']) {
    app.get(url, (request) => list(request, request.query));
    app.post(`${url}/.search`, (request) => list(request, toSearchRequest(request.body)));
  }

  app.put<WithId>('/Users/:id', async (request, reply) => {
    const attributes = parseResource('User', request.body);
    return change(request, reply, (before) => (isDeepStrictEqual(before, attributes) ? before : attributes));
  });

  app.patch<WithId>('/Users/:id', async (request, reply) => {
    const operations = parsePatch('User', request.body);
    return change(request, reply, (before) => applyPatch('User', before, operations));
  });

  app.delete<WithId>('/Users/:id', async (request, reply) => {
    const committed = await directoryOf(request).removeUser(request.params.id, ifMatch(request));
    if (!committed) throw notFound();
    options.wake(connectionOf(request), committed);
    return reply.code(204).send();
  });

  async function list(request: FastifyRequest, source: unknown): Promise<string> {
    const query = parseListQuery('User', source);
    const baseUrl = baseUrlOf(request, options);
    const { totalResults, resources } = await findUsers(directoryOf(request), query);
    const texts = resources.map((stored) => render(stored, baseUrl, query.selection));
    return listResponse({ totalResults, startIndex: query.startIndex, resources: texts });
  }

  async function change(
    request: FastifyRequest<WithId>,
    reply: FastifyReply,
    apply: Parameters<Directory['mutateUser']>[1],
  ): Promise<string> {
    const selection = parseSelection('User', request.query);
    const committed = await directoryOf(request).mutateUser(request.params.id, apply, ifMatch(request));
    if (!committed) throw notFound();
    options.wake(connectionOf(request), committed);
    return show(reply, committed.stored, baseUrlOf(request, options), selection);
  }
};

const notFound = (): ScimError =>
  new ScimError(
    404,
    undefined,
    'There is no user with this id. Deleted users do not come back under their old id.',
  );

function show(reply: FastifyReply, stored: StoredResource, baseUrl: string, selection: Selection): string {
  reply.header('etag', versionOf(stored.generation));
  return render(stored, baseUrl, selection);
}

function render(stored: StoredResource, baseUrl: string, selection: Selection): string {
  return selection.kind === 'all'
    ? renderStored('User', stored, baseUrl)
    : JSON.stringify(renderSelected('User', stored, baseUrl, selection));
}

/** Entra never sends `If-Match`; whoever does is held to it (RFC 7644 §3.14). */
function ifMatch({ headers }: FastifyRequest): { ifMatch?: string } {
  const value = headers['if-match'];
  return value === undefined ? {} : { ifMatch: value };
}

function isUnchanged({ headers }: FastifyRequest, { generation }: StoredResource): boolean {
  const tags = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags?.some((tag) => tag === '*' || tag === `"${generation}"`) ?? false;
}
