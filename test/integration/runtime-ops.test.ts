import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics, startOps } from '@fresh-scim/runtime';
import type { OpsOptions, OpsServer } from '@fresh-scim/runtime';

let ops: OpsServer | undefined;
afterEach(() => ops?.close());

async function ask(path: string, options: Partial<OpsOptions>): Promise<{ status: number; text: string }> {
  ops = await startOps({ port: 0, registry: createMetrics().registry, ready: async () => [], ...options });
  const response = await fetch(`http://127.0.0.1:${ops.port}${path}`);
  return { status: response.status, text: await response.text() };
}

const never: OpsOptions['ready'] = () => new Promise(() => undefined);

describe('the ops server', () => {
  it('is alive without asking anybody', async () => {
    expect(await ask('/livez', { ready: never })).toMatchObject({ status: 200 });
  });

  it('is ready without problems', async () => {
    const { status, text } = await ask('/readyz', {});
    expect([status, JSON.parse(text)]).toEqual([200, { ready: true, problems: [] }]);
  });

  it('lists what keeps it from its work', async () => {
    const { status, text } = await ask('/readyz', { ready: async () => ['Redis does not answer'] });
    expect([status, JSON.parse(text)]).toEqual([503, { ready: false, problems: ['Redis does not answer'] }]);
  });

  it('says so within seconds when the check hangs', async () => {
    const startedAt = performance.now();
    const { status, text } = await ask('/readyz', { ready: never });
    expect(status).toBe(503);
    expect(text).toContain('took longer');
    expect(performance.now() - startedAt).toBeLessThan(60_000); // It would never be said.
  });

  it('tells the class of a failed check, never its text', async () => {
    const ready = async (): Promise<string[]> => Promise.reject(new TypeError('redis://:hunter2@cache'));
    const { status, text } = await ask('/readyz', { ready });
    expect(status).toBe(503);
    expect(text).toContain('TypeError');
    expect(text).not.toContain('hunter2');
  });

  it.runIf(process.platform === 'linux')('answers this machine as well as others', async () => {
    const { status } = await ask('/readyz', { host: '127.0.0.2' });
    expect(status).toBe(200);
    const elsewhere = await fetch(`http://127.0.0.2:${ops?.port}/livez`);
    expect(elsewhere.status).toBe(200);
  });

  it('serves metrics, those of others appended', async () => {
    const { status, text } = await ask('/metrics', { moreMetrics: async () => 'other_total 1' });
    expect(status).toBe(200);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toContain('\nother_total 1');
  });
});
