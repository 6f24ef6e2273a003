import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

/** Work that ends when it is told to, and what ran at a time. */
function createWork() {
  const running: string[] = [];
  const ends: (() => void)[] = [];
  return {
    running,
    of: (name: string) => async (): Promise<string> => {
      running.push(name);
      await new Promise<void>((end) => ends.push(end));
      running.splice(running.indexOf(name), 1);
      return name;
    },
    /** Ends the one that has run longest, and lets what waits for it begin. */
    endOne: async (): Promise<void> => {
      ends.shift()?.();
      for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
    },
  };
}

describe('turns', () => {
  it('are two at a time for a connection, four for all, the rest in the order of their coming', async () => {
    const turnsOf = createTurns();
    const work = createWork();
    const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1', 'a4'];
    const done = names.map((name) => turnsOf(name[0] ?? '')(work.of(name)));
    await Promise.resolve();
    expect(work.running).toEqual(['a1', 'a2', 'b1', 'b2']);
    await work.endOne();
    expect(work.running).toEqual(['a2', 'b1', 'b2', 'a3']);
    await work.endOne();
    expect(work.running).toEqual(['b1', 'b2', 'a3', 'c1']);
    for (const _ of names) await work.endOne();
    expect(await Promise.all(done)).toEqual(names);
    expect(work.running).toEqual([]);
  });

  it('are given on when the work fails', async () => {
    const takeTurn = createTurns()('a');
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    for (let count = 0; count < 10; count += 1) await expect(takeTurn(fail)).rejects.toThrow('no');
    await expect(takeTurn(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('are refused with 429 when too many of a connection wait, and those of others are not', async () => {
    const turnsOf = createTurns();
    const work = createWork();
    const done = Array.from({ length: 22 }, () => turnsOf('a')(work.of('a')));
    await expect(turnsOf('a')(work.of('a'))).rejects.toMatchObject({ status: 429 });
    done.push(turnsOf('b')(work.of('b')));
    for (const _ of done) await work.endOne();
    expect(await Promise.all(done)).toHaveLength(23);
  });
});
