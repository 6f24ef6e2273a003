/** The environment of the scim-api process, read in one place. */
import {
  booleanVariable,
  ConfigError,
  LOG_LEVELS,
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
  SCIM_OPS_PORT: portVariable(9101),
  /** What `meta.location` is made of; absent: the host that the request names. */
  PUBLIC_URL: z
    .url({ error: 'give an http or https address, or leave it out', protocol: /^https?$/ })
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `give one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

export interface ScimApiConfig extends z.output<typeof schema> {
  /** The secret itself, or the folder that holds it. */
  readonly secretOrFolder: Uint8Array | string;
}

/** @throws {ConfigError} naming every variable that is wrong or missing */
export function readScimApiConfig(env: NodeJS.ProcessEnv): ScimApiConfig {
  const config = readConfig(schema, env);
  const secretOrFolder = config.FRESH_SCIM_SECRET ?? config.FRESH_SCIM_DATA_DIR;
  if (secretOrFolder === undefined) {
    throw new ConfigError(['FRESH_SCIM_SECRET is not set: set it, or give FRESH_SCIM_DATA_DIR']);
  }
  return { ...config, secretOrFolder };
}
