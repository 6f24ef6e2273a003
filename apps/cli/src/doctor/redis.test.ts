import { expect, test } from 'vitest';
import { judgeRedis } from './redis.ts';

const MB = 1_048_576;

function statesOf(
  problems: Parameters<typeof judgeRedis>[0],
  info: Readonly<Record<string, string | number>>,
  appendfsync: string | undefined = 'always',
): Record<string, string> {
  const fields = new Map(Object.entries(info).map(([name, value]) => [name, String(value)]));
  const checks = judgeRedis(problems, fields, appendfsync);
  return Object.fromEntries(checks.map(({ name, state }) => [name, state]));
}

test('a fit server', () => {
  const info = { aof_enabled: 1, used_memory: 50 * MB, maxmemory: 100 * MB };
  expect(new Set(Object.values(statesOf([], info)))).toEqual(new Set(['ok']));
});

test.each([
  ['version', 'Redis version'],
  ['eviction', 'Redis eviction'],
  ['no-aof', 'Redis append-only file'],
  ['aof-failing', 'Redis last write'],
  ['loading', 'Redis answers'],
] as const)('%s is a problem of "%s"', (code, name) => {
  expect(statesOf([{ code, message: 'It is wrong; set it right' }], {})[name]).toBe('problem');
});

test('what is wrong and what to do are told apart', () => {
  const [first] = judgeRedis(
    [{ code: 'loading', message: 'It is wrong; set it; or not' }],
    new Map(),
    'always',
  );
  expect(first).toMatchObject({ problem: 'It is wrong.', fix: 'Set it; or not.' });
});

test.each([
  ['always', 'ok'],
  ['everysec', 'warning'],
  ['no', 'problem'],
])('appendfsync %s: %s', (appendfsync, state) => {
  expect(statesOf([], {}, appendfsync)['Redis appendfsync']).toBe(state);
});

test('appendfsync is not judged where there is no file, or no answer', () => {
  expect(statesOf([], { aof_enabled: 0 }, 'everysec')['Redis appendfsync']).toBe('not checked');
  expect(judgeRedis([], new Map(), undefined).find(({ name }) => name === 'Redis appendfsync')?.state).toBe(
    'not checked',
  );
});

test.each([
  [{ used_memory: 70, maxmemory: 100 }, 'ok'],
  [{ used_memory: 75, maxmemory: 100 }, 'warning'],
  [{ used_memory: 90, maxmemory: 100 }, 'problem'],
  [{ used_memory: 90, maxmemory: 0, total_system_memory: 1000 }, 'ok'],
  [{ used_memory: 950, maxmemory: 0, total_system_memory: 1000 }, 'problem'],
  [{ used_memory: 90, maxmemory: 0 }, 'not checked'],
  [{}, 'not checked'],
])('memory %j: %s', (info, state) => {
  expect(statesOf([], info)['Redis memory']).toBe(state);
});
