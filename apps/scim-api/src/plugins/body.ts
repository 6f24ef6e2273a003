/**
 * How a request's body is read: one JSON text in UTF-8, with or without a byte order mark (RFC 8259 §8.1), not
 * compressed. An empty body is no body, whatever its type: some clients send a content type with a DELETE.
 */
import { setImmediate as othersTurn } from 'node:timers/promises';
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
      bytes.length === 0 ? undefined : parseBody(request, bytes),
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

/** Bodies that take some milliseconds to parse: what is made of one has a turn of its own. */
const LARGE_BYTES = 256 * 1024;
/** Four of them for each of 100,000 members. */
const VALUES_MAX = 400_000;

async function parseBody(request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  if (bytes.length > LARGE_BYTES) {
    checkValues(bytes);
    await othersTurn();
  }
  const body = parseJson(request, bytes);
  if (bytes.length > LARGE_BYTES) await othersTurn();
  return body;
}

/** Millions of empty lists in 8 MiB would be a second's work for the parser of JSON: they are counted before. */
function checkValues(bytes: Buffer): void {
  let values = 0;
  // By index, which takes a tenth of the time that an iterator does.
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === 0x2c /* , */ || byte === 0x5b /* [ */ || byte === 0x7b /* { */) values += 1;
  }
  if (values > VALUES_MAX) {
    throw new ScimError(
      400,
      'invalidSyntax',
      `The body has more than ${VALUES_MAX} values. Send fewer at a time.`,
    );
  }
}

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
