/**
 * The last resort against overload: beyond a number of requests under way, or of bytes of their bodies, 429 at once
 * instead of a growing queue or a full memory.
 */
import { ScimError } from '@fresh-scim/scim';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

interface LoadLimits {
  readonly requestsMax: number;
  /** Of all large bodies together, as they come over the wire. */
  readonly bodyBytesMax: number;
}

/** Below this a body is not counted: as many of them as requests may be under way are 128 MiB. */
const SMALL_BYTES = 64 * 1024;

export const limitLoad = plugin<LoadLimits>(async (app, { requestsMax, bodyBytesMax }) => {
  let underWay = 0;
  let bodyBytes = 0;

  app.addHook('onRequest', (_request, reply, done) => {
    // Counted until the connection is done with it, also when the client goes away.
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
    });
    done(
      underWay > requestsMax
        ? new ScimError(429, undefined, 'Too many requests at once. Repeat this one later.')
        : undefined,
    );
  });

  // After all onRequest hooks, so that nobody without a valid token takes the room of others.
  app.addHook('preParsing', (request, reply, payload, done) => {
    const bytes = bodyBytesOf(request);
    if (bytes <= SMALL_BYTES) return done(null, payload);
    if (bodyBytes + bytes > bodyBytesMax) {
      return done(new ScimError(429, undefined, 'Too many large bodies at once. Repeat this request later.'));
    }
    bodyBytes += bytes;
    reply.raw.once('close', () => {
      bodyBytes -= bytes;
    });
    return done(null, payload);
  });
});

/** As announced; a body without an announcement may become as large as its route allows, and no other may be larger. */
function bodyBytesOf({ headers, routeOptions }: FastifyRequest): number {
  const { bodyLimit } = routeOptions;
  if (headers['transfer-encoding'] !== undefined) return bodyLimit;
  return Math.min(Number(headers['content-length'] ?? 0), bodyLimit);
}
