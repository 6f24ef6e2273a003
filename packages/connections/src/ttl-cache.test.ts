import { expect, test } from 'vitest';
import { createTtlCache } from './ttl-cache.ts';

function fixture(entriesMax = 10) {
  const clock = { now: 0 };
  const loads: string[] = [];
  const cache = createTtlCache<string>({ ttlMs: 100, entriesMax, now: () => clock.now });
  const load = (key: string) => async (): Promise<string> => {
    loads.push(key);
    return `${key}${loads.length}`;
  };
  return { clock, loads, get: (key: string) => cache.get(key, load(key)), cache };
}

test('loads once within the time to live, also when asked in parallel', async () => {
  const { clock, get } = fixture();
  expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['a1', 'a1', 'a1']);
  clock.now = 99;
  expect(await get('a')).toBe('a1');
  clock.now = 100;
  expect(await get('a')).toBe('a2');
});

test('keeps no more than its bound, and lets the least recently used go', async () => {
  const { get, loads } = fixture(2);
  await get('a');
  await get('b');
  await get('a');
  await get('c');
  await get('a');
  expect(loads).toEqual(['a', 'b', 'c']);
  await get('b');
  expect(loads).toEqual(['a', 'b', 'c', 'b']);
});

test('keeps neither a failure nor an absence', async () => {
  const { cache, get } = fixture();
  await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await cache.get('a', async () => undefined)).toBeUndefined();
  expect(await get('a')).toBe('a1');
});

test('what was loading while the cache was cleared is not kept', async () => {
  const { cache, get } = fixture();
  let finish: (value: string) => void = () => undefined;
  const slow = cache.get('a', () => new Promise((resolve) => (finish = resolve)));
  cache.clear();
  finish('old');
  expect(await slow).toBe('old');
  expect(await get('a')).toBe('a1');
});
