/** The environment of the scim-api process, read in one place. */
import {
  booleanVariable,
  httpUrlVariable,
  logLevelVariable,
  networksVariable,
  portVariable,
  readConfig,
  redisUrlVariable,
  secretVariable,
} from '@fresh-scim/runtime';
import * as z from 'zod';

const schema = z.object({
  REDIS_URL: redisUrlVariable(),
  /** Absent: the file `secret` of the data folder. */
  FRESH_SCIM_SECRET: secretVariable().optional(),
  FRESH_SCIM_DATA_DIR: z.string().optional(),
  FRESH_SCIM_ALLOW_ANY_UPSTREAM: booleanVariable(false),
  SCIM_HOST: z.string().default('127.0.0.1'),
  SCIM_PORT: portVariable(8080),
  OPS_HOST: z.string().default('127.0.0.1'),
  SCIM_OPS_PORT: portVariable(9101),
  /** What `meta.location` is made of; absent: the host that the request names. */
  PUBLIC_URL: httpUrlVariable().optional(),
  /** Who may say in `X-Forwarded-For` where a request comes from. */
  TRUSTED_PROXIES: networksVariable(),
  LOG_LEVEL: logLevelVariable(),
});

export type ScimApiConfig = z.output<typeof schema>;

/** @throws {ConfigError} naming every variable that is wrong or missing */
export function readScimApiConfig(env: NodeJS.ProcessEnv): ScimApiConfig {
  return readConfig(schema, env);
}
