/** Imports in a real worker: how soon they begin, whom their end wakes, and that they do not wait for each other. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { openWorker, type TestWorker } from '../support/worker.ts';

let worker: TestWorker;
beforeEach(() => {
  worker = openWorker();
});
afterEach(() => worker.close());

it('those who are created during the first import are in Freshservice soon after it', async () => {
  const { directory, sim } = await worker.add();
  for (let index = 0; index < 20; index += 1) {
    await directory.createUser({ userName: `person.${index}@larkspur.example`, active: true });
  }
  await until('the import to end', async () => (await directory.loadImport()).state === 'done');
  await until('the accounts', () => sim.state.users.all('requesters').length === 20);
});

it('those who wait for it go on when it is cancelled', async () => {
  const { directory, sim } = await worker.add();
  expect(await directory.takeImport('another process', 60_000)).toBeDefined();
  await directory.createUser({ userName: 'ines.okafor@larkspur.example', active: true });
  await until('the person to wait', async () => (await directory.status()).deferred === 1);
  await directory.cancelImport();
  await until('the account', () => sim.state.users.all('requesters').length === 1);
});

it('two connections are listed side by side', async () => {
  const first = await worker.add();
  first.sim.arm({ kind: '429', route: 'requesters.list', retryAfterSeconds: 60 });
  await until('the first one to begin', () => first.sim.log.read(0, 10).entries.length > 0);
  const second = await worker.add();
  await until('the second one', async () => (await second.directory.loadImport()).state === 'done');
  expect((await first.directory.loadImport()).state).toBe('running');
});
