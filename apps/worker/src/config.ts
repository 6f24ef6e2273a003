/** The environment of a worker process, read in one place. */
import {
  booleanVariable,
  logLevelVariable,
  portVariable,
  readConfig,
  redisUrlVariable,
  secretVariable,
  webhookUrlVariable,
  wholeNumberVariable,
} from '@fresh-scim/runtime';
import * as z from 'zod';

const schema = z.object({
  REDIS_URL: redisUrlVariable(),
  /** Absent: the file `secret` of the data folder. */
  FRESH_SCIM_SECRET: secretVariable().optional(),
  FRESH_SCIM_DATA_DIR: z.string().optional(),
  FRESH_SCIM_ALLOW_ANY_UPSTREAM: booleanVariable(false),
  OPS_HOST: z.string().default('127.0.0.1'),
  WORKER_OPS_PORT: portVariable(9102),
  /** Normal jobs at a time in this process. */
  WORKER_CONCURRENCY: wholeNumberVariable({ fallback: 50, min: 1, max: 1000, what: 'jobs at a time' }),
  /** Where to tell that somebody is needed; absent: nowhere. */
  ALERT_WEBHOOK_URL: webhookUrlVariable().optional(),
  LOG_LEVEL: logLevelVariable(),
});

export type WorkerConfig = z.output<typeof schema>;

/** @throws {ConfigError} naming every variable that is wrong or missing */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  return readConfig(schema, env);
}
