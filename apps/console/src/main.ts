// The console process: configuration, listening, shutdown.
import { openConnections, parseSecret } from '@fresh-scim/connections';
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
import type { Redis } from 'ioredis';
import { buildConsole } from './app.ts';
import { readConsoleConfig } from './config.ts';
import type { ConsoleConfig } from './config.ts';
import { readOrCreatePassword } from './password.ts';

async function start(config: ConsoleConfig): Promise<void> {
  const logger = createLogger({ name: 'console', level: config.LOG_LEVEL });
  const redis = connectRedis(config.REDIS_URL, 'commands');
  const app = await buildConsole({
    connections: openConnections(redis, parseSecret(await loadSecret(config))),
    redis,
    queueRedis: redisOptions(config.REDIS_URL),
    password: await readOrCreatePassword(config.passwordPath),
    logger,
    publicUrl: config.PUBLIC_URL,
  });
  await app.listen({ host: config.CONSOLE_HOST, port: config.CONSOLE_PORT });
  const ops = await startOps({
    host: config.OPS_HOST,
    port: config.CONSOLE_OPS_PORT,
    registry: createMetrics().registry,
    ready: () => problemsOf(redis),
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.CONSOLE_PORT;
  bindToParent(
    onShutdown(
      [
        { name: 'http', run: () => app.close() },
        { name: 'ops', run: () => ops.close() },
        { name: 'redis', run: () => redis.disconnect() },
      ],
      { logger },
    ),
  );
  announcePorts({ http: port, ops: ops.port });
  logger.info({ host: config.CONSOLE_HOST, port, opsPort: ops.port }, 'listening');
}

/** Only what keeps pages from being shown: whether Redis keeps what was acknowledged is not the console's to judge. */
async function problemsOf(redis: Redis): Promise<string[]> {
  const problems = await checkRedis(redis);
  return problems
    .filter(({ code }) => code === 'unreachable' || code === 'loading' || code === 'version')
    .map(({ message }) => message);
}

await runProcess('console', () => start(readConsoleConfig(process.env)));
