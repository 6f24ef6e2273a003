import { expect, test } from 'vitest';
import { toSettings } from './settings-option.ts';

test('a value may hold an equals sign', () => {
  expect(toSettings(['brake.count=20', 'agents.role=a=b'])).toEqual({
    'brake.count': '20',
    'agents.role': 'a=b',
  });
});

test.each(['brake', '=20', ''])('"%s" is no setting', (text) => {
  expect(() => toSettings([text])).toThrow('is not key=value');
});
