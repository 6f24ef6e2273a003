/** Process plumbing, a closed list: see README.md before adding to it. */
export {
  ConfigError,
  booleanVariable,
  durationVariable,
  httpUrlVariable,
  logLevelVariable,
  networksVariable,
  portVariable,
  readConfig,
  redisUrlVariable,
  secretVariable,
  webhookUrlVariable,
  wholeNumberVariable,
} from './config.ts';
export { DataDirError, isDataDirLocked, lockDataDir, openDataDir } from './data-dir.ts';
export type { DataDirLock } from './data-dir.ts';
export { keepRedis, startEmbeddedRedis } from './embedded-redis.ts';
export type { EmbeddedRedis, EmbeddedRedisOptions } from './embedded-redis.ts';
export { LOG_LEVELS, createLogger } from './logger.ts';
export type { LogLevel, Logger } from './logger.ts';
export { createMetrics } from './metrics.ts';
export type { Metrics } from './metrics.ts';
export { startOps } from './ops-server.ts';
export type { OpsOptions, OpsServer } from './ops-server.ts';
export { NoRedisError, provideRedis } from './redis-binary.ts';
export type { RedisBinary } from './redis-binary.ts';
export { checkRedis, connectRedis, infoFields, redisOptions } from './redis-connection.ts';
export type { RedisProblem, RedisPurpose } from './redis-connection.ts';
export { loadSecret, runProcess, secretProblems } from './process.ts';
export type { SecretSource } from './process.ts';
export { readRunFile, removeRunFile, writeRunFile } from './run-file.ts';
export type { RunFile } from './run-file.ts';
export { readOrCreateSecret } from './secret-file.ts';
export { announcePorts, bindToParent, onShutdown } from './shutdown.ts';
export type { Shutdown, ShutdownOptions, ShutdownStep } from './shutdown.ts';
export { spawnNode } from './spawn-node.ts';
export type { NodeChild, SpawnNodeOptions } from './spawn-node.ts';
export { supervise } from './supervise.ts';
export type { Child, Running, Supervisor, SupervisorEvent, SupervisorOptions } from './supervise.ts';
