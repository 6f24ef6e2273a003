import { expect, test } from 'vitest';
import { Faults } from './faults.ts';

const POST = { method: 'POST', path: '/api/v2/requesters', route: 'requesters.create' };
const GET = { method: 'GET', path: '/api/v2/requesters/5', route: 'requesters.get' };

test('fires at the n-th matching request, count times, and is gone', () => {
  const faults = new Faults();
  faults.arm({ kind: '500', route: 'requesters.create', nth: 2, count: 2 });
  const kinds = [POST, GET, POST, GET, POST, POST].map((target) => faults.draw(target)?.kind);
  expect(kinds).toEqual([undefined, undefined, '500', undefined, '500', undefined]);
  expect(faults.list().armed).toEqual([]);
});

test('matches by method and by the start of the path', () => {
  const faults = new Faults();
  faults.arm({ kind: '503', method: 'GET', path: '/api/v2/requesters/' });
  expect(faults.draw(POST)).toBeUndefined();
  expect(faults.draw({ ...GET, path: '/api/v2/requesters?email=x' })).toBeUndefined();
  expect(faults.draw(GET)?.kind).toBe('503');
});

test('of several that are due, the one armed first fires; the others fire later', () => {
  const faults = new Faults();
  faults.arm({ kind: '500' });
  faults.arm({ kind: '503' });
  expect([faults.draw(GET)?.kind, faults.draw(GET)?.kind, faults.draw(GET)]).toEqual([
    '500',
    '503',
    undefined,
  ]);
});

test('random faults repeat with their seed, at about their rate', () => {
  const draw = (seed: number): (string | undefined)[] => {
    const faults = new Faults();
    faults.arm({ random: { seed, rate: 0.2, kinds: ['500', 'reset-after'] } });
    return Array.from({ length: 1000 }, () => faults.draw(GET)?.kind);
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  const fired = draw(7).filter((kind) => kind !== undefined);
  expect(fired.length).toBeGreaterThan(150);
  expect(fired.length).toBeLessThan(250);
  expect(new Set(fired).size).toBe(2);
});

test('clear disarms everything; wrong forms and too many are refused', () => {
  const faults = new Faults();
  faults.arm({ kind: '500' });
  faults.arm({ random: { seed: 1, rate: 1, kinds: ['500'] } });
  faults.clear();
  expect(faults.draw(GET)).toBeUndefined();
  expect(() => faults.arm({ kind: '418' })).toThrow();
  for (let armed = 0; armed < 1000; armed += 1) faults.arm({ kind: '500' });
  expect(() => faults.arm({ kind: '500' })).toThrow(RangeError);
});
