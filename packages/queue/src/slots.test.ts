import { describe, expect, it } from 'vitest';
import { type Release, createSlots } from './slots.ts';

const never = new AbortController().signal;

describe('slots', () => {
  it('gives no more than there are, and gives one on when it comes back', async () => {
    const slots = createSlots(2);
    const first = await slots.acquire('a', never);
    await slots.acquire('a', never);
    let third: Release | undefined;
    const waiting = slots.acquire('a', never).then((release) => {
      third = release;
    });
    expect([slots.held, slots.waiting, third]).toEqual([2, 1, undefined]);
    first();
    await waiting;
    expect([slots.held, slots.waiting]).toEqual([2, 0]);
    expect(third).toBeTypeOf('function');
  });

  it('are handed out in turn over groups, and in order within one', async () => {
    const slots = createSlots(1);
    let release = await slots.acquire('a', never);
    const order: string[] = [];
    const releases: Release[] = [];
    const asks = ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map(async (name) => {
      releases.push(await slots.acquire(name.slice(0, 1), never));
      order.push(name);
    });
    for (let n = 1; n <= asks.length; n += 1) {
      release();
      // oxlint-disable-next-line no-await-in-loop -- one at a time is what is tested
      while (order.length < n) await Promise.resolve();
      release = releases.at(-1) ?? release;
    }
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    release();
    expect([slots.held, slots.waiting]).toEqual([0, 0]);
  });

  it('take a slot back once, however often it is given', async () => {
    const slots = createSlots(2);
    const first = await slots.acquire('a', never);
    await slots.acquire('a', never);
    first();
    first();
    expect(slots.held).toBe(1);
  });

  it('forget who stops waiting', async () => {
    const slots = createSlots(1);
    const release = await slots.acquire('a', never);
    const leaver = new AbortController();
    const left = slots.acquire('b', leaver.signal);
    const kept = slots.acquire('b', never);
    leaver.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(slots.waiting).toBe(1);
    release();
    (await kept)();
    expect([slots.held, slots.waiting]).toEqual([0, 0]);
    await expect(slots.acquire('b', leaver.signal)).rejects.toThrow('left');
    expect(slots.held).toBe(0);
  });

  it('refuse a number of slots that is none', () => {
    expect(() => createSlots(0)).toThrow(RangeError);
    expect(() => createSlots(1.5)).toThrow(RangeError);
  });
});
