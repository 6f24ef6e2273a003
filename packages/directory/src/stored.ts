/**
 * The form of a resource in Redis: a head of fixed width, then the attributes as JSON. Reads join strings and
 * never parse; scripts compare the head and never decode JSON.
 *
 *   000000000003 1764000000000 1764000360000 {"userName":...}
 *   generation   created (ms)  modified (ms)
 */

const HEAD_LENGTH = 41;

/** A live resource. `generation` moves by one with every change that Entra makes. */
export interface StoredResource {
  readonly id: string;
  readonly generation: number;
  /** Milliseconds since the epoch, by the clock of Redis. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** The attributes, without `schemas`, `id` and `meta`. */
  readonly json: string;
}

export function parseStored(id: string, text: string): StoredResource {
  return {
    id,
    generation: Number(text.slice(0, 12)),
    createdAt: Number(text.slice(13, 26)),
    modifiedAt: Number(text.slice(27, 40)),
    json: text.slice(HEAD_LENGTH),
  };
}

/** The generation as the head spells it, for the compare in the commit script. */
export const generationText = (generation: number): string => String(generation).padStart(12, '0');
