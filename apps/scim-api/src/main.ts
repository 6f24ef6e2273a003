/** The scim-api process: configuration, listening, shutdown. */
import { openConnections, parseSecret } from '@fresh-scim/connections';
import { layoutProblems, openDirectory } from '@fresh-scim/directory';
import { createWaker } from '@fresh-scim/queue';
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
import { buildScimApi } from './app.ts';
import { readScimApiConfig, type ScimApiConfig } from './config.ts';
import { createSparseLog } from './sparse-log.ts';

/** A key that was handed to BullMQ this long ago, and is still dirty, is handed over again. */
const REFEED_MS = 15_000;

async function start(config: ScimApiConfig): Promise<void> {
  const logger = createLogger({ name: 'scim-api', level: config.LOG_LEVEL });
  const redis = connectRedis(config.REDIS_URL, 'commands');
  const secret = parseSecret(await loadSecret(config));
  const unusedTokens = createSparseLog<unknown>((err, times) =>
    logger.warn({ err, times }, 'the last use of a token was not written'),
  );
  const lostWakes = createSparseLog<unknown>((err, times) =>
    logger.warn({ err, times }, 'a wake was lost; the sweep makes it'),
  );
  const connections = openConnections(redis, secret, {
    allowAnyUpstream: config.FRESH_SCIM_ALLOW_ANY_UPSTREAM,
    onError: unusedTokens.note,
  });
  const waker = createWaker({
    redis: redisOptions(config.REDIS_URL),
    feed: (scope, lane, max) => openDirectory(redis, scope).feed(lane, { max, refeedAfterMs: REFEED_MS }),
    onError: lostWakes.note,
  });

  const metrics = createMetrics();
  const seconds = metrics.seconds('fresh_scim_request_seconds', 'Answered SCIM requests.', [
    'method',
    'route',
    'status',
  ]);
  const app = await buildScimApi({
    connections,
    redis,
    waker,
    logger,
    publicUrl: config.PUBLIC_URL,
    trustedProxies: config.TRUSTED_PROXIES,
    onRequest: ({ method, route, status, seconds: took }) =>
      seconds.observe({ method, route, status: String(status) }, took),
  });
  await app.listen({ host: config.SCIM_HOST, port: config.SCIM_PORT });
  const ops = await startOps({
    host: config.OPS_HOST,
    port: config.SCIM_OPS_PORT,
    registry: metrics.registry,
    ready: async () => {
      const problems = (await checkRedis(redis)).map(({ message }) => message);
      return problems.length > 0 ? problems : layoutProblems(redis, await connections.listCached());
    },
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.SCIM_PORT;
  bindToParent(
    onShutdown(
      [
        { name: 'http', run: () => app.close() },
        { name: 'waker', run: () => waker.close() },
        { name: 'ops', run: () => ops.close() },
        { name: 'redis', run: () => redis.disconnect() },
      ],
      { logger },
    ),
  );
  announcePorts({ http: port, ops: ops.port });
  logger.info({ host: config.SCIM_HOST, port, opsPort: ops.port }, 'listening');
}

await runProcess('scim-api', () => start(readScimApiConfig(process.env)));
