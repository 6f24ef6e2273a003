import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { oneByOne } from './one-by-one.ts';

const redis = {};

describe('turns', () => {
  test('of one name are taken one after the other, in order, whatever becomes of each', async () => {
    const seen: string[] = [];
    const take = (name: string, fails = false): Promise<string> =>
      oneByOne(redis, 'one', async () => {
        seen.push(`${name} begins`);
        await nextTurn();
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const ends = await Promise.allSettled([take('a'), take('b', true), take('c')]);
    expect(ends).toMatchObject([{ value: 'a' }, { reason: { message: 'b' } }, { value: 'c' }]);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  test('of another name, or of another connection, are not waited for', async () => {
    const held = Promise.withResolvers<string>();
    const first = oneByOne(redis, 'one', () => held.promise);
    expect(await oneByOne(redis, 'other', async () => 'other')).toBe('other');
    expect(await oneByOne({}, 'one', async () => 'elsewhere')).toBe('elsewhere');
    held.resolve('one');
    expect(await first).toBe('one');
  });

  test('that hang are not waited for for ever', async () => {
    const held = Promise.withResolvers<string>();
    const first = oneByOne(redis, 'one', () => held.promise);
    expect(await oneByOne(redis, 'one', async () => 'second', 10)).toBe('second');
    held.resolve('first');
    expect(await first).toBe('first');
  });
});
