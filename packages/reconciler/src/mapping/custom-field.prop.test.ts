import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCustomValue } from './custom-field.ts';

const TYPES = ['text', 'paragraph', 'phone_number', 'number', 'checkbox', 'date', 'dropdown'];
const field = fc.record({
  type: fc.constantFrom(...TYPES).map((type) => `custom_${type}`),
  choices: fc.option(fc.array(fc.string(), { minLength: 1 }), { nil: undefined }),
});
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.double().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('true', 'no', '1'),
);

test('a value that can be sent comes out the same when it is given again as text', () => {
  fc.assert(
    fc.property(field, text, (field, text) => {
      const result = toCustomValue(field, text);
      if ('problem' in result || result.value === null) return;
      expect(toCustomValue(field, String(result.value))).toEqual({ value: result.value, cut: false });
    }),
  );
});

test('blank text clears a field of any type', () => {
  fc.assert(
    fc.property(field, fc.constantFrom('', ' ', '\t\n', '\u00a0'), (field, blank) => {
      expect(toCustomValue(field, blank)).toEqual({ value: null, cut: false });
    }),
  );
});

test('a choice is found in any case', () => {
  const choice = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9 &-]{0,20}[a-zA-Z0-9]$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(choice, { minLength: 1, selector: (name) => name.toLowerCase() }),
      (choices) => {
        for (const name of choices) {
          const given = toCustomValue({ type: 'custom_dropdown', choices }, ` ${name.toUpperCase()} `);
          expect(given).toEqual({ value: name, cut: false });
        }
      },
    ),
  );
});
