/** The words that are kept are found by every beginning of every word that a person has. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWordsOf } from './resource.ts';

/** Of few letters, so that words often begin one another. */
const word = fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('a', 'b', 'é', '王', '𠮷') });

test('whoever is found by a beginning of a word still is, and nobody else', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 31 }), word, word, (names, local, asked) => {
      const userName = `${local}@b.example`;
      const person = { userName, displayName: names.join(' ') };
      const everything = [userName, local, ...names];
      const begins = (words: readonly string[]): boolean => words.some((one) => one.startsWith(asked));
      expect(begins(displayWordsOf(person))).toBe(begins(everything));
    }),
  );
});

test('no word that is kept begins another one', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (names) => {
      const kept = displayWordsOf({ displayName: names.join(' ') });
      for (const one of kept) expect(kept.filter((other) => other.startsWith(one))).toEqual([one]);
    }),
  );
});
