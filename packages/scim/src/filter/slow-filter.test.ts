// Filters and resources made to take long. Nothing is timed: what is linear is done in a second or so, what is not would
// run into the time limit of the test many times over.

import { describe, expect, test } from 'vitest';
import { ScimError } from '../errors.ts';
import { FILTER_LENGTH_MAX } from '../limits.ts';
import { toView } from '../view.ts';
import { matchesFilter } from './matches.ts';
import { parseFilter } from './parse.ts';

const ROUNDS = 5000;

test('a search for nearly what is there', () => {
  const json = JSON.stringify({ userName: 'ines', title: 'a'.repeat(8192) });
  const view = toView('User', { id: '1', createdAt: 0, modifiedAt: 0, generation: 1, json });
  const filter = parseFilter('User', `title co "${'a'.repeat(1000)}b${'a'.repeat(1000)}"`);
  for (let round = 0; round < ROUNDS; round += 1) {
    expect(matchesFilter(filter, view)).toBe(false);
  }
});

/** The text again and again, up to the limit. */
const filled = (text: string, end = ''): string =>
  text.repeat(Math.floor((FILTER_LENGTH_MAX - end.length) / text.length)) + end;

describe('a text as long as allowed', () => {
  test.each([
    ['of terms', filled('title pr or ', 'title pr')],
    ['of parentheses', filled('(')],
    ['of brackets', filled('emails[')],
    ['of negations', filled('not (')],
    ['of spaces', filled(' ')],
    ['of quotes', filled('"')],
    ['of backslashes', `title eq "${filled('\\\\').slice(20)}"`],
    ['of dots', filled('.')],
    ['of colons', filled('urn:')],
    ['of one word', filled('a')],
    ['of one number', `title eq ${filled('1').slice(20)}`],
    ['of digits of a second', `meta.created eq "2026-01-31T08:00:00.${filled('1').slice(60)}"`],
    [
      'of names of an extension',
      filled('urn:ietf:params:scim:schemas:extension:freshservice:2.0:User:x pr and ', 'id pr'),
    ],
  ])('%s', (_what, text) => {
    for (let round = 0; round < ROUNDS / 5; round += 1) {
      try {
        parseFilter('User', text);
      } catch (error) {
        expect(error).toBeInstanceOf(ScimError);
      }
    }
  });

  test('with as many terms as fit, on a resource with as many elements as it may have', () => {
    const emails = Array.from({ length: 200 }, (_, n) => ({ type: 'work', value: `p${n}@larkspur.example` }));
    const json = JSON.stringify({ userName: 'ines', emails });
    const view = toView('User', { id: '1', createdAt: 0, modifiedAt: 0, generation: 1, json });
    const filter = parseFilter('User', filled('emails[type eq "x"] or ', 'title pr'));
    for (let round = 0; round < 50; round += 1) {
      expect(matchesFilter(filter, view)).toBe(false);
    }
  });
});
