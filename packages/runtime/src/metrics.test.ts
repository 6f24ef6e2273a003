import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('collects what is counted, beside the metrics of Node', async () => {
    const metrics = createMetrics();
    metrics.counter('fresh_scim_calls_total', 'Calls', ['kind']).inc({ kind: 'done' }, 2);
    metrics.gauge('fresh_scim_dirty', 'Dirty keys', [], (gauge) => gauge.set(7));
    metrics.seconds('fresh_scim_call_seconds', 'Call').observe(0.2);
    const text = await metrics.registry.metrics();
    expect(text).toContain('fresh_scim_calls_total{kind="done"} 2');
    expect(text).toContain('fresh_scim_dirty 7');
    expect(text).toContain('fresh_scim_call_seconds_bucket{le="0.25"} 1');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it.each(['email', 'user_name', 'apiKey', 'token', 'externalId'])('refuses the label %s', (label) => {
    expect(() => createMetrics().counter('x_total', 'x', [label])).toThrow(TypeError);
  });
});
