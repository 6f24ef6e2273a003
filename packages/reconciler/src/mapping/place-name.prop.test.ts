import type { LocationId } from '@fresh-scim/freshservice';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Place, toPlaceFinder } from './place-name.ts';

/** Few names, so that they repeat, with parents that may be missing or go round in circles. */
const places = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'A/b', ' c ', ''), fc.option(fc.nat(9))), { maxLength: 8 })
  .map((rows) => rows.map(([name, parentId], id): Place => ({ id: id as LocationId, name, parentId })));
const text = fc.oneof(
  fc.array(fc.constantFrom('a', 'B', 'c', ''), { maxLength: 5 }).map((parts) => parts.join('/')),
  fc.string(),
);

test('what is found does not depend on the order of the list', () => {
  fc.assert(
    fc.property(places, text, (places, text) => {
      expect(toPlaceFinder(places.toReversed())(text)).toEqual(toPlaceFinder(places)(text));
    }),
  );
});

test('a place is found by its whole path from the top, unless another one is called so', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), (names) => {
      const chain = names.map(
        (name, id): Place => ({ id: id as LocationId, name, parentId: id === 0 ? null : id - 1 }),
      );
      const path = names.map((name) => name.toUpperCase()).join(' / ');
      expect(toPlaceFinder(chain)(`/${path}`)).toEqual({ id: names.length - 1 });
      expect(toPlaceFinder(chain)(path)).toEqual({ id: names.length - 1 });
    }),
  );
});
