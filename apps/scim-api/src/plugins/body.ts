/**
 * How a request's body is read: one JSON text in UTF-8, with or without a byte order mark (RFC 8259 §8.1), not
 * compressed. An empty body is no body, whatever its type: some clients send a content type with a DELETE.
 */
import { ScimError } from '@fresh-scim/scim';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

/** Throws on bytes that are no UTF-8, rather than storing something else than what was sent. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Replaces the parsers of the framework, which refuse an empty body and drop names such as `__proto__`. */
export const bodyParsers = plugin(async (app) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    ['application/scim+json', 'application/json'],
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) =>
      bytes.length === 0 ? undefined : parseJson(request, bytes),
  );
  app.addContentTypeParser<Buffer>(
    '*',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, bytes: Buffer) => {
      if (bytes.length > 0) {
        throw new ScimError(415, undefined, 'Send the body as application/scim+json or application/json.');
      }
    },
  );
});

function parseJson({ headers }: FastifyRequest, bytes: Buffer): unknown {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new ScimError(415, undefined, 'Send the body as it is, without a content encoding.');
  }
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // The error's own text would repeat a piece of the body.
    throw new ScimError(400, 'invalidSyntax', 'The body is not valid JSON. Send one JSON object, in UTF-8.');
  }
}
