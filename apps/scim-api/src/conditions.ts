/** Conditional requests (RFC 7644 §3.14). Entra sends none; whoever does is held to it. */
import type { StoredForm } from '@fresh-scim/scim';
import type { FastifyRequest } from 'fastify';

/** For a change: the version that `If-Match` names, if there is one. */
export function ifMatch({ headers }: FastifyRequest): { ifMatch?: string } {
  const value = headers['if-match'];
  return value === undefined ? {} : { ifMatch: value };
}

/** For a read: whether the client has this version already. */
export function isUnchanged({ headers }: FastifyRequest, { generation }: StoredForm): boolean {
  const tags = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags?.some((tag) => tag === '*' || tag === `"${generation}"`) ?? false;
}
