import { describe, expect, test } from 'vitest';
import { isWell, notChecked, ok, toLine, toSummary, warn, wrong } from './check.ts';

describe('toLine', () => {
  test.each([
    [ok('secret'), 'ok           secret'],
    [{ ...ok('held'), connection: 'acme' }, 'ok           acme: held'],
    [wrong('secret', 'There is none.', 'Set it.'), 'problem      secret: There is none. Set it.'],
    [warn('clock', 'It is late.', 'Set it.'), 'warning      clock: It is late. Set it.'],
    [notChecked('clock', 'No answer.'), 'not checked  clock: No answer.'],
    [{ ...ok('held'), connection: 'a\u001b[2Jb' }, 'ok           a [2Jb: held'],
  ])('%j', (check, line) => {
    expect(toLine(check)).toBe(line);
  });
});

test.each([
  [[], true],
  [[ok('a'), warn('b', '', ''), notChecked('c', '')], true],
  [[ok('a'), wrong('b', '', '')], false],
])('only problems make it ill: %j', (checks, well) => {
  expect(isWell(checks)).toBe(well);
});

test('the summary counts what there is', () => {
  expect(toSummary([ok('a'), ok('b'), wrong('c', '', ''), notChecked('d', '')])).toBe(
    '2 ok, 1 problem, 1 not checked',
  );
});
