/** The benchmark of the SCIM face still runs, and tells a wrong answer from a right one. How fast anything is, is not asked. */
import { connectRedis, provideRedis } from '@fresh-scim/runtime';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { measureBytes } from '../../bench/directory/bytes-per-person.ts';
import { compare } from '../../bench/scim/compare.ts';
import { runEntraMix } from '../../bench/scim/entra-mix.ts';
import { joined, percentile, toFigures } from '../../bench/scim/figures.ts';
import { grow } from '../../bench/scim/growth.ts';
import { drive } from '../../bench/scim/load.ts';
import { create, type Crowd, fill, findBy, OPERATIONS } from '../../bench/scim/operations.ts';
import { FLOOR, OURS, ratiosOf, render } from '../../bench/scim/report.ts';
import { startFloor, startFreshScim } from '../../bench/scim/servers.ts';

const nothing = (): void => {};

it('measures each operation on each server, without a wrong answer', async () => {
  const binary = await provideRedis();
  const contenders = [
    { name: OURS, start: () => startFreshScim(binary, 'no') },
    { name: FLOOR, start: () => startFloor(binary) },
  ];
  const options = { people: 20, connections: [3], rounds: 1, roundMs: 100, onProgress: nothing };
  const compared = await compare(contenders, options);

  expect(compared.map(({ server, operation, figures }) => [operation, server, figures.firstError])).toEqual(
    OPERATIONS.flatMap((operation) => [OURS, FLOOR].map((server) => [operation, server, undefined])),
  );
  for (const { figures } of compared) expect(figures.requests).toBeGreaterThan(0);
  for (const operation of OPERATIONS) expect(render({ compared })).toContain(`| ${operation}`);
  expect(ratiosOf(compared).map(({ operation, server }) => [operation, server])).toEqual(
    OPERATIONS.map((operation) => [operation, FLOOR]),
  );
});

it('measures one installation of each size', async () => {
  const sizes = [120, 150];
  const options = { sizes, fsync: 'no', rounds: 1, requests: 3, onProgress: nothing } as const;
  const grown = await grow(await provideRedis(), options);
  expect(grown.map(({ people, figures }) => [people, figures.requests, figures.firstError])).toEqual(
    [...sizes, ...sizes, ...sizes].map((people) => [people, 3, undefined]),
  );
});

it('sends the mix of a cycle for several tenants while a worker runs', async () => {
  const options = { tenants: 2, perSecond: 16, seconds: 1, people: 3, fsync: 'no' } as const;
  const { figures } = await runEntraMix(await provideRedis(), options);
  expect(figures).toMatchObject({ requests: 32, errors: 0 });
});

it('weighs people, and leaves none behind', async () => {
  const redis = connectRedis(inject('redisUrl'), 'commands');
  onTestFinished(() => redis.disconnect());
  const { rendered, parts } = await measureBytes(redis, 20);
  for (const bytes of [rendered, ...Object.values(parts)]) expect(bytes).toBeGreaterThan(0);
});

describe('a wrong answer', () => {
  it('is an error and no request, and tells what was wrong', async () => {
    const floor = await startFloor(await provideRedis());
    onTestFinished(() => floor.stop());
    const crowd: Crowd = { people: [], next: 0 };
    await fill(floor, crowd, 5);
    const [known] = crowd.people;
    const exchanges = [findBy(known?.userName ?? ''), findBy('nobody@larkspur.example')];
    const { latenciesMs, errors, firstError } = await drive(floor, () => exchanges.shift(), {
      connections: 1,
    });
    expect([latenciesMs.length, errors]).toEqual([1, 1]);
    expect(firstError).toContain('nobody@larkspur.example');
    await expect(fill(floor, { people: [], next: 0 }, 1)).rejects.toThrow('409');
  });

  it('is one of a server that is gone too', async () => {
    const nobody = { origin: 'http://127.0.0.1:1', token: '' };
    const exchanges = [create({ people: [], next: 0 })];
    const measured = await drive(nobody, () => exchanges.shift(), { connections: 1 });
    expect(measured).toMatchObject({ latenciesMs: [], errors: 1 });
  });
});

describe('figures', () => {
  const round = (latenciesMs: number[], errors = 0) => ({
    latenciesMs,
    elapsedMs: 1000,
    errors,
    firstError: errors > 0 ? 'wrong' : undefined,
  });

  it('are the medians of rounds, and the sums of requests and errors', () => {
    const figures = toFigures([round([1, 2, 3]), round([4, 5, 60], 2), round([7])]);
    expect(figures).toEqual({
      perSecond: 3,
      p50Ms: 5,
      p95Ms: 7,
      p99Ms: 7,
      requests: 7,
      errors: 2,
      firstError: 'wrong',
    });
  });

  it('of rounds that are joined are those of all answers', () => {
    expect(joined([round([1, 9]), round([5], 1)], 50)).toEqual({
      latenciesMs: [1, 5, 9],
      elapsedMs: 50,
      errors: 1,
      firstError: 'wrong',
    });
  });

  it('name a value that was measured', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0, 0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 95, 99, 100]);
    expect(percentile([], 0.5)).toBeNaN();
  });
});
