import { describe, expect, it } from 'vitest';
import { parseJson, readRefusal } from './error-body.ts';

const read = (body: unknown, sent?: unknown) => readRefusal(JSON.stringify(body), sent);

describe('readRefusal', () => {
  it('reads a validation error', () => {
    const entry = { field: 'primary_email', message: 'It should not be blank', code: 'missing_field' };
    expect(read({ description: 'Validation failed', errors: [entry] })).toEqual({
      code: 'missing_field',
      fields: [entry],
    });
  });

  it('reads a flat error', () => {
    expect(read({ code: 'access_denied', message: 'You are not authorized.' })).toEqual({
      code: 'access_denied',
      fields: [],
    });
  });

  it('takes the first code that there is when several fields are refused', () => {
    const errors = [
      { field: 'a', message: 'x' },
      { field: 'b', code: 'invalid_field', message: 'y' },
    ];
    expect(read({ errors })).toEqual({
      code: 'invalid_field',
      fields: [
        { field: 'a', code: '', message: 'x' },
        { field: 'b', code: 'invalid_field', message: 'y' },
      ],
    });
  });

  it.each([
    undefined,
    '',
    '   ',
    '<html><body>502 Bad Gateway</body></html>',
    '{"errors":[{"fie',
    'null',
    '[]',
    '"text"',
    '17',
    '{}',
    '{"message":"Too many requests"}',
    '{"errors":null}',
    '{"errors":"many"}',
    '{"errors":[null,1,"x",[]]}',
    '{"code":{"a":1}}',
    '{"code":"a text that is no code, ines@example.test"}',
  ])('finds no codes in %j and does not throw', (body) => {
    expect(readRefusal(body, undefined)).toEqual({ code: undefined, fields: [] });
  });

  it('keeps what was sent, addresses and numbers out of the texts', () => {
    const errors = [
      {
        field: 'primary_email',
        code: 'duplicate_value',
        message: "O'Neil <Mira.ONEIL@example.test> (+44 20 7946 0001) is in use by jo@other.test",
      },
    ];
    const sent = { last_name: "O'Neil", work_phone_number: '+44 20 7946 0001' };
    const text = read({ errors }, sent).fields[0]?.message ?? '';
    expect(text).not.toMatch(/neil|mira|jo@|7946/i);
    expect(text).toContain('is in use by');
  });

  it('is bounded', () => {
    const entry = { field: 'x', code: 'invalid_value', message: 'no '.repeat(1000) };
    const { fields } = read({ errors: Array.from({ length: 1000 }, () => entry) });
    expect(fields).toHaveLength(20);
    expect(fields[0]?.message.length).toBeLessThanOrEqual(200);
  });
});

describe('parseJson', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['', undefined],
    [undefined, undefined],
    ['<html>', undefined],
    ['{"a":', undefined],
  ])('%j', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });
});
