import { expect, test } from 'vitest';
import { toCustomDefaults } from './custom-defaults.ts';

test.each([
  ['', []],
  ['site=HQ', [['site', 'HQ']]],
  [
    ' site = HQ ; cost_centre=a=b;',
    [
      ['site', 'HQ'],
      ['cost_centre', 'a=b'],
    ],
  ],
  ['site; =HQ; x=', []],
])('%j', (setting, expected) => {
  expect([...toCustomDefaults(setting)]).toEqual(expected);
});
