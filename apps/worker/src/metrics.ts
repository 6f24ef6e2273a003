/** The numbers of a worker. Labels are codes and route templates, never anything of a person. */
import type { CallEvent } from '@fresh-scim/freshservice';
import type { ConsumerEvent } from '@fresh-scim/queue';
import type { Metrics } from '@fresh-scim/runtime';

export interface WorkerMetrics {
  call(event: CallEvent): void;
  event(event: ConsumerEvent): void;
}

export function createWorkerMetrics(metrics: Metrics): WorkerMetrics {
  const calls = metrics.seconds('fresh_scim_freshservice_call_seconds', 'Calls to Freshservice.', [
    'method',
    'route',
    'outcome',
  ]);
  const waits = metrics.seconds('fresh_scim_budget_wait_seconds', 'Waiting for a credit of the budget.', [
    'urgency',
  ]);
  const reconciles = metrics.seconds('fresh_scim_reconcile_seconds', 'Reconciles, by how they ended.', [
    'lane',
    'outcome',
  ]);
  const stalled = metrics.counter('fresh_scim_stalled_jobs_total', 'Jobs whose process had died.', ['lane']);
  return {
    call: ({ method, route, outcome, ms, waitedMs, urgency }) => {
      calls.observe({ method, route, outcome }, ms / 1000);
      waits.observe({ urgency }, waitedMs / 1000);
    },
    event: (event) => {
      if (event.type === 'job') {
        reconciles.observe({ lane: event.lane, outcome: event.outcome }, event.ms / 1000);
      }
      if (event.type === 'stalled') stalled.inc({ lane: event.lane });
    },
  };
}
