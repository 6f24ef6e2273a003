// The environment of `up` and `demo`, read in one place. The children read the same variables themselves; here are
// those that decide where they listen.
import {
  booleanVariable,
  httpUrlVariable,
  portVariable,
  readConfig,
  redisUrlVariable,
  secretVariable,
} from '@fresh-scim/runtime';
import * as z from 'zod';

const schema = z.object({
  REDIS_URL: redisUrlVariable().optional(),
  FRESH_SCIM_SECRET: secretVariable().optional(),
  FRESH_SCIM_ALLOW_ANY_UPSTREAM: booleanVariable(false),
  PUBLIC_URL: httpUrlVariable().optional(),
  SCIM_HOST: z.string().default('127.0.0.1'),
  SCIM_PORT: portVariable(8080),
  OPS_HOST: z.string().default('127.0.0.1'),
  SCIM_OPS_PORT: portVariable(9101),
  WORKER_OPS_PORT: portVariable(9102),
  CONSOLE_HOST: z.string().default('127.0.0.1'),
  CONSOLE_PORT: portVariable(8081),
  CONSOLE_OPS_PORT: portVariable(9103),
});

export type UpConfig = z.output<typeof schema>;

/** @throws {ConfigError} naming every variable that is wrong */
export function readUpConfig(env: NodeJS.ProcessEnv): UpConfig {
  return readConfig(schema, env);
}
