/**
 * Answers what no route takes, before its body is read: 405 with `Allow` where the path takes other methods
 * (RFC 9110 §15.5.6), else 404. A path of its own, such as `/Users/.search`, is no id.
 */
import { ScimError } from '@fresh-scim/scim';
import type { FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

/** Has to be registered before the routes are. */
export const unknownRoutes = plugin(async (app) => {
  const offered = new Map<string, { readonly pattern: readonly string[]; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = segmentsOf(url);
    const route = offered.get(pattern.join('/')) ?? { pattern, methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    offered.set(pattern.join('/'), route);
  });
  app.addHook('onRequest', (request, reply, done) => {
    done(refusalOf(request, reply));
  });

  function refusalOf(request: FastifyRequest, reply: FastifyReply): ScimError | undefined {
    const isOfId = request.routeOptions.url?.includes('/:') === true;
    if (!request.is404 && !isOfId) return undefined;
    const path = segmentsOf(request.url.split('?', 1)[0] ?? '');
    const own = offered.get(path.join('/'));
    if (isOfId && (!own || own.methods.has(request.method))) return undefined;
    const route = own ?? [...offered.values()].find(({ pattern }) => isMatch(pattern, path));
    if (!route) {
      return new ScimError(404, undefined, 'There is no such endpoint. The Tenant URL ends in /scim/v2.');
    }
    reply.header('allow', [...route.methods].join(', '));
    return new ScimError(405, undefined, 'This endpoint does not offer this method.');
  }
});

/** Case, and slashes that are doubled or at the end, do not count. */
const segmentsOf = (path: string): string[] =>
  path
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '');

const isMatch = (pattern: readonly string[], path: readonly string[]): boolean =>
  pattern.length === path.length &&
  pattern.every((segment, index) => segment.startsWith(':') || segment === path[index]);
