import * as fc from 'fast-check';
import { test } from 'vitest';
import { inStep } from './compare.ts';
import { attributeName } from './testing/arbitraries.ts';

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('1', '2', ' ', '-', '+', 'a', 'A', 'e\u0301', '\u00e9') }),
  fc.constantFrom(null, undefined, true, false, 7),
);

test('every value is in step with itself', () => {
  fc.assert(fc.property(attributeName, value, (name, a) => inStep(name, a, a)));
});

test('it does not matter which of the two is wanted', () => {
  fc.assert(
    fc.property(attributeName, value, value, (name, a, b) => inStep(name, a, b) === inStep(name, b, a)),
  );
});

test('what is in step with the same value is in step', () => {
  fc.assert(
    fc.property(attributeName, value, value, value, (name, a, b, c) => {
      fc.pre(inStep(name, a, b) && inStep(name, b, c));
      return inStep(name, a, c);
    }),
    { maxSkipsPerRun: 10_000 },
  );
});

test('blanks around a text and its composition never count', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      fc.pre(text.trim() !== '');
      return inStep('job_title', `  ${text.normalize('NFD')}\t`, text.normalize('NFC'));
    }),
  );
});
