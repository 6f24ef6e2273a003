/**
 * What the protocol knows and this server has not. Each route refuses before its body is read, so that the answer is
 * the same whatever was sent.
 */
import { ScimError } from '@fresh-scim/scim';
import type { FastifyPluginAsync } from 'fastify';

const refuseWith = (status: number, detail: string) => async (): Promise<never> => {
  throw new ScimError(status, undefined, detail);
};

/** RFC 7644 §3.11 and §3.7: 501 for what is not supported. */
export const notOfferedRoutes: FastifyPluginAsync = async (app) => {
  const me = refuseWith(501, 'There is no /Me: a secret token is no user. Use /Users.');
  app.all('/Me', { onRequest: me }, me);

  const bulk = refuseWith(501, 'There is no bulk operation. Send one request for each resource.');
  app.all('/Bulk', { onRequest: bulk }, bulk);
};
