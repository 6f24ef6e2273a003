import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { workLanes } from './lanes.ts';

const lanes = [
  ['a1', 'a2', 'a3'],
  ['b1', 'b2'],
  ['c1', 'c2'],
];

test('items of one lane follow each other, and no more lanes than allowed are open', async () => {
  const stop = new AbortController();
  const events: string[] = [];
  let open = 0;
  let openMax = 0;
  await workLanes(lanes, 2, stop, stop.signal, async (item) => {
    open += 1;
    openMax = Math.max(openMax, open);
    events.push(`begin ${item}`);
    await setImmediate();
    events.push(`end ${item}`);
    open -= 1;
  });
  for (const lane of lanes) {
    const own = events.filter((event) => lane.some((item) => event.endsWith(item)));
    expect(own).toEqual(lane.flatMap((item) => [`begin ${item}`, `end ${item}`]));
  }
  expect(openMax).toBe(2);
});

test('the first error stops the rest and is thrown', async () => {
  const stop = new AbortController();
  const done: string[] = [];
  const work = async (item: string) => {
    if (item === 'a2') throw new Error('broken');
    done.push(item);
  };
  await expect(workLanes(lanes, 1, stop, stop.signal, work)).rejects.toThrow('broken');
  expect(done).toEqual(['a1']);
  expect(stop.signal.aborted).toBe(true);
});
