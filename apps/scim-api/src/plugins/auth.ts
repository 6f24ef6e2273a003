/**
 * Bearer token -> connection. Everything else is a 401 in SCIM form, which tells nothing about why; a source that goes
 * on with wrong tokens gets 429. A good token is looked up first and always passes: behind a proxy all may look like one
 * source. Sources are told apart by address (IPv6: by /64), in memory that is bounded.
 */
import rateLimit from '@fastify/rate-limit';
import type { Connection, Connections } from '@fresh-scim/connections';
import { ScimError } from '@fresh-scim/scim';
import type { FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

interface AuthenticateOptions {
  readonly connections: Connections;
  /** Requests without a valid token that one source may send in a minute before it is answered 429. */
  readonly failuresPerMinuteMax: number;
}

/** Sources whose failures are counted at a time; the one longest silent is forgotten first. */
const SOURCES_MAX = 5_000;

const connectionOfRequest = new WeakMap<FastifyRequest, Connection>();

/** @throws {TypeError} on a route that is not behind `authenticate`: a defect. */
export function connectionOf(request: FastifyRequest): Connection {
  const connection = connectionOfRequest.get(request);
  if (!connection) throw new TypeError('this route is not behind authentication');
  return connection;
}

const BEARER = /^Bearer +([^\s]{1,512})$/i;

/** Guards every route of the scope that it is registered in. Runs before the body is read. */
export const authenticate = plugin<AuthenticateOptions>(
  async (app, { connections, failuresPerMinuteMax: max }) => {
    await app.register(rateLimit, { global: false, max, timeWindow: 60_000, cache: SOURCES_MAX });
    const countFailure = app.createRateLimit();

    app.addHook('onRequest', async (request, reply) => {
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
      const connection = token === undefined ? undefined : await connections.authenticate(token);
      if (!connection) throw await refuse(request, reply);
      connectionOfRequest.set(request, connection);
    });

    async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<ScimError> {
      const failures = await countFailure(request);
      if (!failures.isAllowed && failures.isExceeded) return throttled(reply, failures.ttlInSeconds);
      logFailure(request, failures);
      reply.header('www-authenticate', 'Bearer realm="fresh-scim"');
      return new ScimError(
        401,
        undefined,
        'The bearer token is missing, unknown or expired. Paste the Secret Token of the connection into Entra, ' +
          'or make a new one with "fresh-scim connection rotate-token".',
      );
    }
  },
);

function throttled(reply: FastifyReply, retryAfterSeconds: number): ScimError {
  reply.header('retry-after', retryAfterSeconds);
  return new ScimError(
    429,
    undefined,
    'Too many requests without a valid bearer token came from this address. Correct the Secret Token in Entra; ' +
      'a request with the right one is answered at once.',
  );
}

type Failures = Awaited<ReturnType<ReturnType<Parameters<typeof authenticate>[0]['createRateLimit']>>>;

/** The first failure of a source in a minute, and the last one before it is answered 429: two lines at most. */
function logFailure({ log, ip: source }: FastifyRequest, failures: Failures): void {
  if (failures.isAllowed) return;
  if (failures.remaining === 0) log.warn({ source }, 'wrong tokens: this source is refused for a minute');
  else if (failures.remaining === failures.max - 1) log.warn({ source }, 'a request without a valid token');
}
