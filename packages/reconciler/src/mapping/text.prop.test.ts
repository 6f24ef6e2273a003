import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAddress, TEXT_LENGTH_MAX, toText } from './text.ts';

/** Around the longest length, with characters of one and two units, combining marks and blanks. */
const longText = fc.string({
  unit: fc.constantFrom('a', ' ', 'e\u0301', '\u{20bb7}', '\u{1f469}\u{200d}\u{1f4bb}'),
  minLength: 120,
  maxLength: 300,
});

describe('toText', () => {
  test('is short enough, composed, trimmed, well-formed, and says whether it was cut', () => {
    fc.assert(
      fc.property(fc.oneof(longText, fc.string({ unit: 'binary' })), (value) => {
        const made = toText(value);
        const whole = value.normalize('NFC').trim();
        if (whole === '') return made === undefined;
        if (!made) return false;
        expect(made.text.length).toBeLessThanOrEqual(TEXT_LENGTH_MAX);
        expect(made.text).toBe(made.text.normalize('NFC').trim());
        expect(whole.startsWith(made.text)).toBe(true);
        expect(made.text.isWellFormed() || !whole.isWellFormed()).toBe(true);
        expect(made.cut).toBe(whole.length > TEXT_LENGTH_MAX);
        return true;
      }),
    );
  });

  test('changes nothing more when it is repeated', () => {
    fc.assert(
      fc.property(longText, (value) => {
        const once = toText(value);
        if (once) expect(toText(once.text)).toEqual({ text: once.text, cut: false });
      }),
    );
  });

  test('has no text for what is none', () => {
    expect([undefined, null, 7, true, {}, [], '', ' \t\n'].map(toText)).toEqual(Array(8).fill(undefined));
  });
});

describe('isAddress', () => {
  test.each([
    ['ines@larkspur.example', true],
    ["o'hara+x@larkspur.example", true],
    ['ines_thrift.example#EXT#@larkspur.onmicrosoft.example', true],
    ['ines@local', true],
    ['ines', false],
    ['@larkspur.example', false],
    ['ines@', false],
    ['ines @larkspur.example', false],
    ['ines@larkspur@example', false],
    ['ines\u0000@larkspur.example', false],
    [`${'x'.repeat(255)}@larkspur.example`, false],
  ])('%j: %s', (value, expected) => {
    expect(isAddress(value)).toBe(expected);
  });
});
