export { createAlerts } from './alerts.ts';
export { startWorker, type Worker, type WorkerOptions } from './worker.ts';
export { createWorkerMetrics } from './metrics.ts';
