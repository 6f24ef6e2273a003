import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScimError } from '../errors.ts';
import { parsePath } from '../path.ts';
import { resourceTypeOf } from '../schema/resource-type.ts';
import { hostileText, userFilter } from '../testing/arbitraries.ts';
import { FILTER_LENGTH_MAX } from '../limits.ts';
import { toView } from '../view.ts';
import { matchesFilter } from './matches.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

const view = toView('User', {
  id: '1',
  createdAt: 0,
  modifiedAt: 0,
  generation: 1,
  json: '{"userName":"ines","active":true}',
});

test('parsing what is printed gives the same tree', () => {
  fc.assert(
    fc.property(userFilter, (filter) => {
      const printed = printFilter(filter);
      fc.pre(printed.length <= FILTER_LENGTH_MAX);
      expect(parseFilter('User', printed)).toEqual(filter);
    }),
  );
});

test('a filter and its negation never agree', () => {
  fc.assert(
    fc.property(userFilter, (term) => {
      expect(matchesFilter({ kind: 'not', term }, view)).toBe(!matchesFilter(term, view));
    }),
  );
});

test('any text is a filter, a path, or a ScimError of status 400', () => {
  const user = resourceTypeOf('User');
  fc.assert(
    fc.property(hostileText, (text) => {
      for (const parse of [() => parseFilter('User', text), () => parsePath(user, text)]) {
        try {
          parse();
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
          expect(error).toMatchObject({ status: 400 });
        }
      }
    }),
    { numRuns: 2000 },
  );
});
