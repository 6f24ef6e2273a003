import { describe, expect, it } from 'vitest';
import { codeFrom, codeOfThrown, failureFrom } from './outcome.ts';

class Coded extends Error {
  override readonly name = 'Coded';
  readonly code: unknown;
  constructor(code: unknown) {
    super('Ines Sol <ines@example.com> was refused');
    this.code = code;
  }
}

describe('the code of what was thrown', () => {
  it.each([
    [new Coded('ECONNRESET'), 'ECONNRESET'],
    [new Coded(undefined), 'Coded'],
    [new Coded('ines@example.com'), 'unnamed'],
    [new TypeError('ines@example.com'), 'TypeError'],
    ['ines@example.com', 'unknown'],
    [undefined, 'unknown'],
  ])('%#', (thrown, code) => {
    expect(codeOfThrown(thrown)).toBe(code);
    expect(failureFrom(thrown).message).toBe(`thrown:${code}`);
  });
});

describe('codes', () => {
  it.each(['invalid-field', 'conflict:primary_email', 'a', '404', 'x'.repeat(100)])('keep %s', (text) => {
    expect(codeFrom(text)).toBe(text);
  });

  it.each(['', 'Ines Sol', 'ines@example.com', '+49 30 1234', 'x'.repeat(101), 'two\nlines'])(
    'do not keep %j',
    (text) => {
      expect(codeFrom(text)).toBe('unnamed');
    },
  );
});
