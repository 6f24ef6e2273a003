import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SettingsError } from './errors.ts';
import { SETTINGS, parseSettings } from './settings.ts';

const key = fc.constantFrom(...SETTINGS.map((setting) => setting.key));

test('any text is either refused in words or becomes a value that parses to itself', () => {
  fc.assert(
    fc.property(key, fc.oneof(fc.string(), fc.double().map(String)), (name, text) => {
      try {
        const value = parseSettings({ [name]: text })[name];
        expect(parseSettings({ [name]: String(value) })[name]).toBe(value);
      } catch (error) {
        expect(error).toBeInstanceOf(SettingsError);
      }
    }),
  );
});
