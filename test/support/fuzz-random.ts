/** Chance from a seed: the same seed makes the same choices. */

/** A number of 0 up to 1 (mulberry32): small, fast, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One row of choices. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomOf(seed);
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  upTo(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.upTo(choices.length)];
    if (choice === undefined) throw new RangeError('nothing to pick from');
    return choice;
  }

  many<T>(limit: number, make: () => T): T[] {
    return Array.from({ length: this.upTo(limit) }, make);
  }
}
