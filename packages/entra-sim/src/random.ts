// Seeded randomness (sfc32, seeded through splitmix32): the same seed gives the same tenant and the same traffic.
// Not for secrets.

/** A deterministic source of random values; each call moves it on. */
export interface Random {
  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number;
  /** One entry of a list that is not empty. @throws {RangeError} when it is. */
  pick<T>(list: readonly T[]): T;
  /** Up to `count` different entries, in random order. */
  sample<T>(list: readonly T[], count: number): T[];
  /** A GUID in the form of version 4, lower case. */
  guid(): string;
}

/** A source of its own for one seed; two seeds that differ in one bit are unrelated. */
export function createRandom(seed: number): Random {
  const next = sfc32(seed);
  const below = (bound: number) => Math.floor((next() / 2 ** 32) * bound);
  const hex = (digits: number) => (next() >>> (32 - digits * 4)).toString(16).padStart(digits, '0');
  return {
    below,
    pick<T>(list: readonly T[]): T {
      const index = below(list.length);
      if (index >= list.length) throw new RangeError('cannot pick from an empty list');
      return list[index] as T; // in range by the line above
    },
    sample<T>(list: readonly T[], count: number): T[] {
      const rest = [...list];
      const taken: T[] = [];
      while (taken.length < count && rest.length > 0) taken.push(...rest.splice(below(rest.length), 1));
      return taken;
    },
    guid(): string {
      const variant = (8 + below(4)).toString(16);
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(8)}${hex(4)}`;
    },
  };
}

/** Chris Doty-Humphrey's sfc32: 128 bits of state, so GUIDs do not repeat. Returns unsigned 32-bit numbers. */
function sfc32(seed: number): () => number {
  const mix = splitmix32(seed);
  let [a, b, c, counter] = [mix(), mix(), mix(), 1];
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
}
