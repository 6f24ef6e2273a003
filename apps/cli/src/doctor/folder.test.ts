import { expect, test } from 'vitest';
import { judgeMode } from './folder.ts';

test.each([
  [0o100600, 'ok'],
  [0o40700, 'ok'],
  [0o100640, 'problem'],
  [0o100604, 'problem'],
  [undefined, 'not checked'],
])('mode %s: %s', (mode, state) => {
  expect(judgeMode('secret file', '/data/secret', mode, '600').state).toBe(state);
});
