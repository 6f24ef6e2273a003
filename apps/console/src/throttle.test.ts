import { expect, test } from 'vitest';
import { createSignInThrottle } from './throttle.ts';

function fixture() {
  const clock = { now: 1_000 };
  const throttle = createSignInThrottle({
    now: () => clock.now,
    failuresMax: 2,
    windowMs: 100,
    sourcesMax: 3,
  });
  return { clock, throttle };
}

test('holds a source back after its last allowed failure, until the window has passed', () => {
  const { clock, throttle } = fixture();
  throttle.failed('a');
  expect(throttle.waitMs('a')).toBe(0);
  clock.now += 10;
  throttle.failed('a');
  expect(throttle.waitMs('a')).toBe(90);
  expect(throttle.waitMs('b')).toBe(0);
  clock.now += 89;
  expect(throttle.waitMs('a')).toBe(1);
  clock.now += 1;
  expect(throttle.waitMs('a')).toBe(0);
  throttle.failed('a');
  expect(throttle.waitMs('a')).toBe(0);
});

test('forgives after a success', () => {
  const { throttle } = fixture();
  throttle.failed('a');
  throttle.succeeded('a');
  throttle.failed('a');
  expect(throttle.waitMs('a')).toBe(0);
});

test('remembers a bounded number of sources', () => {
  const { throttle } = fixture();
  for (const source of ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd']) throttle.failed(source);
  expect(['a', 'b', 'c', 'd'].map((source) => throttle.waitMs(source) > 0)).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
