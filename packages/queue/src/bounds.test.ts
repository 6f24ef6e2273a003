import { describe, expect, it } from 'vitest';
import { forEachLimited, throttled, unlessAborted, within } from './bounds.ts';

describe('throttled', () => {
  it('passes on the first error, and one after each interval', () => {
    let now = 0;
    const told: string[] = [];
    const sink = throttled(
      (error) => told.push(error.message),
      5_000,
      () => now,
    );
    for (const at of [0, 1, 4_999, 5_000, 5_001, 20_000]) {
      now = at;
      sink(new Error(String(at)));
    }
    expect(told).toEqual(['0', '5000', '20000']);
  });
});

describe('forEachLimited', () => {
  it('visits all, no more than the limit at a time', async () => {
    let running = 0;
    let most = 0;
    const visited: number[] = [];
    await forEachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      visited.push(item);
      running -= 1;
    });
    expect(most).toBe(3);
    expect(visited.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('rejects with the first failure', async () => {
    const failing = forEachLimited([1, 2], 1, async (item) => Promise.reject(new Error(`item ${item}`)));
    await expect(failing).rejects.toThrow('item 1');
  });
});

describe('within', () => {
  it('tells whether work ended, also by failing', async () => {
    const never = new Promise<void>(() => undefined);
    expect(await within(Promise.resolve(), 1_000)).toBe(true);
    expect(await within(Promise.reject(new Error('failed')), 1_000)).toBe(true);
    expect(await within(never, 0)).toBe(false);
  });
});

describe('unlessAborted', () => {
  it('gives the result, the failure, or the reason of the abort', async () => {
    const stop = new AbortController();
    const never = new Promise<number>(() => undefined);
    expect(await unlessAborted(Promise.resolve(1), stop.signal)).toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('failed')), stop.signal)).rejects.toThrow('failed');
    const waiting = unlessAborted(never, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(unlessAborted(never, stop.signal)).rejects.toThrow('stopped');
  });
});
