import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toLanguage } from './language.ts';

const language = fc.oneof(
  fc.constantFrom('de', 'EN', 'es', 'ja', 'no', 'pt', 'Zh', 'he'),
  fc.stringMatching(/^[a-z]{2,3}$/),
);
const region = fc.oneof(fc.constantFrom('419', 'BR', 'mx', 'TW', 'hant'), fc.stringMatching(/^[A-Z]{2}$/));
const tag = fc.oneof(
  language,
  fc.tuple(language, region).map((parts) => parts.join('-')),
);
const list = fc
  .array(fc.tuple(tag, fc.integer({ min: 1, max: 10 })), { maxLength: 5 })
  .map((choices) => choices.map(([tag, tenths]) => `${tag};q=${tenths / 10}`).join(', '));

test('what comes out goes in again as itself, whatever goes in', () => {
  fc.assert(
    fc.property(fc.oneof(tag, list, fc.string({ unit: 'binary' })), (value) => {
      const code = toLanguage(value);
      if (code !== undefined) expect(toLanguage(code)).toBe(code);
    }),
  );
});

test('a tag means the same in any case, with either separator, and before others', () => {
  fc.assert(
    fc.property(tag, list, (tag, others) => {
      const code = toLanguage(tag);
      expect(toLanguage(tag.toUpperCase())).toBe(code);
      expect(toLanguage(tag.replaceAll('-', '_'))).toBe(code);
      if (code !== undefined) expect(toLanguage(`${tag}, ${others}`)).toBe(code);
    }),
  );
});
