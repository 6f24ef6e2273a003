import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { generationText, parseStored } from './stored.ts';

/** Times have 13 digits from 2001 to 2286. */
const time = fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 });
const generation = fc.integer({ min: 1, max: 999_999_999_999 });

test('a head is parsed to what was printed, and the attributes are left as they are', () => {
  fc.assert(
    fc.property(generation, time, time, fc.json(), (generation, createdAt, modifiedAt, json) => {
      const text = `${generationText(generation)} ${createdAt} ${modifiedAt} ${json}`;
      expect(parseStored('id', text)).toEqual({ id: 'id', generation, createdAt, modifiedAt, json });
    }),
  );
});
