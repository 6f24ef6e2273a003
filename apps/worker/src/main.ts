/** The worker process: configuration, work, shutdown. */
import { openConnections, parseSecret } from '@fresh-scim/connections';
import { layoutProblems } from '@fresh-scim/directory';
import {
  announcePorts,
  bindToParent,
  checkRedis,
  connectRedis,
  createLogger,
  createMetrics,
  loadSecret,
  onShutdown,
  redisOptions,
  runProcess,
  startOps,
} from '@fresh-scim/runtime';
import { readWorkerConfig, type WorkerConfig } from './config.ts';
import { createWorkerMetrics } from './metrics.ts';
import { startWorker } from './worker.ts';

async function start(config: WorkerConfig): Promise<void> {
  const logger = createLogger({ name: 'worker', level: config.LOG_LEVEL });
  const redis = connectRedis(config.REDIS_URL, 'commands');
  const secret = parseSecret(await loadSecret(config));
  const connections = openConnections(redis, secret, {
    allowAnyUpstream: config.FRESH_SCIM_ALLOW_ANY_UPSTREAM,
  });
  const metrics = createMetrics();
  const worker = startWorker({
    connections,
    redis,
    queueRedis: redisOptions(config.REDIS_URL),
    concurrency: config.WORKER_CONCURRENCY,
    alertUrl: config.ALERT_WEBHOOK_URL,
    logger,
    metrics: createWorkerMetrics(metrics),
  });
  const ops = await startOps({
    host: config.OPS_HOST,
    port: config.WORKER_OPS_PORT,
    registry: metrics.registry,
    ready: async () => {
      const problems = (await checkRedis(redis)).map(({ message }) => message);
      return problems.length > 0 ? problems : layoutProblems(redis, await connections.listCached());
    },
  });
  bindToParent(
    onShutdown(
      [
        { name: 'work', run: () => worker.close() },
        { name: 'ops', run: () => ops.close() },
        { name: 'redis', run: () => redis.disconnect() },
      ],
      { logger },
    ),
  );
  announcePorts({ ops: ops.port });
  logger.info({ opsPort: ops.port }, 'working');
}

await runProcess('worker', () => start(readWorkerConfig(process.env)));
