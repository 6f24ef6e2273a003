/**
 * Every answer in SCIM form: the content type of all bodies, the parser of requests, and the one place where an error
 * of any kind becomes a SCIM error (RFC 7644 §3.12). What is not understood is a 500 without a detail of ours.
 */
import { ConnectionError } from '@fresh-scim/connections';
import { DirectoryUnavailable, LayoutMismatch } from '@fresh-scim/directory';
import { SCIM_CONTENT_TYPE, ScimError } from '@fresh-scim/scim';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

/** Entra tries a failed object again in its next cycle; anybody else may come back sooner. */
const RETRY_AFTER_SECONDS = 10;

export const scimAnswers = plugin(async (app) => {
  app.removeAllContentTypeParsers();
  // A body is parsed by what it is, and a DELETE with a content type but no body is no error.
  app.addContentTypeParser<string>(
    ['application/scim+json', 'application/json'],
    { parseAs: 'string' },
    (_request, text, done) => {
      if (text === '') return done(null, undefined);
      try {
        done(null, JSON.parse(text));
      } catch {
        done(badRequest('invalidSyntax', 'The body is not valid JSON. Send one JSON object, in UTF-8.'));
      }
    },
  );
  app.addHook('onSend', async (_request, reply, payload) => {
    if (payload !== null && payload !== undefined) reply.type(`${SCIM_CONTENT_TYPE}; charset=utf-8`);
    reply.header('cache-control', 'no-store');
    reply.header('x-content-type-options', 'nosniff');
    return payload;
  });
  app.setErrorHandler((error, request, reply) => answer(toScimError(error, request), reply));
  app.setNotFoundHandler((request, reply) => {
    const known = app.hasRoute({ method: 'GET', url: request.url.split('?', 1)[0] ?? '' });
    const error = known
      ? new ScimError(405, undefined, 'This endpoint does not offer this method.')
      : new ScimError(404, undefined, 'There is no such endpoint. The Tenant URL ends in /scim/v2.');
    return answer(error, reply);
  });
});

const badRequest = (scimType: 'invalidSyntax', detail: string): ScimError => new ScimError(400, scimType, detail);

function answer(error: ScimError, reply: FastifyReply): FastifyReply {
  if (error.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(error.status).send(JSON.stringify(error.toBody()));
}

function toScimError(error: unknown, request: FastifyRequest): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof DirectoryUnavailable || error instanceof ConnectionError) {
    request.log.warn({ err: error }, 'the store is not available');
    return new ScimError(503, undefined, 'The store is not available now. Nothing was changed for sure; repeat the request.');
  }
  if (error instanceof LayoutMismatch) {
    request.log.error({ err: error }, 'the store belongs to another version');
    return new ScimError(503, undefined, 'The store belongs to another version of this service. Ask its operator.');
  }
  const { statusCode, code } = error as Partial<FastifyError>;
  if (statusCode === 413) {
    return new ScimError(413, undefined, 'The body is too large: 1 MiB is the limit for a user. Send fewer values.');
  }
  if (statusCode === 415 || code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ScimError(415, undefined, 'Send the body as application/scim+json or application/json.');
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ScimError(statusCode === 408 ? 408 : 400, undefined, 'The request could not be read.');
  }
  request.log.error({ err: error, route: request.routeOptions.url }, 'an unexpected error');
  return new ScimError(500, undefined, 'An unexpected error of this service. Its operator finds it in the log.');
}
