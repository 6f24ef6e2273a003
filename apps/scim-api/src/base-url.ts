/** What `meta.location` begins with: what the operator says, else the host that the request names. */
import type { FastifyRequest } from 'fastify';

export interface BaseUrlOptions {
  readonly publicUrl: string | undefined;
  readonly basePath: string;
}

/** Without a slash at its end. A `Host` header that is no host name is not repeated. */
export function baseUrlOf(request: FastifyRequest, { publicUrl, basePath }: BaseUrlOptions): string {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '') + basePath;
  const host = /^[\w.:[\]-]{1,255}$/.test(request.host) ? request.host : 'localhost';
  return `${request.protocol}://${host}${basePath}`;
}
