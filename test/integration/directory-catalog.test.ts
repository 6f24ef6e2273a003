/** Lists of an account: shared by its connections, aged, locked, and waking who waits for a name. */
import { describe, expect, test } from 'vitest';
import { lease, openBench, person, settlement } from './directory-support.ts';

const list = { entries: [{ id: 1, name: 'Finance' }], readable: true, inDoubt: false };

describe('a list', () => {
  test('is the same for every connection of the account, and ages', async () => {
    await using first = openBench();
    await using second = openBench(first.scope.accountId, 'c2');
    expect(await first.directory.loadCatalog('departments')).toBeUndefined();
    await first.directory.storeCatalog('departments', list, true);
    const seen = await second.directory.loadCatalog('departments');
    expect(seen).toMatchObject(list);
    expect(seen?.ageMs).toBeLessThan(60_000);
    expect(await second.directory.loadCatalog('locations')).toBeUndefined();
    await first.redis.del(`${first.accountPrefix}catalog:departments`);
  });

  test('that is distrusted is old until it is read again', async () => {
    await using bench = openBench();
    await bench.directory.storeCatalog('fields', list, true);
    await bench.directory.distrustCatalog('fields');
    expect((await bench.directory.loadCatalog('fields'))?.ageMs).toBe(Infinity);
    await bench.directory.storeCatalog('fields', { ...list, inDoubt: true }, false);
    expect(await bench.directory.loadCatalog('fields')).toMatchObject({ ageMs: Infinity, inDoubt: true });
    await bench.directory.storeCatalog('fields', list, true);
    expect((await bench.directory.loadCatalog('fields'))?.ageMs).toBeLessThan(60_000);
    await bench.redis.del(`${bench.accountPrefix}catalog:fields`);
  });

  test('has one holder at a time, who notices when the time is over', async () => {
    await using bench = openBench();
    const { directory, redis, accountPrefix } = bench;
    const lock = await directory.lockCatalog('departments', 60_000);
    expect(await directory.lockCatalog('departments', 60_000)).toBeUndefined();
    expect(await lock?.extend(60_000)).toBe(true);
    await redis.del(`${accountPrefix}catalog:departments:lock`); // as time would
    const next = await directory.lockCatalog('departments', 60_000);
    expect(await lock?.extend(60_000)).toBe(false);
    await lock?.release();
    expect(await directory.lockCatalog('departments', 60_000)).toBeUndefined();
    await next?.release();
    expect(await redis.exists(`${accountPrefix}catalog:departments:lock`)).toBe(0);
  });
});

describe('keys that wait for a name', () => {
  test('look again when it is there, by way of the feed', async () => {
    await using bench = openBench();
    const { directory } = bench;
    const { key } = await directory.createUser(person('ines'));
    const awaits = [{ key: 'department:fleet', changes: '0' } as const];
    expect(await directory.settle(await lease(directory, key), settlement({ awaits }))).toBe('settled');
    expect(await directory.awaitedNames()).toEqual(['department:fleet']);
    await directory.wakeAwaiting([]);
    expect((await directory.due()).normal).toBe(0);
    await directory.wakeAwaiting(['department:fleet']);
    expect(await directory.awaitedNames()).toEqual([]);
    await directory.feed('normal', { max: 10, refeedAfterMs: 1000 });
    expect(await directory.status()).toMatchObject({ dirty: 1 });
  });
});
