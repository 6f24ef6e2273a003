// What the routes of the control plane share: how they are added, and how their bodies and ids are read.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

const idSchema = z.object({ id: z.coerce.number().int() });

/** Adds one route below `/__sim`; what `run` returns is the answer. */
export type Add = (
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  run: (request: FastifyRequest) => object,
) => void;

/** The path names a record that is not there; the message says of which kind. */
export class NoSuchRecord extends Error {}

/** The body as JSON, an empty object for none. @throws {SyntaxError} */
export function bodyOf(request: FastifyRequest): unknown {
  return typeof request.body === 'string' && request.body !== '' ? JSON.parse(request.body) : {};
}

/** The id in the path. @throws {z.ZodError} */
export function idOf(request: FastifyRequest): number {
  return idSchema.parse(request.params).id;
}

/** The object without its undefined members. */
export function definedOnly<T extends object>(draft: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const defined = Object.entries(draft).filter(([, value]) => value !== undefined);
  // Object.fromEntries forgets the names of the members.
  return Object.fromEntries(defined) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
