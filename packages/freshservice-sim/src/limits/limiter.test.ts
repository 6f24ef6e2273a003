import { expect, test } from 'vitest';
import { type KnobChanges, parseKnobs, type PlanName } from '../knobs.ts';
import { type Admission, RateLimiter } from './limiter.ts';

function limiterWith(knobs: KnobChanges): (now: number, kind?: 'list', cost?: number) => Admission {
  const parsed = parseKnobs(knobs);
  const limiter = new RateLimiter(() => parsed);
  return (now, kind, cost = 1) =>
    limiter.admit(kind === 'list' ? ['overall', 'requesters.list'] : ['overall'], cost, now);
}

test.for<[PlanName, number, number]>([
  ['starter', 100, 40],
  ['growth', 200, 70],
  ['pro', 400, 120],
  ['enterprise', 500, 140],
  ['addon1', 1000, 180],
  ['addon2', 2000, 480],
  ['hourly', 5000, 5000],
])('%s allows %i calls, of them %i lists', ([plan, overall, list]) => {
  const admit = limiterWith({ plan });
  expect(admit(0)).toMatchObject({ total: overall, remaining: overall - 1, bucket: 'overall' });
  expect(admit(0, 'list').total).toBe(list);
});

test('a window is opened by its first request, wherever that falls, and closes a window length later', () => {
  const admit = limiterWith({ plan: 'starter' });
  for (let call = 0; call < 100; call += 1) expect(admit(17_000 + call).isAdmitted).toBe(true);
  expect(admit(70_000)).toMatchObject({ isAdmitted: false, remaining: 0, retryAfterSeconds: 7 });
  expect(admit(76_999)).toMatchObject({ isAdmitted: false, retryAfterSeconds: 1 });
  expect(admit(77_000)).toMatchObject({ isAdmitted: true, remaining: 99 });
});

test('the recorded exchange: list calls debit the overall bucket, and the headers show the list bucket', () => {
  const admit = limiterWith({ plan: 'enterprise' });
  const at = (minutes: number, seconds: number): number => (minutes * 60 + seconds) * 1000;
  expect(admit(at(57, 52), 'list')).toMatchObject({ total: 140, remaining: 139 });
  expect(admit(at(58, 9), 'list')).toMatchObject({ total: 140, remaining: 138 });
  admit(at(58, 9.6));
  expect(admit(at(58, 19.8))).toMatchObject({ total: 500, remaining: 496 });
  admit(at(58, 20));
  expect(admit(at(58, 45))).toMatchObject({ total: 500, remaining: 494 });
  expect(admit(at(58, 54.7), 'list')).toMatchObject({ total: 140, remaining: 139 });
  expect(admit(at(58, 55))).toMatchObject({ total: 500, remaining: 498 });
});

test('an exhausted list bucket refuses lists only, and its refusals debit the overall bucket', () => {
  const admit = limiterWith({ plan: 'starter' });
  for (let call = 0; call < 40; call += 1) admit(0, 'list');
  expect(admit(0, 'list')).toMatchObject({ isAdmitted: false, bucket: 'requesters.list', total: 40 });
  expect(admit(0)).toMatchObject({ isAdmitted: true, remaining: 100 - 42 });
});

test('count429 false: refusals cost nothing', () => {
  const admit = limiterWith({ plan: 'starter', count429: false });
  for (let call = 0; call < 41; call += 1) admit(0, 'list');
  expect(admit(0).remaining).toBe(100 - 41);
});

test('a call that costs more than what is left is refused, and a cheaper one is not', () => {
  const admit = limiterWith({ plan: 'starter', count429: false });
  admit(0, undefined, 98);
  expect(admit(0, undefined, 3).isAdmitted).toBe(false);
  expect(admit(0, undefined, 2)).toMatchObject({ isAdmitted: true, remaining: 0 });
});

test('hourly: the window is sixty minutes of the account', () => {
  const admit = limiterWith({ plan: 'hourly', windowMs: 1000 });
  admit(0, undefined, 5000);
  expect(admit(59_000).isAdmitted).toBe(false);
  expect(admit(60_000).isAdmitted).toBe(true);
});

test('foreign load uses credits evenly, and is refused like ours', () => {
  const admit = limiterWith({ plan: 'starter', foreignLoadPerMin: 60 });
  expect(admit(0).remaining).toBe(98);
  expect(admit(10_000).remaining).toBe(98 - 10 - 1);
  const greedy = limiterWith({ plan: 'starter', foreignLoadPerMin: 6000 });
  greedy(0);
  expect(greedy(30_000).isAdmitted).toBe(false);
});

test('usage never exceeds a limit and counts refusals apart', () => {
  const knobs = parseKnobs({ plan: 'starter', windowMs: 1000 });
  const limiter = new RateLimiter(() => knobs);
  for (let call = 0; call < 500; call += 1) limiter.admit(['overall', 'agents.list'], 1, call * 5);
  const { overall, 'agents.list': agents } = limiter.usage();
  expect(agents).toMatchObject({ windows: 3, maxUsed: 40, refused: 500 - 3 * 40 });
  expect(overall?.maxUsed).toBeLessThanOrEqual(100);
});
