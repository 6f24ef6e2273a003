/**
 * Every answer in SCIM form: the content type of all bodies, and the one place where an error of any kind is turned
 * into the answer that its sender gets (RFC 7644 §3.12).
 */
import { SCIM_CONTENT_TYPE, type ScimError } from '@fresh-scim/scim';
import type { FastifyReply } from 'fastify';
import plugin from 'fastify-plugin';
import { toScimError } from '../scim-error.ts';
import { createSparseLog } from '../sparse-log.ts';

/** Entra tries a failed object again in its next cycle; anybody else may come back sooner. */
const RETRY_AFTER_SECONDS: { readonly [status: number]: number } = { 429: 5, 503: 10 };

/** Of every answer, also of those that the framework gives before a route is found. */
export const ANSWER_HEADERS = {
  'content-type': `${SCIM_CONTENT_TYPE}; charset=utf-8`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

const { 'content-type': _ofBodies, ...HEADERS_WITHOUT_BODY } = ANSWER_HEADERS;

export const scimAnswers = plugin(async (app) => {
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(payload === null || payload === undefined ? HEADERS_WITHOUT_BODY : ANSWER_HEADERS);
    done(null, payload);
  });
  const outage = createSparseLog<unknown>((err, times) =>
    app.log.warn({ err, times }, 'the store is not available'),
  );
  app.addHook('onClose', async () => outage.end());
  app.setErrorHandler((error, request, reply) => sendError(toScimError(error, request, outage), reply));
});

/** Sends a SCIM error. */
export function sendError(error: ScimError, reply: FastifyReply): FastifyReply {
  const retryAfterSeconds = RETRY_AFTER_SECONDS[error.status];
  if (retryAfterSeconds !== undefined && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', retryAfterSeconds);
  }
  return reply.code(error.status).headers(ANSWER_HEADERS).send(JSON.stringify(error.toBody()));
}
