/** Tells metrics about answered requests: the route as a template, never a path or a query. */
import plugin from 'fastify-plugin';

/** `route` is a template such as `/scim/v2/Users/:id`, or `none`. */
export type RequestObserver = (request: {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}) => void;

export const observeRequests = plugin<{ onRequest: RequestObserver }>(async (app, { onRequest }) => {
  app.addHook('onResponse', (request, reply, done) => {
    onRequest({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    done();
  });
});
