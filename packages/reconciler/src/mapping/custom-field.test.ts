import { expect, test } from 'vitest';
import { toCustomValue } from './custom-field.ts';

const field = (type: string, choices?: readonly string[]) => ({ type, choices });
const SIZES = ['Small', 'LARGE', 'Large', 'Größe'];

test.for([
  ['custom_text', ' CC-204\n', 'CC-204'],
  ['text', 'CC-204', 'CC-204'],
  ['custom_single_line_text', 'CC-204', 'CC-204'],
  ['custom_paragraph', ' first\n\nsecond ', 'first\n\nsecond'],
  ['custom_phone_number', '+44 20 7946 0001', '+44 20 7946 0001'],
  ['custom_phone', '0207', '0207'],
  ['custom_number', '42', 42],
  ['custom_number', ' -1.50 ', -1.5],
  ['custom_number', '+.5e3', 500],
  ['custom_checkbox', 'true', true],
  ['custom_checkbox', 'Yes', true],
  ['custom_checkbox', '1', true],
  ['custom_checkbox', 'False', false],
  ['custom_checkbox', 'NO', false],
  ['custom_checkbox', '0', false],
  ['custom_date', '2026-03-02', '2026-03-02'],
  ['custom_date', '2028-02-29', '2028-02-29'],
  ['custom_date', '2026-03-02T23:30:00-08:00', '2026-03-02'],
  ['custom_date', '2026-03-02T09:14:07.123Z', '2026-03-02'],
  ['custom_date', '2026-03-02 09:14', '2026-03-02'],
] as const)('%s %j is sent as %j', ([type, text, value]) => {
  expect(toCustomValue(field(type), text)).toEqual({ value, cut: false });
});

test.for([
  ['custom_number', '1,5', 'not-a-number'],
  ['custom_number', '0x10', 'not-a-number'],
  ['custom_number', '1e999', 'not-a-number'],
  ['custom_number', 'NaN', 'not-a-number'],
  ['custom_number', '9007199254740993', 'not-a-number'],
  ['custom_number', '12 345', 'not-a-number'],
  ['custom_checkbox', 'on', 'not-a-boolean'],
  ['custom_checkbox', '2', 'not-a-boolean'],
  ['custom_date', '02/03/2026', 'not-a-date'],
  ['custom_date', '2026-02-30', 'not-a-date'],
  ['custom_date', '2026-13-01', 'not-a-date'],
  ['custom_date', '2026-3-2', 'not-a-date'],
  ['custom_date', '2026-03-02 or so', 'not-a-date'],
  ['custom_date', '20260302', 'not-a-date'],
  ['custom_lookup', '7', 'unsupported-type'],
  ['default_email', 'a@example.test', 'unsupported-type'],
  ['', 'x', 'unsupported-type'],
] as const)('%s %j cannot be sent: %s', ([type, text, problem]) => {
  expect(toCustomValue(field(type), text)).toEqual({ problem });
});

test.for([
  ['Small', 'Small'],
  ['small ', 'Small'],
  ['Large', 'Large'],
  ['large', 'LARGE'],
  ['GRO\u0308SSE', undefined],
  ['GRO\u0308ßE', 'Größe'],
  ['Medium', undefined],
] as const)('a choice %j is sent as %j', ([text, choice]) => {
  const expected = choice === undefined ? { problem: 'not-a-choice' } : { value: choice, cut: false };
  expect(toCustomValue(field('custom_dropdown', SIZES), text)).toEqual(expected);
});

test('a choice goes as it is when the choices are not known', () => {
  expect(toCustomValue(field('custom_dropdown'), 'Medium')).toEqual({ value: 'Medium', cut: false });
});

test('a line too long is sent shortened, a paragraph whole', () => {
  const text = 'x'.repeat(300);
  expect(toCustomValue(field('custom_text'), text)).toEqual({ value: 'x'.repeat(255), cut: true });
  expect(toCustomValue(field('custom_paragraph'), text)).toEqual({ value: text, cut: false });
});
