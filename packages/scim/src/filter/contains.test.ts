import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains } from './contains.ts';

test('finds what the engine finds', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ß', '😀'), maxLength: 80 });
  fc.assert(
    fc.property(text, text, text, (before, part, after) => {
      expect(contains(before + part + after, part)).toBe(true);
      expect(contains(before + after, part)).toBe((before + after).includes(part));
    }),
    { numRuns: 2000 },
  );
});
