import { describe, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { isRunning, startScript } from '../support/runtime-process.ts';

async function startStubborn(deadlineMs: number) {
  const stubborn = startScript('runtime-stubborn', String(deadlineMs));
  await stubborn.line({ kind: 'running' });
  return stubborn;
}

describe('a shutdown that does not finish', () => {
  it('is ended by its deadline, with exit code 1', async () => {
    const stubborn = await startStubborn(200);
    expect(await stubborn.kill('SIGTERM')).toBe(1);
  });

  it('is ended by a second signal, but not by the same one delivered several times', async () => {
    const stubborn = await startStubborn(60_000);
    const firstAt = performance.now();
    const ended = stubborn.kill('SIGTERM');
    await until('it to end', () => {
      if (!isRunning(stubborn.pid)) return true;
      process.kill(stubborn.pid, 'SIGTERM');
      return false;
    });
    expect(await ended).toBe(1);
    expect(performance.now() - firstAt).toBeGreaterThan(900);
  });
});
