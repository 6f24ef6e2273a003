/** Bearer token -> connection. Everything else is a 401 in SCIM form, which tells nothing about why. */
import type { Connection, Connections } from '@fresh-scim/connections';
import { ScimError } from '@fresh-scim/scim';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

const connectionOfRequest = new WeakMap<FastifyRequest, Connection>();

/** @throws {TypeError} on a route that is not behind `authenticate`: a defect. */
export function connectionOf(request: FastifyRequest): Connection {
  const connection = connectionOfRequest.get(request);
  if (!connection) throw new TypeError('this route is not behind authentication');
  return connection;
}

const BEARER = /^Bearer +([^\s]{1,512})$/i;

/** Guards every route of the scope that it is registered in. Runs before the body is read. */
export const authenticate = plugin<{ connections: Connections }>(async (app, { connections }) => {
  app.addHook('onRequest', async (request, reply) => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const connection = token === undefined ? undefined : await connections.authenticate(token);
    if (!connection) {
      reply.header('www-authenticate', 'Bearer realm="fresh-scim"');
      throw new ScimError(
        401,
        undefined,
        'The bearer token is missing, unknown or expired. Paste the Secret Token of the connection into Entra, ' +
          'or make a new one with "fresh-scim connection rotate-token".',
      );
    }
    connectionOfRequest.set(request, connection);
  });
});
