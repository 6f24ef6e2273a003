import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NameOrder } from './name-order.ts';

test('after any changes the ids are in the order of (lower-cased name, id), each once', () => {
  const step = fc.record({
    id: fc.integer({ min: 1, max: 20 }),
    name: fc.option(fc.string({ maxLength: 3 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const order = new NameOrder();
      const names = new Map<number, string>();
      for (const { id, name } of steps) {
        if (name === null) {
          order.remove(id);
          names.delete(id);
        } else {
          order.put(id, name);
          names.set(id, name.toLowerCase());
        }
      }
      const expected = [...names]
        .sort(([a, x], [b, y]) => (x === y ? a - b : x < y ? -1 : 1))
        .map(([id]) => id);
      expect(order.all()).toEqual(expected);
    }),
  );
});
