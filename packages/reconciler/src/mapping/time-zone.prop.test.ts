import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTimeZone } from './time-zone.ts';

const zone = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'W. Europe Standard Time', 'Kiev', 'US/Eastern'),
);

test('what comes out goes in again as itself, in any case and spacing', () => {
  fc.assert(
    fc.property(zone, (value) => {
      const name = toTimeZone(value);
      fc.pre(name !== undefined);
      expect(toTimeZone(name)).toBe(name);
      expect(toTimeZone(` ${value.toUpperCase().replaceAll('_', '  ')} `)).toBe(name);
    }),
  );
});

test('any text has a name or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(['string', 'undefined']).toContain(typeof toTimeZone(value));
    }),
  );
});
