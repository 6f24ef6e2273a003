import { expect, test } from 'vitest';
import { toStatusText } from './status-text.ts';
import { status } from './test-support.ts';

test('groups are told as not applied yet, and wait for nobody', () => {
  const lines = toStatusText(
    status({ resources: { users: 200, groups: 5, unmanaged: 0 }, groupsNotApplied: 3 }),
  ).split('\n');
  expect(lines.at(-1)).toBe('acme: 3 of 5 groups are stored and not applied yet');
  const row = lines.find((line) => line.startsWith('acme ')) ?? '';
  expect(row.split(/ {2,}/).slice(0, 6)).toEqual(['acme', 'running', '200', '0', '12', '40 s']);
});

test('where all groups are applied, nothing is said of them', () => {
  expect(toStatusText(status({ groupsNotApplied: 0 }))).not.toContain('groups');
});

test('the reason of a state and the problems of Redis are said', () => {
  const text = toStatusText(status({ state: 'stopped', reason: 'unauthorized' }, ['Redis keeps no file']));
  expect(text).toContain('acme: unauthorized');
  expect(text).toContain('Redis 7.0.15, 0 MB: Redis keeps no file');
});
