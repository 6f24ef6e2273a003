/** What the routes of users, groups and the root have in common: to read one, to list, to show. */
import type { Connection } from '@fresh-scim/connections';
import type { Directory } from '@fresh-scim/directory';
import {
  listResponse,
  locationOf,
  parseListQuery,
  parseSelection,
  ScimError,
  type Selection,
  type StoredForm,
  selects,
  versionOf,
} from '@fresh-scim/scim';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type BaseUrlOptions, baseUrlOf } from './base-url.ts';
import { isUnchanged } from './conditions.ts';
import { connectionOf } from './plugins/auth.ts';
import type { Collection } from './query/collection.ts';
import { type Asked, type ListPage, pageByCursor, pageByIndex } from './query/pages.ts';
import type { TakeTurn } from './query/turns.ts';
import { renderResource } from './render.ts';

/** What the routes of resources are given. */
export interface ResourceRoutesOptions extends BaseUrlOptions {
  directoryOf(connection: Connection): Directory;
  /** Of each connection, for queries without an index. */
  turnsOf(connectionId: string): TakeTurn;
}

export type WithId = { Params: { id: string } };

/** The directory of who asks. */
export const directoryOf = (request: FastifyRequest, options: ResourceRoutesOptions): Directory =>
  options.directoryOf(connectionOf(request));

/** A GET by id. */
export async function answerOne(
  request: FastifyRequest<WithId>,
  reply: FastifyReply,
  collection: Collection,
  options: ResourceRoutesOptions,
): Promise<string | FastifyReply> {
  const selection = parseSelection(collection.type, request.query);
  const stored = await collection.get(request.params.id, selects(selection, collection.beside));
  if (!stored) throw notFound(collection.type);
  const baseUrl = baseUrlOf(request, options);
  if (isUnchanged(request, stored)) {
    const contentLocation = locationOf(collection.type, stored.id, baseUrl);
    const etag = versionOf(stored.generation);
    return reply.code(304).headers({ etag, 'content-location': contentLocation }).send();
  }
  return answerWith(reply, collection.type, stored, baseUrl, selection);
}

/**
 * Sends a resource with its version and its address: RFC 7643 §3.1 has Content-Location equal `meta.location`, and the
 * examples of RFC 7644 have Location also where nothing was created.
 */
export async function answerWith(
  reply: FastifyReply,
  type: Collection['type'],
  stored: StoredForm,
  baseUrl: string,
  selection: Selection,
): Promise<string> {
  const location = locationOf(type, stored.id, baseUrl);
  reply.headers({ location, 'content-location': location, etag: versionOf(stored.generation) });
  return renderResource(type, stored, baseUrl, selection);
}

/** A query of one type, from a query string or the body of a search. */
export async function answerList(
  request: FastifyRequest,
  reply: FastifyReply,
  source: unknown,
  collection: Collection,
  options: ResourceRoutesOptions,
): Promise<string> {
  return answerPage(
    request,
    reply,
    [{ collection, query: parseListQuery(collection.type, source) }],
    options,
  );
}

/** The page that these queries ask for. */
export async function answerPage(
  request: FastifyRequest,
  reply: FastifyReply,
  asked: readonly [Asked, ...Asked[]],
  options: ResourceRoutesOptions,
): Promise<string> {
  const [first] = asked;
  const { cursor, startIndex } = first.query;
  const takeTurn = options.turnsOf(connectionOf(request).id);
  const effort = { takeTurn, isWanted: () => !reply.raw.destroyed };
  const directory = directoryOf(request, options);
  const { parts, turned, ...page } = await (cursor
    ? pageByCursor(first, cursor, effort)
    : pageByIndex(asked, directory, effort));
  // Kept while the page is written: neither waits for the other, and the client for both.
  const [texts] = await Promise.all([
    renderParts(parts, baseUrlOf(request, options)),
    turned && directory.turnPage(turned.list, turned),
  ]);
  return listResponse({ ...page, ...(cursor ? {} : { startIndex }), resources: texts });
}

async function renderParts(parts: ListPage['parts'], baseUrl: string): Promise<string[]> {
  const texts: string[] = [];
  for (const { collection, query, resources } of parts) {
    for (const stored of resources) {
      texts.push(await renderResource(collection.type, stored, baseUrl, query.selection));
    }
  }
  return texts;
}

/** There is none of this type with this id. */
export const notFound = (type: Collection['type']): ScimError =>
  new ScimError(
    404,
    undefined,
    `There is no ${type.toLowerCase()} with this id. What was deleted does not come back under its old id.`,
  );
