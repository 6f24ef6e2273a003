// The cursor of RFC 9865: a place in the order of creation, so that pages stay what they are while resources come and go.

import { badRequest } from './errors.ts';

/** Where a page ended: the resource with this id, which may be gone by now. `createdAt` in epoch milliseconds. */
export interface Position {
  readonly createdAt: number;
  readonly id: string;
}

/** The cursor of the page behind the position; made of unreserved characters of RFC 3986 §2.3 only. */
export function cursorOf({ createdAt, id }: Position): string {
  return `${createdAt}_${id}`;
}

/** @throws {ScimError} invalidCursor for anything that `cursorOf` does not make. */
export function parseCursor(text: string): Position {
  const [, createdAt, id] = /^(\d{1,15})_([\w-]{1,64})$/.exec(text) ?? [];
  if (createdAt === undefined || id === undefined) {
    throw badRequest(
      'invalidCursor',
      'The cursor is none of ours. Send "nextCursor" of the page before, or an empty cursor to begin again.',
    );
  }
  return { createdAt: Number(createdAt), id };
}
