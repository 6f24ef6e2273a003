/**
 * From an error of any kind to the SCIM error that is answered. What is not understood is logged, and is a 500 that
 * tells nothing; no answer repeats a word of the request, which may be personal data.
 */
import { ConnectionError } from '@fresh-scim/connections';
import { DirectoryUnavailable, LayoutMismatch } from '@fresh-scim/directory';
import { ScimError } from '@fresh-scim/scim';
import type { FastifyRequest } from 'fastify';
import type { SparseLog } from './sparse-log.ts';

/** What HTTP itself refuses: the framework before a handler runs, or the parser of requests. */
const REFUSALS = {
  400: 'The request could not be read.',
  408: 'The request took too long to arrive.',
  413: 'The body is too large: 1 MiB is the limit for a user, 8 MiB for a group. Send fewer values at a time.',
  415: 'Send the body as application/scim+json or application/json.',
  431: 'The address and the headers are too long: 32 KiB is the limit. Send a long query to /.search, in a body.',
} as const;

type Refusal = keyof typeof REFUSALS;

/** The refusal of that status. */
export const refusal = (status: Refusal): ScimError => new ScimError(status, undefined, REFUSALS[status]);

/** Logs what an operator has to know of, each outage of the store in `outage`; all else is the sender's affair. */
export function toScimError(
  error: unknown,
  { log, routeOptions }: FastifyRequest,
  outage: SparseLog<unknown>,
): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof DirectoryUnavailable || error instanceof ConnectionError) {
    outage.note(error);
    return new ScimError(503, undefined, 'The store cannot be used now. Send the request again later.');
  }
  if (error instanceof LayoutMismatch) {
    log.error({ err: error }, 'the store belongs to another version');
    return new ScimError(
      503,
      undefined,
      'The store belongs to another version of this service. Ask its operator.',
    );
  }
  const { statusCode = 500 } = error as { readonly statusCode?: number }; // the framework's errors have one
  if (statusCode in REFUSALS) return refusal(statusCode as Refusal);
  if (statusCode >= 400 && statusCode < 500) return refusal(400);
  log.error({ err: error, route: routeOptions.url }, 'an unexpected error');
  return new ScimError(
    500,
    undefined,
    'An unexpected error of this service. Its operator finds it in the log.',
  );
}
