// The HTTP server: the API's routes under /api/v2, and the control plane under /__sim, which the real API has not.
import { setTimeout as delay } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { addControlPlane } from '../control/control-plane.ts';
import { AGENT_ROUTES } from '../routes/agents.ts';
import { DEPARTMENT_ROUTES } from '../routes/departments.ts';
import { FIELD_ROUTES } from '../routes/fields.ts';
import { LOCATION_ROUTES } from '../routes/locations.ts';
import { REQUESTER_ROUTES } from '../routes/requesters.ts';
import { ROLE_ROUTES } from '../routes/roles.ts';
import type { Route } from '../routes/route.ts';
import { deliver } from './deliver.ts';
import type { RouteMatch } from './answer-call.ts';
import { judge } from './judge.ts';
import type { World } from './world.ts';

const BODY_MAX_BYTES = 1024 * 1024;
const PREFIX = '/api/v2';
const ROUTES: readonly Route[] = [
  ...REQUESTER_ROUTES,
  ...AGENT_ROUTES,
  ...DEPARTMENT_ROUTES,
  ...LOCATION_ROUTES,
  ...FIELD_ROUTES,
  ...ROLE_ROUTES,
];

/** Builds the server without listening. */
export function buildApp(world: World): FastifyInstance {
  const app = Fastify({ bodyLimit: BODY_MAX_BYTES, forceCloseConnections: true, exposeHeadRoutes: false });
  // Bodies stay text: whether they are JSON is checked in the order of the API, after credentials and permission.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  for (const route of ROUTES) {
    app.route({
      method: route.method,
      url: PREFIX + route.path.replace(':id', ':id(^\\d{1,15}$)'),
      handler: (request, reply) => serve(world, { route }, request, reply),
    });
  }
  app.setNotFoundHandler((request, reply) =>
    serve(world, { allowed: allowedMethods(request) }, request, reply),
  );
  addControlPlane(app, world);
  return app;
}

async function serve(
  world: World,
  match: RouteMatch,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { latencyMs, jitterMs, connectionClose } = world.knobs();
  const totalMs = latencyMs + jitterMs * world.random();
  await pause(totalMs / 2, world.closing);
  const judgement = judge(world, match, request);
  await pause(totalMs / 2, world.closing);
  await deliver(reply, judgement, {
    latencyMs: totalMs,
    closesConnection: connectionClose,
    closing: world.closing,
  });
  return reply;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal });
}

/** The methods of the routes that have this path. */
function allowedMethods(request: FastifyRequest): string[] {
  const [path = ''] = request.url.split('?');
  return ROUTES.filter((route) => patternOf(route).test(path)).map(({ method }) => method);
}

function patternOf(route: Route): RegExp {
  return new RegExp(`^${PREFIX}${route.path.replace(':id', '\\d{1,15}')}$`);
}
