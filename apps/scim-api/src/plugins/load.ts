/** The last resort against overload: beyond a number of requests under way, 429 at once instead of a growing queue. */
import { ScimError } from '@fresh-scim/scim';
import plugin from 'fastify-plugin';

export const limitLoad = plugin<{ requestsMax: number }>(async (app, { requestsMax }) => {
  let underWay = 0;
  app.addHook('onRequest', async (_request, reply) => {
    // Counted until the connection is done with it, also when the client goes away.
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
    });
    if (underWay > requestsMax) {
      throw new ScimError(429, undefined, 'Too many requests at once. Repeat this one later.');
    }
  });
});
