import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPlaceKey } from './place-name.ts';

test.for([
  ['Finance', 'finance'],
  ['  People \t &\n Culture ', 'people & culture'],
  ['ZÜRICH', 'zürich'],
  ['Zu\u0308rich', 'zürich'],
  ['Leeds\u00a0North', 'leeds north'],
  ['', ''],
] as const)('%j has the key %j', ([name, key]) => {
  expect(toPlaceKey(name)).toBe(key);
});

test('a key is its own key, and a name keeps its key whatever its white space and composition', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const key = toPlaceKey(name);
      expect(toPlaceKey(key)).toBe(key);
      expect(toPlaceKey(`\t ${name}\n`)).toBe(key);
      expect(toPlaceKey(name.normalize('NFD'))).toBe(key);
    }),
  );
});
